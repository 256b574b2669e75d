// Goal 1: the engine's bytes per second as a share of the parse limit's, over
// logs that repeat as real ones do. Counter `of_limit`.
#include "benchmark/benchmark.h"
#include "goal_cases.h"

namespace nymstream {
namespace {

// The timed half is beyond every cache.
constexpr size_t kBytes = 96 << 20;

void OfLimit(benchmark::State& state, GeneratedFormat format, int releases) {
  GoalCase goal({.format = format}, releases, kBytes);
  double share = 0;
  for (auto _ : state) share = goal.OfLimit();
  state.counters["of_limit"] = share;
  state.counters["allocs_per_record"] = goal.AllocationsPerRecord();
}
BENCHMARK_CAPTURE(OfLimit, nginx_one_release, GeneratedFormat::kNginxJson, 1)
    ->Iterations(1);
BENCHMARK_CAPTURE(OfLimit, nginx_two_releases, GeneratedFormat::kNginxJson, 2)
    ->Iterations(1);
BENCHMARK_CAPTURE(OfLimit, nginx_three_releases, GeneratedFormat::kNginxJson, 3)
    ->Iterations(1);
BENCHMARK_CAPTURE(OfLimit, caddy_one_release, GeneratedFormat::kCaddy, 1)
    ->Iterations(1);
BENCHMARK_CAPTURE(OfLimit, combined_one_release, GeneratedFormat::kCombined, 1)
    ->Iterations(1);

}  // namespace
}  // namespace nymstream
