// Goal 2: where nothing repeats no memo helps. Counter `of_hashing`: the time
// of as many bare keyed hashes as there are pseudonyms, as a share of the
// engine's.
#include "benchmark/benchmark.h"
#include "goal_cases.h"

namespace nymstream {
namespace {

constexpr size_t kBytes = 64 << 20;

void OfHashing(benchmark::State& state, GeneratedFormat format) {
  GoalCase goal({.format = format, .traffic = Traffic::kNothingRepeats}, 1,
                kBytes);
  double share = 0;
  for (auto _ : state) share = goal.OfHashing();
  state.counters["of_hashing"] = share;
  state.counters["allocs_per_record"] = goal.AllocationsPerRecord();
}
BENCHMARK_CAPTURE(OfHashing, nginx, GeneratedFormat::kNginxJson)->Iterations(1);
BENCHMARK_CAPTURE(OfHashing, caddy, GeneratedFormat::kCaddy)->Iterations(1);
BENCHMARK_CAPTURE(OfHashing, combined, GeneratedFormat::kCombined)
    ->Iterations(1);

}  // namespace
}  // namespace nymstream
