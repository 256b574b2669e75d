// Offline replay: log files in, releases, receipts and a manifest out.
#ifndef NYMSTREAM_REPLAY_REPLAYER_H_
#define NYMSTREAM_REPLAY_REPLAYER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "nymstream/deidentifier.h"
#include "nymstream/plan.h"
#include "nymstream/verdict.h"
#include "observe/clock.h"
#include "observe/progress.h"
#include "replay/replay_document.h"

namespace nymstream {

struct ReplayOptions {
  // Files, folders (every file below, in byte order of the paths) and "-" for
  // stdin, at most once. Plain, gzip or zstd by content.
  std::vector<std::string> inputs;
  // Made if it is not there. Never inside an input folder, nor around one.
  std::string out_dir;
  // Deidentifiers that work at once, each on a thread; 1 to kJobsMax. The
  // bytes written don't depend on it.
  int jobs = 1;
  // Goes on from the checkpoint in `out_dir`, if there is one.
  bool resume = false;
  // Decides retention; without it, the time at which the replay first began.
  std::optional<int64_t> as_of;

  std::shared_ptr<const Plan> plan;
  // What each Deidentifier gets; `as_of` and `sealer` in it are not read.
  DeidentifierOptions deidentifier;
  // Called once for each job, since a sealer serves one thread. Empty: receipts
  // only.
  std::function<absl::StatusOr<std::shared_ptr<RecordSealer>>()> make_sealer;
  // Documents and databases in use. Subject lists and key epochs are added by
  // Replay().
  std::vector<ReplayDocument> documents;
  std::string version;  // of the program, for manifest and checkpoint

  Clock clock = SystemClock();
  Progress* progress = nullptr;  // borrowed; null: none
  // Set by a signal handler to stop at a checkpoint; borrowed, may be null.
  const std::atomic<bool>* stop = nullptr;
  // Input bytes (decompressed) between checkpoints: what a kill costs at most.
  uint64_t checkpoint_bytes = 64 << 20;
};

inline constexpr int kJobsMax = 64;

struct ReplaySummary {
  Counters counters;
  // Quarantined over received records; 0 without records.
  double quarantine_ratio = 0;
  // True if it is above limits.quarantine_ratio_max of the plan.
  bool quarantine_ratio_exceeded = false;
  int64_t as_of = 0;        // what retention was judged by, unix seconds
  int64_t duration_ns = 0;  // over all sessions of a resumed replay
};

// Reads every input once and writes `out_dir`: `<release>.ndjson` (or `.log`
// for combined lines), `quarantine.ndjson`, `quarantine.sealed` if a sealer is
// given, each as `.part` until all is done, and `manifest.json` last. An
// `out_dir` with a manifest is a finished one. docs/replay.md describes the
// files.
//
// Errors name the file and what to do, never a record:
//   kInvalidArgument     an option is wrong (no input, out_dir inside an input)
//   kFailedPrecondition  out_dir holds something else, or can't be resumed
//   kCancelled           stopped by `stop`, at a checkpoint; resume goes on
//   kNotFound, kPermissionDenied, kDataLoss (corrupt compressed data),
//   kAborted (an input changed while it was read), kResourceExhausted (disk
//   full), kUnavailable (another input or output error); after these, too,
//   resume goes on once the cause is gone.
//
// Memory is bounded whatever the input: about 64 MiB, plus `memo_bytes` a job
// (lowered so that all jobs together stay below 64 MiB), plus the window of a
// zstd input (at most 128 MiB).
absl::StatusOr<ReplaySummary> Replay(const ReplayOptions& options);

}  // namespace nymstream

#endif  // NYMSTREAM_REPLAY_REPLAYER_H_
