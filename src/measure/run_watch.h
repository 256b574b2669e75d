// Looks on while this process moves the records of a topic.
#ifndef NYMSTREAM_MEASURE_RUN_WATCH_H_
#define NYMSTREAM_MEASURE_RUN_WATCH_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "measure/rounds.h"

namespace nymstream {

// How far the work has come.
struct Seen {
  bool begun = false;      // it has taken a record
  uint64_t committed = 0;  // records
};

// From the first record taken to the last one committed, but for `cpu_seconds`
// and `peak_bytes`, which are the process's since it began.
struct MovedRun {
  double seconds = 0;
  double cpu_seconds = 0;
  uint64_t peak_bytes = 0;  // resident
  struct Commit {
    double seconds = 0;
    uint64_t records = 0;  // committed so far
  };
  std::vector<Commit> commits;
};

struct WatchOptions {
  uint64_t records = 0;  // all of them
  std::function<Seen()> look;
  const std::atomic<bool>* stop = nullptr;   // asked for by the user
  const std::atomic<bool>* ended = nullptr;  // the work ended by itself
  int stall_seconds = 60;
};

// Returns when all records are committed. kCancelled after a stop, kAborted if
// the work ended before; kUnavailable if it stands still.
absl::StatusOr<MovedRun> WatchRun(const WatchOptions& options);

struct SpeedAt {
  double seconds = 0;
  Spread records_per_second;
};
// Speed in each of some equal steps of time, over those of `runs` that lasted
// so long; within a run commits count as evenly spread. Empty without runs.
std::vector<SpeedAt> SpeedOverTime(const std::vector<MovedRun>& runs);

}  // namespace nymstream

#endif  // NYMSTREAM_MEASURE_RUN_WATCH_H_
