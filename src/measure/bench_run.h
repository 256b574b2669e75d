// Measures what a pipeline costs on given records.
#ifndef NYMSTREAM_MEASURE_BENCH_RUN_H_
#define NYMSTREAM_MEASURE_BENCH_RUN_H_

#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "measure/bench_report.h"
#include "measure/engine_run.h"
#include "measure/sample.h"
#include "nymstream/plan.h"

namespace nymstream {

struct BenchOptions {
  std::shared_ptr<const Plan> plan;
  EngineSetUp engine;
  int rounds = 5;
  // Each run of the engine, of the parse limit, goes over at least so many
  // bytes, so that clocks and interrupts weigh little.
  size_t engine_bytes = 2 << 20;
  size_t limit_bytes = 64 << 20;
  // Called after every run with how much of all is done.
  std::function<void(uint64_t done_bytes, uint64_t all_bytes)> progress;
};

// Runs the parse limit, the engine, the engine without its leak guard, each
// release alone, and the engine without each treatment and field, in turn, on
// the calling thread, and fills in stages, costs, counts and moments of a
// report; the rest is the caller's. Errors as in RunEngine;
// kFailedPrecondition if no record leaves any release, since its figures would
// tell nothing.
//
// Memory: the sample three times, and one Deidentifier at a time.
absl::StatusOr<BenchReport> RunBench(const BenchOptions& options,
                                     const Sample& sample);

}  // namespace nymstream

#endif  // NYMSTREAM_MEASURE_BENCH_RUN_H_
