// Free text as logs hold it. Counter `of_memchr`: time that one memchr for a
// byte that is not there needs for the same bytes, as a share of ours.
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "baseline.h"
#include "benchmark/benchmark.h"
#include "support/allocation_counter.h"
#include "treatment/free_text.h"

namespace nymstream {
namespace {

constexpr int kRounds = 50;
constexpr size_t kCopies = 2000;

struct Sample {
  std::string_view text;
  size_t edits;  // that it must give
};

// Words without a digit: the first pass decides.
constexpr Sample kProse = {
    "upstream timed out while reading response header from upstream, client "
    "gone, server example.com, request finished after retry, host backend",
    0};
constexpr Sample kPlain = {
    "2026/11/24 10:11:12 [error] 1234#1234: *98765 open() "
    "\"/var/www/html/favicon.ico\" failed (2: No such file or directory)",
    0};
constexpr Sample kIdentifiers = {
    "login of ada@example.com from 192.0.2.1:51234 via 2001:db8::1 with token "
    "abc, trace 0123456789abcdef0123456789abcdef, phone +12025550123",
    5};
constexpr Sample kEncoded = {
    "next=https%3A%2F%2Fexample.com%2Fu%2Fada%40example.com%3Fa%3D1%26b%3D2 "
    "for 192%2E0%2E2%2E1",
    2};

void FindIn(const Sample& sample, benchmark::State& state) {
  EditList edits;
  FindIdentifiers(sample.text, &edits);
  if (edits.size() != sample.edits) return state.SkipWithError("wrong edits");
  const std::vector<std::string> texts(kCopies, std::string(sample.text));
  const double memchr_seconds = BestSeconds(kRounds, [&] {
    for (const std::string& text : texts) {
      benchmark::DoNotOptimize(std::memchr(text.data(), '\x01', text.size()));
    }
  });
  const auto work = [&] {
    for (const std::string& text : texts) {
      edits.clear();
      FindIdentifiers(text, &edits);
      benchmark::DoNotOptimize(edits.data());
    }
  };
  const double seconds = BestSeconds(kRounds, work);
  for (auto _ : state) work();
  state.SetBytesProcessed(state.iterations() *
                          static_cast<int64_t>(kCopies * sample.text.size()));
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kCopies));
  state.counters["allocs_per_item"] = AllocationsPerItem(kCopies, work);
  state.counters["of_memchr"] = memchr_seconds / seconds;
}

void BM_Prose(benchmark::State& state) { FindIn(kProse, state); }
void BM_PlainErrorLine(benchmark::State& state) { FindIn(kPlain, state); }
void BM_Identifiers(benchmark::State& state) { FindIn(kIdentifiers, state); }
void BM_PercentEncoded(benchmark::State& state) { FindIn(kEncoded, state); }
BENCHMARK(BM_Prose);
BENCHMARK(BM_PlainErrorLine);
BENCHMARK(BM_Identifiers);
BENCHMARK(BM_PercentEncoded);

}  // namespace
}  // namespace nymstream
