// Goal: the endpoint answers as documented, and no client can keep it from
// answering or from stopping. Method: a client of plain sockets.
#include "observe/metrics_server.h"

#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace nymstream {
namespace {

using std::chrono::steady_clock;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

// A connection to 127.0.0.1.
class Client {
 public:
  explicit Client(uint16_t port)
      : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(fd_, reinterpret_cast<const sockaddr*>(&address),
                      sizeof(address)),
              0);
  }
  ~Client() { close(fd_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool Send(std::string_view bytes) {
    return send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
  }
  void WaitForAnswer() {
    char first = 0;
    EXPECT_EQ(recv(fd_, &first, 1, MSG_PEEK), 1);
  }
  // Everything until the server closes.
  std::string ReadAll() {
    std::string all;
    char part[4096];
    for (;;) {
      const ssize_t got = recv(fd_, part, sizeof(part), 0);
      if (got <= 0) return all;
      all.append(part, static_cast<size_t>(got));
    }
  }

 private:
  int fd_;
};

double SecondsSince(steady_clock::time_point start) {
  return std::chrono::duration<double>(steady_clock::now() - start).count();
}

class MetricsServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto server = MetricsServer::Start(
        {.address = "127.0.0.1:0",
         .live = [] { return std::vector<Word>(); },
         .ready =
             [this] {
               return ready_ ? std::vector<Word>()
                             : std::vector<Word>{"no_assignment", "no_key"};
             },
         .metrics = [this] { return metrics_; }});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  std::string Ask(const std::string& request) {
    Client client(server_->port());
    EXPECT_TRUE(client.Send(request));
    return client.ReadAll();
  }
  std::string Get(const std::string& path) {
    return Ask("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
  }

  std::atomic<bool> ready_ = true;
  std::string metrics_ = "up 1\n";
  std::unique_ptr<MetricsServer> server_;
};

TEST_F(MetricsServerTest, ProbesAnswerOkOrTheFailedConditions) {
  EXPECT_THAT(Get("/livez"), AllOf(StartsWith("HTTP/1.1 200 OK\r\n"),
                                   HasSubstr("\r\n\r\nok\n")));
  EXPECT_THAT(Get("/readyz"), StartsWith("HTTP/1.1 200 OK\r\n"));
  ready_ = false;
  EXPECT_THAT(Get("/readyz"),
              AllOf(StartsWith("HTTP/1.1 503 "),
                    HasSubstr("\r\n\r\nno_assignment\nno_key\n")));
  EXPECT_THAT(Get("/livez"), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(MetricsServerTest, MetricsHaveTheTypeOfThePrometheusText) {
  EXPECT_THAT(
      Get("/metrics"),
      AllOf(StartsWith("HTTP/1.1 200 OK\r\n"),
            HasSubstr(
                "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"),
            HasSubstr("\r\n\r\nup 1\n")));
}

TEST_F(MetricsServerTest, AScraperThatWantsItGetsItCompressed) {
  metrics_ = std::string(100'000, 'm');
  const std::string answer =
      Ask("GET /metrics HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("Content-Encoding: gzip\r\n"));
  EXPECT_LT(answer.size(), 5000U);
}

TEST_F(MetricsServerTest, ALargeAnswerIsWhole) {
  metrics_ = std::string(20 << 20, 'm');
  EXPECT_GT(Get("/metrics").size(), metrics_.size());
}

TEST_F(MetricsServerTest, OtherPathsAreNotFound) {
  for (const char* path : {"/", "/livez/", "/metricsx", "/../etc/passwd"}) {
    EXPECT_THAT(Get(path), StartsWith("HTTP/1.1 404 ")) << path;
  }
}

TEST_F(MetricsServerTest, OtherMethodsAreNotAllowed) {
  for (const char* method :
       {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"}) {
    EXPECT_THAT(Ask(std::string(method) + " /metrics HTTP/1.1\r\nHost: x\r\n"
                                          "Content-Length: 4\r\n\r\nbody"),
                AllOf(StartsWith("HTTP/1.1 405 "), HasSubstr("Allow: GET\r\n"),
                      Not(HasSubstr("up 1"))))
        << method;
  }
}

TEST_F(MetricsServerTest, WhatIsNoHttpIsRefused) {
  EXPECT_THAT(Ask("hello\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(Ask(std::string(10000, 'x')), Not(HasSubstr("200")));
  EXPECT_THAT(Get("/livez"), StartsWith("HTTP/1.1 200 "));
}

TEST_F(MetricsServerTest, ARequestHasABound) {
  std::string headers;
  while (headers.size() < 100'000) headers += "X-Filler: y\r\n";
  EXPECT_THAT(Ask("GET /metrics HTTP/1.1\r\n" + headers + "\r\n"),
              Not(HasSubstr("200 OK")));
  EXPECT_THAT(Get("/livez"), StartsWith("HTTP/1.1 200 "));
}

// Each range would repeat the text: 1300 times here.
TEST_F(MetricsServerTest, ManyRangesGetTheTextOnce) {
  metrics_ = std::string(10'000, 'm');
  std::string ranges = "0-";
  while (ranges.size() < 3900) ranges += ",0-";
  const std::string answer =
      Ask("GET /metrics HTTP/1.1\r\nHost: x\r\nRange: bytes=" + ranges +
          "\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 "));
  EXPECT_LT(answer.size(), 11'000U);
}

TEST_F(MetricsServerTest, AnIdleOrSlowClientIsSentAway) {
  const auto start = steady_clock::now();
  Client silent(server_->port());
  Client slow(server_->port());
  std::thread trickle([&] {
    while (slow.Send("G")) {
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
  });
  EXPECT_THAT(silent.ReadAll(), IsEmpty());
  trickle.join();
  EXPECT_LT(SecondsSince(start), 8);
}

TEST_F(MetricsServerTest, MoreClientsThanThreadsAreAllServed) {
  std::vector<std::thread> threads;
  std::atomic<int> served = 0;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 25; ++k) {
        if (Get("/metrics").find("up 1") != std::string::npos) ++served;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(served, 400);
}

TEST_F(MetricsServerTest, StopsWithinASecondWithOpenConnections) {
  Client silent(server_->port());
  Client halfway(server_->port());
  ASSERT_TRUE(
      halfway.Send("GET /livez HTTP/1.1\r\nConnection: keep-alive\r\n"));
  Client served(server_->port());
  ASSERT_TRUE(served.Send(
      "GET /livez HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n"));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  const auto start = steady_clock::now();
  server_.reset();
  EXPECT_LT(SecondsSince(start), 1);
  EXPECT_THAT(silent.ReadAll(), IsEmpty());
}

TEST_F(MetricsServerTest, AClientThatDoesNotReadDoesNotKeepItFromStopping) {
  metrics_ = std::string(32 << 20, 'm');  // more than sockets hold
  Client client(server_->port());
  ASSERT_TRUE(client.Send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"));
  client.WaitForAnswer();
  const auto start = steady_clock::now();
  server_.reset();
  EXPECT_LT(SecondsSince(start), 1);
}

TEST_F(MetricsServerTest, ThePortIsFreeAgainAfterTheStop) {
  const std::string address = "127.0.0.1:" + std::to_string(server_->port());
  EXPECT_THAT(Get("/livez"), StartsWith("HTTP/1.1 200 "));
  server_.reset();
  const auto again = MetricsServer::Start(
      {.address = address, .live = {}, .ready = {}, .metrics = {}});
  EXPECT_TRUE(again.ok()) << again.status();
}

TEST(MetricsServerStartTest, AnAddressInUseIsAnError) {
  const auto first = MetricsServer::Start(
      {.address = "127.0.0.1:0", .live = {}, .ready = {}, .metrics = {}});
  ASSERT_TRUE(first.ok()) << first.status();
  const auto second = MetricsServer::Start(
      {.address = "127.0.0.1:" + std::to_string((*first)->port()),
       .live = {},
       .ready = {},
       .metrics = {}});
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(MetricsServerStartTest, AnExceptionTellsNothingOfItself) {
  const auto server = MetricsServer::Start(
      {.address = "127.0.0.1:0",
       .live = {},
       .ready = {},
       .metrics = []() -> std::string { throw std::runtime_error("inside"); }});
  ASSERT_TRUE(server.ok()) << server.status();
  Client client((*server)->port());
  ASSERT_TRUE(client.Send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"));
  EXPECT_THAT(client.ReadAll(),
              AllOf(StartsWith("HTTP/1.1 500 "), Not(HasSubstr("inside"))));
}

// The threads of the server would otherwise run the handler of SIGTERM.
TEST(MetricsServerStartTest, ItsThreadsTakeNoSignals) {
  sigset_t during;
  sigemptyset(&during);
  const auto server = MetricsServer::Start(
      {.address = "127.0.0.1:0",
       .live =
           [&] {
             pthread_sigmask(SIG_SETMASK, nullptr, &during);
             return std::vector<Word>();
           },
       .ready = {},
       .metrics = {}});
  ASSERT_TRUE(server.ok()) << server.status();
  Client client((*server)->port());
  ASSERT_TRUE(client.Send("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"));
  EXPECT_THAT(client.ReadAll(), StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(sigismember(&during, SIGTERM), 1);
  sigset_t here;
  pthread_sigmask(SIG_SETMASK, nullptr, &here);
  EXPECT_EQ(sigismember(&here, SIGTERM), 0);
}

}  // namespace
}  // namespace nymstream
