// The ratios that docs/performance.md sets goals for, each measured beside its
// baseline on one thread: what the goal benches and the regress guard share.
#ifndef NYMSTREAM_BENCH_GOAL_CASES_H_
#define NYMSTREAM_BENCH_GOAL_CASES_H_

#include <cstddef>
#include <memory>
#include <string>

#include "generate/log_generator.h"
#include "measure/engine_run.h"
#include "measure/parse_limit.h"
#include "measure/sample.h"
#include "nymstream/plan.h"

namespace nymstream {

// Policy no-ip-2024, the first `releases` of analytics (pseudonymized),
// partners (unlinked) and statistics (anonymized).
std::shared_ptr<const Plan> GoalPlan(GeneratedFormat format, int releases,
                                     bool leak_guard = true);

// Records of one kind, and the engine over them: GoalPlan, leak guard on.
class GoalCase {
 public:
  GoalCase(const LogGeneratorOptions& log, int releases, size_t bytes);

  // CPU seconds of the engine for one byte of its timed half. Aborts if a
  // record does not leave every release: then there is nothing to time.
  double SecondsPerByte();

  // The engine's bytes per second as a share of the parse limit's, both
  // measured now.
  double OfLimit();

  // The time of as many crypto_generichash calls (keyed, 16 bytes of 36) as the
  // engine makes pseudonyms, as a share of the engine's; both measured now.
  double OfHashing();

  // How often the engine, warmed up by both halves, asks for memory for one
  // record of the timed half.
  double AllocationsPerRecord();

  size_t timed_bytes() const { return sample_.timed.size(); }

 private:
  std::shared_ptr<const Plan> plan_;
  EngineSetUp engine_;
  Sample sample_;
  BatchedSample batches_;
  ParseLimit limit_;
  uint64_t pseudonyms_ = 0;  // that the last run made
};

}  // namespace nymstream

#endif  // NYMSTREAM_BENCH_GOAL_CASES_H_
