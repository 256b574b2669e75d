// Both stages of the parse of a record, beside simdjson's first stage alone.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "benchmark/benchmark.h"
#include "generate/log_generator.h"
#include "goal_cases.h"
#include "nymstream/batch.h"
#include "record/json_parser.h"
#include "record/path_matcher.h"
#include "simdjson.h"
#include "support/allocation_counter.h"

namespace nymstream {
namespace {

constexpr int kRecords = 1000;

struct Log {
  explicit Log(GeneratedFormat format) {
    LogGenerator generator({.format = format});
    for (int i = 0; i < kRecords; ++i) generator.AppendRecord(&text);
    const size_t size = text.size();
    text.resize(size + kRawPadding, ' ');
    for (size_t at = 0; at < size;) {
      const size_t end = text.find('\n', at);
      lines.push_back(std::string_view(text).substr(at, end - at));
      at = end + 1;
    }
  }
  std::string text;
  std::vector<std::string_view> lines;
};

void Parse(benchmark::State& state, GeneratedFormat format) {
  const auto plan = GoalPlan(format, 1);
  PathMatcher matcher(plan->fields);
  JsonParser parser(&matcher, plan->limits.depth_max);
  const Log log(format);
  ParsedRecord record;
  for (const std::string_view line : log.lines) {
    if (parser.Parse(line, &record).has_value() ||
        record.elements.size() < 10) {
      state.SkipWithError("a record was not parsed");
      return;
    }
  }
  const auto work = [&] {
    for (const std::string_view line : log.lines) {
      benchmark::DoNotOptimize(parser.Parse(line, &record));
    }
  };
  for (auto _ : state) work();
  state.counters["allocs_per_record"] = AllocationsPerItem(kRecords, work);
  state.SetItemsProcessed(state.iterations() * kRecords);
  state.SetBytesProcessed(state.iterations() *
                          static_cast<int64_t>(log.text.size()));
}

void BM_ParseNginx(benchmark::State& state) {
  Parse(state, GeneratedFormat::kNginxJson);
}
BENCHMARK(BM_ParseNginx);

void BM_ParseCaddy(benchmark::State& state) {
  Parse(state, GeneratedFormat::kCaddy);
}
BENCHMARK(BM_ParseCaddy);

void BM_FirstStageNginx(benchmark::State& state) {
  const Log log(GeneratedFormat::kNginxJson);
  std::unique_ptr<simdjson::internal::dom_parser_implementation> stage1;
  constexpr size_t kCapacity = 16 * 1024;
  const auto made =
      simdjson::get_active_implementation()->create_dom_parser_implementation(
          kCapacity, 1, stage1);
  if (made != simdjson::SUCCESS) {
    state.SkipWithError("simdjson made no parser");
    return;
  }
  for (auto _ : state) {
    for (const std::string_view line : log.lines) {
      const auto error =
          stage1->stage1(reinterpret_cast<const uint8_t*>(line.data()),
                         line.size(), simdjson::stage1_mode::regular);
      if (error != simdjson::SUCCESS) {
        state.SkipWithError("a record has no structural index");
        break;
      }
    }
  }
  state.SetItemsProcessed(state.iterations() * kRecords);
  state.SetBytesProcessed(state.iterations() *
                          static_cast<int64_t>(log.text.size()));
}
BENCHMARK(BM_FirstStageNginx);

}  // namespace
}  // namespace nymstream
