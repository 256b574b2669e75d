// A line on a terminal that says how far a long command has come.
#ifndef NYMSTREAM_OBSERVE_PROGRESS_H_
#define NYMSTREAM_OBSERVE_PROGRESS_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "observe/clock.h"

namespace nymstream {

struct ProgressState {
  uint64_t bytes_done = 0;            // of the input, as stored
  std::optional<uint64_t> bytes_all;  // unknown for a stream
  uint64_t records = 0;
};

// The line for `state` in at most `columns` columns, ASCII without a newline:
//   " 42% [=====>      ] 1.2 GiB of 2.9 GiB  310 MiB/s  1,234,567 records  0:05
//   left"
// `started` is what was done already when `elapsed_ns` began (a resumed run).
std::string ProgressLine(const ProgressState& state, uint64_t bytes_started,
                         int64_t elapsed_ns, int columns);

// Writes to `fd` if it is a terminal, at most ten times a second, and nothing
// otherwise. A failed write is no error: progress is not the work. One thread
// at a time per object.
class Progress {
 public:
  // `fd` is borrowed and must outlive the object.
  Progress(int fd, Clock clock);
  // Removes the line.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // The first call starts the clock.
  void Show(const ProgressState& state);

 private:
  int fd_;
  Clock clock_;
  bool on_terminal_;
  bool shown_ = false;
  std::optional<int64_t> started_ns_;
  int64_t last_ns_ = 0;
  uint64_t bytes_started_ = 0;
};

}  // namespace nymstream

#endif  // NYMSTREAM_OBSERVE_PROGRESS_H_
