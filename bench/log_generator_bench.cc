// The generator must never be the limit of what reads from it: above 1 GB/s.
#include <cstdint>
#include <string>

#include "benchmark/benchmark.h"
#include "generate/log_generator.h"

namespace nymstream {
namespace {

void Generate(benchmark::State& state, GeneratedFormat format,
              Traffic traffic) {
  LogGenerator generator({.format = format, .traffic = traffic});
  constexpr size_t kBytes = 1 << 20;
  std::string log;
  int64_t bytes = 0;
  for (auto _ : state) {
    log.clear();
    while (log.size() < kBytes) generator.AppendRecord(&log);
    bytes += static_cast<int64_t>(log.size());
    benchmark::DoNotOptimize(log.data());
  }
  state.SetBytesProcessed(bytes);
}
BENCHMARK_CAPTURE(Generate, nginx, GeneratedFormat::kNginxJson,
                  Traffic::kRealistic);
BENCHMARK_CAPTURE(Generate, nginx_nothing_repeats, GeneratedFormat::kNginxJson,
                  Traffic::kNothingRepeats);
BENCHMARK_CAPTURE(Generate, caddy, GeneratedFormat::kCaddy,
                  Traffic::kRealistic);
BENCHMARK_CAPTURE(Generate, combined, GeneratedFormat::kCombined,
                  Traffic::kRealistic);

}  // namespace
}  // namespace nymstream
