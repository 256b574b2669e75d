// The HTTP endpoint of the running stage: /livez, /readyz, /metrics.
#ifndef NYMSTREAM_OBSERVE_METRICS_SERVER_H_
#define NYMSTREAM_OBSERVE_METRICS_SERVER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "observe/word.h"

namespace nymstream {

// Names of the conditions that do not hold; empty: all is well.
//   [&] { return lane.stuck() ? std::vector<Word>{"lane_stuck"}
//                             : std::vector<Word>{}; }
using Probe = std::function<std::vector<Word>()>;

// Called on the threads of the server, several at a time; must not throw, and
// must return soon: each caller holds one of few threads.
struct MetricsServerOptions {
  // "host:port": "127.0.0.1:9464", "[::1]:9464", ":9464" for every interface,
  // "localhost:0" for any free port.
  std::string address;
  Probe live;
  Probe ready;
  std::function<std::string()> metrics;  // Prometheus text
};

// Answers GET /livez and /readyz with 200 "ok" or with 503 and the failed
// conditions, one a line; GET /metrics with 200; other paths with 404, other
// methods with 405.
//
// Bounded: 4 threads, one request a connection ("Connection: close"), 4096
//   bytes a request, 5 s from connect to the last byte.
// Lifetime: what the functions use must outlive the server.
// Signals: its threads take none; SIGPIPE is ignored in the whole process from
//   Start() on.
class MetricsServer {
 public:
  // Listens when it returns. kInvalidArgument: malformed address or unknown
  // host; kFailedPrecondition: the address is in use, not of this machine, or
  // not allowed. The message says what to do.
  static absl::StatusOr<std::unique_ptr<MetricsServer>> Start(
      MetricsServerOptions options);

  // Stops within a second, whatever connections are open (and as soon as
  // functions in progress return).
  ~MetricsServer();
  MetricsServer(const MetricsServer&) = delete;
  MetricsServer& operator=(const MetricsServer&) = delete;

  // The port that it listens on.
  uint16_t port() const;

 private:
  class Impl;
  explicit MetricsServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_OBSERVE_METRICS_SERVER_H_
