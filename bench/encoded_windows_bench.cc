// What a string that leaves may hold in hex or base64: made once for each new
// value.
#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "benchmark/benchmark.h"
#include "engine/encoded_windows.h"
#include "support/allocation_counter.h"

namespace nymstream {
namespace {

constexpr std::string_view kUrl =
    "/products/67535/overview?page=21&utm_source=newsletter&next=Y2xpZW50LTQy";
constexpr std::string_view kAgent =
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like "
    "Gecko) Chrome/109.0.0.0 Safari/537.36";

void Windows(benchmark::State& state, std::string_view text) {
  std::vector<uint32_t> windows;
  AddEncodedWindows(kUrl, &windows);
  // "client-42" in base64.
  if (std::find(windows.begin(), windows.end(), *WindowOf("client-42")) ==
      windows.end()) {
    state.SkipWithError("an encoded value was not found");
    return;
  }
  const auto work = [&] {
    windows.clear();
    AddEncodedWindows(text, &windows);
    benchmark::DoNotOptimize(windows.data());
  };
  for (auto _ : state) work();
  state.counters["allocs_per_item"] = AllocationsPerItem(1, work);
  state.SetBytesProcessed(state.iterations() *
                          static_cast<int64_t>(text.size()));
}

void BM_EncodedWindowsUrl(benchmark::State& state) { Windows(state, kUrl); }
BENCHMARK(BM_EncodedWindowsUrl);

void BM_EncodedWindowsAgent(benchmark::State& state) { Windows(state, kAgent); }
BENCHMARK(BM_EncodedWindowsAgent);

}  // namespace
}  // namespace nymstream
