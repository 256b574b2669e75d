// User agents as browsers send them. Counter `of_memchr`: time that one memchr
// for a byte that is not there needs for the same bytes, as a share of ours.
#include <array>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "baseline.h"
#include "benchmark/benchmark.h"
#include "support/allocation_counter.h"
#include "treatment/user_agent.h"

namespace nymstream {
namespace {

constexpr int kRounds = 50;
constexpr size_t kCopies = 2000;
constexpr std::string_view kAgent =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like "
    "Gecko) Chrome/120.0.0.0 Safari/537.36";

const std::vector<std::string>& Agents() {
  static const auto* const agents =
      new std::vector<std::string>(kCopies, std::string(kAgent));
  return *agents;
}

double MemchrSeconds() {
  return BestSeconds(kRounds, [] {
    for (const std::string& agent : Agents()) {
      benchmark::DoNotOptimize(std::memchr(agent.data(), '\x01', agent.size()));
    }
  });
}

template <typename Work>
void Measure(const Work& work, benchmark::State& state) {
  const auto all = [&] {
    for (const std::string& agent : Agents()) work(agent);
  };
  const double seconds = BestSeconds(kRounds, all);
  for (auto _ : state) all();
  state.SetBytesProcessed(state.iterations() *
                          static_cast<int64_t>(kCopies * kAgent.size()));
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kCopies));
  state.counters["allocs_per_item"] = AllocationsPerItem(kCopies, all);
  state.counters["of_memchr"] = MemchrSeconds() / seconds;
}

void BM_Edits(benchmark::State& state) {
  EditList edits;
  FindUserAgentEdits(kAgent, &edits);
  if (!edits.empty()) return state.SkipWithError("wrong edits");
  Measure(
      [&](std::string_view agent) {
        FindUserAgentEdits(agent, &edits);
        benchmark::DoNotOptimize(edits.data());
      },
      state);
}
BENCHMARK(BM_Edits);

void BM_Family(benchmark::State& state) {
  std::array<char, kUserAgentFamilyMax> out;
  const size_t size = WriteUserAgentFamily(kAgent, out.data());
  if (std::string_view(out.data(), size) != "Chrome 120; Windows") {
    return state.SkipWithError("wrong family");
  }
  Measure(
      [&](std::string_view agent) {
        benchmark::DoNotOptimize(WriteUserAgentFamily(agent, out.data()));
        benchmark::DoNotOptimize(out.data());
      },
      state);
}
BENCHMARK(BM_Family);

}  // namespace
}  // namespace nymstream
