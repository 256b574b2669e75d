#include "measure/run_watch.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/check.h"

namespace nymstream {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kLook(10);
// Steps of the longest run; none is shorter than a few commits take.
constexpr double kSteps = 30;
constexpr double kStepSecondsMin = 0.5;

double SecondsSince(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

void ReadUsage(MovedRun* run) {
  rusage usage{};
  NYM_CHECK(getrusage(RUSAGE_SELF, &usage) == 0);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) +
           static_cast<double>(time.tv_usec) * 1e-6;
  };
  run->cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  run->peak_bytes = static_cast<uint64_t>(usage.ru_maxrss) << 10;
}

// Records that `run` had committed at `seconds`.
double CommittedAt(const MovedRun& run, double seconds) {
  MovedRun::Commit before;
  for (const MovedRun::Commit& commit : run.commits) {
    if (commit.seconds >= seconds) {
      const double share =
          (seconds - before.seconds) / (commit.seconds - before.seconds);
      return static_cast<double>(before.records) +
             share * static_cast<double>(commit.records - before.records);
    }
    before = commit;
  }
  return static_cast<double>(before.records);
}

}  // namespace

absl::StatusOr<MovedRun> WatchRun(const WatchOptions& options) {
  MovedRun run;
  bool begun = false;
  Clock::time_point begin = Clock::now();
  Clock::time_point moved = begin;
  uint64_t committed = 0;
  while (committed < options.records) {
    if (*options.stop) return absl::CancelledError("stopped");
    if (*options.ended) return absl::AbortedError("ended too early");
    if (SecondsSince(moved) > options.stall_seconds) {
      return absl::UnavailableError(
          absl::StrCat("nothing was committed for ", options.stall_seconds,
                       " s; see whether the brokers are well"));
    }
    std::this_thread::sleep_for(kLook);
    const Seen seen = options.look();
    if (seen.begun && !begun) {
      begun = true;
      begin = Clock::now() - kLook;
    }
    if (seen.committed == committed) continue;
    committed = seen.committed;
    moved = Clock::now();
    run.commits.push_back({SecondsSince(begin), committed});
  }
  run.seconds = run.commits.back().seconds;
  ReadUsage(&run);
  return run;
}

std::vector<SpeedAt> SpeedOverTime(const std::vector<MovedRun>& runs) {
  double longest = 0;
  for (const MovedRun& run : runs) longest = std::max(longest, run.seconds);
  const double step = std::max(kStepSecondsMin, longest / kSteps);
  std::vector<SpeedAt> speeds;
  for (int i = 1; i * step <= longest; ++i) {
    const double end = i * step;
    std::vector<double> values;
    for (const MovedRun& run : runs) {
      if (run.seconds < end) continue;
      values.push_back((CommittedAt(run, end) - CommittedAt(run, end - step)) /
                       step);
    }
    if (!values.empty()) speeds.push_back({end, SpreadOf(std::move(values))});
  }
  return speeds;
}

}  // namespace nymstream
