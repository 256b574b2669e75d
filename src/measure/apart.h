// Work in a process of its own, so that what it costs can be told.
#ifndef NYMSTREAM_MEASURE_APART_H_
#define NYMSTREAM_MEASURE_APART_H_

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "files/descriptor.h"

namespace nymstream {

// What the child tells its parent by. Any thread, one at a time.
class Teller {
 public:
  explicit Teller(Descriptor pipe) : pipe_(std::move(pipe)) {}

  void Tell(std::string_view text) { Send('t', text); }
  // The last word: ends the process.
  [[noreturn]] void End(const absl::Status& status);

 private:
  void Send(char kind, std::string_view text);

  Descriptor pipe_;
};

struct ApartResult {
  std::vector<std::string> told;  // also by work that failed later
  absl::Status status;            // kInternal if the child ended without one
};

// Forks and calls `work` in the child; returns once that has ended. Once `stop`
// (null: never) is set, the child gets SIGTERM, and SIGKILL if it does not end
// within 15 s. The child dies with its parent. The calling process must have no
// other thread; memory that it has locked is not locked in the child.
ApartResult RunApart(const std::function<absl::Status(Teller*)>& work,
                     const std::atomic<bool>* stop);

}  // namespace nymstream

#endif  // NYMSTREAM_MEASURE_APART_H_
