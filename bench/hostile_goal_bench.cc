// Goal 3: what somebody writes into a log to make its readers slow. Counter
// `times_normal`: time for a byte as a multiple of that of realistic records.
// Counter `times_half`: the same as a multiple of that of values half as long,
// which stays near 1 where time is linear.
#include <string>

#include "absl/strings/str_cat.h"
#include "base/absl_view.h"
#include "benchmark/benchmark.h"
#include "goal_cases.h"

namespace nymstream {
namespace {

constexpr size_t kBytes = 24 << 20;

void Hostile(benchmark::State& state, GeneratedFormat format, Traffic traffic) {
  const size_t whole = HostileBytes(traffic);
  GoalCase normal({.format = format}, 1, kBytes);
  GoalCase hostile({.format = format, .traffic = traffic}, 1, kBytes);
  GoalCase half(
      {.format = format, .traffic = traffic, .hostile_bytes = whole / 2}, 1,
      kBytes);
  double times_normal = 0;
  double times_half = 0;
  for (auto _ : state) {
    const double seconds = hostile.SecondsPerByte();
    times_normal = seconds / normal.SecondsPerByte();
    times_half = seconds / half.SecondsPerByte();
  }
  state.counters["times_normal"] = times_normal;
  state.counters["times_half"] = times_half;
  state.counters["allocs_per_record"] = hostile.AllocationsPerRecord();
}

bool RegisterAll() {
  for (const auto& [name, format] :
       {std::pair("nginx", GeneratedFormat::kNginxJson),
        std::pair("combined", GeneratedFormat::kCombined)}) {
    for (int i = 0; i < kTrafficCount; ++i) {
      const auto traffic = static_cast<Traffic>(i);
      if (!IsHostile(traffic) || !CanGenerate(format, traffic)) continue;
      benchmark::RegisterBenchmark(
          absl::StrCat("Hostile/", name, "/", ToAbsl(TrafficName(traffic)))
              .c_str(),
          Hostile, format, traffic)
          ->Iterations(1);
    }
  }
  return true;
}

const bool registered = RegisterAll();

}  // namespace
}  // namespace nymstream
