#include "observe/metrics_server.h"

#include <httplib.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <exception>
#include <string_view>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "base/check.h"
#include "base/status_macros.h"
#include "files/descriptor.h"
#include "observe/bounded_connection.h"
#include "observe/listen_socket.h"

namespace nymstream {
namespace {

constexpr int kThreads = 4;
constexpr int kAcceptPauseMs = 100;
constexpr char kPlainText[] = "text/plain; charset=utf-8";
constexpr char kPrometheusText[] = "text/plain; version=0.0.4; charset=utf-8";

// What httplib reads a request from and writes its answer to.
class ConnectionStream : public httplib::Stream {
 public:
  explicit ConnectionStream(BoundedConnection* connection)
      : connection_(*connection) {}

  bool is_readable() const override { return true; }
  bool is_writable() const override { return true; }
  ssize_t read(char* to, size_t size) override {
    return connection_.Read(to, size);
  }
  ssize_t write(const char* bytes, size_t size) override {
    if (!connection_.Write(std::string_view(bytes, size))) return -1;
    return static_cast<ssize_t>(size);
  }
  // Nobody asks where a request comes from.
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  int socket() const override { return INVALID_SOCKET; }

 private:
  BoundedConnection& connection_;
};

// httplib for one request: it parses, compresses and writes; sockets, threads
// and limits are ours.
class RequestHandler : private httplib::Server {
 public:
  explicit RequestHandler(MetricsServerOptions options)
      : options_(std::move(options)) {
    set_pre_routing_handler(
        [this](const httplib::Request& request, httplib::Response& response) {
          Answer(request, &response);
          return HandlerResponse::Handled;
        });
    // By default it would tell the exception's text.
    set_exception_handler(
        [](const httplib::Request&, httplib::Response& response,
           const std::exception_ptr&) { response.status = 500; });
  }

  // Any number of threads at a time.
  void Handle(BoundedConnection* connection) {
    ConnectionStream stream(connection);
    bool closed = false;
    process_request(stream, /*close_connection=*/true, closed,
                    // A request for many ranges makes a small answer large.
                    [](httplib::Request& request) { request.ranges.clear(); });
    connection->Finish();
  }

 private:
  void Answer(const httplib::Request& request,
              httplib::Response* response) const {
    if (request.method != "GET") {
      response->status = 405;
      response->set_header("Allow", "GET");
      response->set_content("method not allowed\n", kPlainText);
    } else if (request.path == "/livez") {
      AnswerProbe(options_.live, response);
    } else if (request.path == "/readyz") {
      AnswerProbe(options_.ready, response);
    } else if (request.path == "/metrics") {
      response->set_content(options_.metrics(), kPrometheusText);
    } else {
      response->status = 404;
      response->set_content("not found\n", kPlainText);
    }
  }

  static void AnswerProbe(const Probe& probe, httplib::Response* response) {
    const std::vector<Word> failed = probe();
    std::string text = failed.empty() ? "ok\n" : "";
    for (const Word condition : failed) {
      text += condition.text();
      text += '\n';
    }
    if (!failed.empty()) response->status = 503;
    response->set_content(text, kPlainText);
  }

  const MetricsServerOptions options_;
};

// While it lives, threads that are started take no signals.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    NYM_CHECK(pthread_sigmask(SIG_SETMASK, &all, &before_) == 0);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

}  // namespace

class MetricsServer::Impl {
 public:
  Impl(Descriptor listener, Descriptor stop, MetricsServerOptions options)
      : listener_(std::move(listener)),
        stop_(std::move(stop)),
        port_(LocalPort(listener_)),
        handler_(std::move(options)) {
    const SignalsBlocked blocked;
    for (int i = 0; i < kThreads; ++i) {
      threads_.emplace_back([this] { Serve(); });
    }
  }

  ~Impl() {
    const uint64_t one = 1;
    NYM_CHECK(write(stop_.number(), &one, sizeof(one)) == sizeof(one));
    for (std::thread& thread : threads_) thread.join();
  }

  uint16_t port() const { return port_; }

 private:
  // One thread: a connection at a time, until the stop.
  void Serve() {
    for (;;) {
      pollfd waits[] = {{listener_.number(), POLLIN, 0},
                        {stop_.number(), POLLIN, 0}};
      if (poll(waits, 2, -1) < 0 && errno != EINTR) Pause();
      if (waits[1].revents != 0) return;
      Descriptor socket(accept4(listener_.number(), nullptr, nullptr,
                                SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (socket.is_open()) {
        BoundedConnection connection(std::move(socket), stop_.number());
        handler_.Handle(&connection);
      } else if (errno != EAGAIN) {
        // Out of descriptors or memory: the connection stays in the queue.
        Pause();
      }
    }
  }

  void Pause() {
    pollfd wait{stop_.number(), POLLIN, 0};
    poll(&wait, 1, kAcceptPauseMs);
  }

  const Descriptor listener_;
  const Descriptor stop_;  // readable from the stop on
  const uint16_t port_;
  RequestHandler handler_;
  std::vector<std::thread> threads_;
};

absl::StatusOr<std::unique_ptr<MetricsServer>> MetricsServer::Start(
    MetricsServerOptions options) {
  NYM_ASSIGN_OR_RETURN(Descriptor listener, Listen(options.address));
  Descriptor stop(eventfd(0, EFD_CLOEXEC));
  if (!stop.is_open()) return absl::ErrnoToStatus(errno, "no event descriptor");
  return std::unique_ptr<MetricsServer>(
      new MetricsServer(std::make_unique<Impl>(
          std::move(listener), std::move(stop), std::move(options))));
}

MetricsServer::MetricsServer(std::unique_ptr<Impl> impl)
    : impl_(std::move(impl)) {}

MetricsServer::~MetricsServer() = default;

uint16_t MetricsServer::port() const { return impl_->port(); }

}  // namespace nymstream
