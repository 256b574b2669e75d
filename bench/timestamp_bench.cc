// Event times, one a record. Counter `of_c_library`: time that strptime and
// timegm, or strtoll for a count, need to read the same texts, as a share of
// ours; over 1 is faster.
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "baseline.h"
#include "benchmark/benchmark.h"
#include "support/allocation_counter.h"
#include "treatment/timestamp.h"

namespace nymstream {
namespace {

constexpr int kCount = 10000;
constexpr int kRounds = 20;
constexpr int64_t kFirst = 1763978400;

struct Case {
  const char* format;        // of strftime and strptime; null for a count
  const char* rest;          // after what `format` writes
  const char* truncated_to;  // the minute in the first text
};

constexpr Case kIso = {"%Y-%m-%dT%H:%M:%S", ".250+00:00",
                       "2025-11-24T10:00:00.000+00:00"};
constexpr Case kCommonLog = {"%d/%b/%Y:%H:%M:%S", " +0000",
                             "24/Nov/2025:10:00:00 +0000"};
constexpr Case kUnixSeconds = {nullptr, ".250", "1763978400"};

std::vector<std::string> Texts(const Case& form) {
  std::vector<std::string> texts;
  for (int i = 0; i < kCount; ++i) {
    const time_t time = kFirst + i;
    if (form.format == nullptr) {
      texts.push_back(std::to_string(time));
    } else {
      std::tm civil{};
      gmtime_r(&time, &civil);
      char text[64];
      texts.emplace_back(text,
                         strftime(text, sizeof(text), form.format, &civil));
    }
    texts.back() += form.rest;
  }
  return texts;
}

bool Check(benchmark::State& state, const Case& form,
           const std::vector<std::string>& texts) {
  for (int i = 0; i < kCount; ++i) {
    const auto parsed = ParseTimestamp(texts[static_cast<size_t>(i)]);
    if (!parsed || parsed->unix_seconds != kFirst + i) {
      state.SkipWithError("wrong time");
      return false;
    }
  }
  const auto parsed = ParseTimestamp(texts[0]);
  std::string out(texts[0].size(), ' ');
  out.resize(
      TruncateTimestamp(texts[0], *parsed, TimeUnit::kMinute, out.data()));
  if (out != form.truncated_to) state.SkipWithError("wrong minute");
  return out == form.truncated_to;
}

// Times `work` on all texts.
template <typename Work>
void Time(benchmark::State& state, const Case& form,
          const std::vector<std::string>& texts, const Work& work) {
  for (auto _ : state) work();
  const double baseline = BestSeconds(kRounds, [&] {
    for (const std::string& text : texts) {
      if (form.format == nullptr) {
        benchmark::DoNotOptimize(std::strtoll(text.c_str(), nullptr, 10));
        continue;
      }
      std::tm civil{};
      benchmark::DoNotOptimize(strptime(text.c_str(), form.format, &civil));
      benchmark::DoNotOptimize(timegm(&civil));
    }
  });
  state.counters["of_c_library"] = baseline / BestSeconds(kRounds, work);
  state.counters["allocs_per_item"] = AllocationsPerItem(kCount, work);
  state.SetItemsProcessed(state.iterations() * kCount);
}

void Parse(benchmark::State& state, const Case& form) {
  const std::vector<std::string> texts = Texts(form);
  if (!Check(state, form, texts)) return;
  Time(state, form, texts, [&] {
    for (const std::string& text : texts) {
      benchmark::DoNotOptimize(ParseTimestamp(text));
    }
  });
}

void Truncate(benchmark::State& state, const Case& form) {
  const std::vector<std::string> texts = Texts(form);
  if (!Check(state, form, texts)) return;
  Time(state, form, texts, [&] {
    for (const std::string& text : texts) {
      char out[64];
      const auto parsed = ParseTimestamp(text);
      benchmark::DoNotOptimize(
          TruncateTimestamp(text, *parsed, TimeUnit::kMinute, out));
      benchmark::DoNotOptimize(out);
    }
  });
}

BENCHMARK_CAPTURE(Parse, iso8601, kIso);
BENCHMARK_CAPTURE(Parse, common_log, kCommonLog);
BENCHMARK_CAPTURE(Parse, unix_seconds, kUnixSeconds);
BENCHMARK_CAPTURE(Truncate, iso8601, kIso);
BENCHMARK_CAPTURE(Truncate, common_log, kCommonLog);
BENCHMARK_CAPTURE(Truncate, unix_seconds, kUnixSeconds);

}  // namespace
}  // namespace nymstream
