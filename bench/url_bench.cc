// URLs as access logs hold them. Counter `of_memcpy`: time that a copy of the
// same bytes needs, as a share of ours.
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "baseline.h"
#include "benchmark/benchmark.h"
#include "support/allocation_counter.h"
#include "treatment/url.h"

namespace nymstream {
namespace {

constexpr int kRounds = 50;
constexpr size_t kCopies = 2000;

struct Sample {
  std::string_view url;
  size_t edits;  // that it must give
};

constexpr Sample kPath = {"/catalogue/shoes/summer/sandals-white-38/reviews",
                          0};
constexpr Sample kQuery = {
    "/search?q=white+sandals&page=2&sort=price&token=abc123def456", 3};
constexpr Sample kReferer = {
    "https://www.example.com/catalogue/shoes/?utm_source=mail&utm_campaign=may",
    1};

void EditOf(const Sample& sample, benchmark::State& state) {
  const std::vector<std::string> keep = {"page", "utm_source"};
  EditList edits;
  const auto find = [&](std::string_view url) {
    edits.clear();
    FindUrlEdits(url, UrlTreatment::kRedactParameters, keep, &edits);
    benchmark::DoNotOptimize(edits.data());
  };
  find(sample.url);
  if (edits.size() != sample.edits) return state.SkipWithError("wrong edits");
  const std::vector<std::string> urls(kCopies, std::string(sample.url));
  std::vector<char> copy(sample.url.size());
  const double memcpy_seconds = BestSeconds(kRounds, [&] {
    for (const std::string& url : urls) {
      std::memcpy(copy.data(), url.data(), url.size());
      benchmark::DoNotOptimize(copy.data());
      benchmark::ClobberMemory();
    }
  });
  const auto work = [&] {
    for (const std::string& url : urls) find(url);
  };
  const double seconds = BestSeconds(kRounds, work);
  for (auto _ : state) work();
  state.SetBytesProcessed(state.iterations() *
                          static_cast<int64_t>(kCopies * sample.url.size()));
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kCopies));
  state.counters["allocs_per_item"] = AllocationsPerItem(kCopies, work);
  state.counters["of_memcpy"] = memcpy_seconds / seconds;
}

void BM_Path(benchmark::State& state) { EditOf(kPath, state); }
void BM_Query(benchmark::State& state) { EditOf(kQuery, state); }
void BM_Referer(benchmark::State& state) { EditOf(kReferer, state); }
BENCHMARK(BM_Path);
BENCHMARK(BM_Query);
BENCHMARK(BM_Referer);

}  // namespace
}  // namespace nymstream
