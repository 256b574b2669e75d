// The whole way of a record: full policy, leak guard on, generated nginx-like
// JSON, beside a bare simdjson On-Demand walk of the same bytes in the same
// process and on one thread. Counter `of_walk`: bytes per second as a share of
// the walk's.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "baseline.h"
#include "benchmark/benchmark.h"
#include "generate/log_generator.h"
#include "goal_cases.h"
#include "measure/engine_run.h"
#include "measure/rounds.h"
#include "simdjson.h"
#include "support/allocation_counter.h"
#include "support/engine_harness.h"

namespace nymstream {
namespace {

// 75 MB: more than any cache holds, and more unique values than the memo.
constexpr int kRecords = 100000;

const std::string& Log() {
  static const std::string* const log = [] {
    LogGenerator generator({});
    auto text = new std::string;
    for (int i = 0; i < kRecords; ++i) generator.AppendRecord(text);
    text->reserve(text->size() + simdjson::SIMDJSON_PADDING);
    return text;
  }();
  return *log;
}

// Every key and every raw value of one record; what a program does that looks
// at each field and changes none.
size_t WalkObject(simdjson::ondemand::object object) {
  size_t sum = 0;
  for (auto field : object) {
    sum += field.key().raw() != nullptr;
    sum += field.value().raw_json_token().value().size();
  }
  return sum;
}

// One document for each line, as records come from Kafka and from files.
size_t Walk(simdjson::ondemand::parser& parser, const std::string& log) {
  size_t sum = 0;
  const size_t padded = log.capacity();
  for (size_t at = 0; at < log.size();) {
    const size_t end = log.find('\n', at);
    simdjson::ondemand::document document;
    if (parser.iterate(log.data() + at, end - at, padded - at).get(document))
      std::abort();
    simdjson::ondemand::object object;
    if (document.get_object().get(object)) std::abort();
    sum += WalkObject(object);
    at = end + 1;
  }
  return sum;
}

// The whole log as one stream of documents.
size_t WalkStream(simdjson::ondemand::parser& parser, const std::string& log) {
  size_t sum = 0;
  simdjson::ondemand::document_stream stream;
  if (parser.iterate_many(log.data(), log.size(), size_t{1} << 20).get(stream))
    std::abort();
  for (auto document : stream) {
    simdjson::ondemand::object object;
    if (document.get_object().get(object)) std::abort();
    sum += WalkObject(object);
  }
  return sum;
}

// Seconds of CPU for one walk, the best of several: what of_walk is measured
// against.
double WalkSeconds() {
  static const double seconds = [] {
    simdjson::ondemand::parser parser;
    parser.threaded = false;
    return BestSeconds(15,
                       [&] { benchmark::DoNotOptimize(Walk(parser, Log())); });
  }();
  return seconds;
}

void BM_OnDemandWalk(benchmark::State& state) {
  simdjson::ondemand::parser parser;
  parser.threaded = false;
  for (auto _ : state) benchmark::DoNotOptimize(Walk(parser, Log()));
  state.SetBytesProcessed(state.iterations() *
                          static_cast<int64_t>(Log().size()));
  state.SetItemsProcessed(state.iterations() * kRecords);
}
BENCHMARK(BM_OnDemandWalk);

void BM_OnDemandWalkStream(benchmark::State& state) {
  simdjson::ondemand::parser parser;
  parser.threaded = false;
  for (auto _ : state) benchmark::DoNotOptimize(WalkStream(parser, Log()));
  state.SetBytesProcessed(state.iterations() *
                          static_cast<int64_t>(Log().size()));
  state.SetItemsProcessed(state.iterations() * kRecords);
}
BENCHMARK(BM_OnDemandWalkStream);

void Deidentify(benchmark::State& state, int releases, bool leak_guard) {
  const auto plan = GoalPlan(GeneratedFormat::kNginxJson, releases, leak_guard);
  EngineHarness engine(plan);
  Sample sample;
  sample.timed = Log();
  BatchedSample batches(sample, plan->limits);
  ReleasedBatch released;
  const auto process = [&] {
    uint64_t count = 0;
    for (RawBatch& batch : batches.timed()) {
      engine.deidentifier().Process(batch, &released);
      for (const ReleaseCounters& release : released.counters().releases) {
        count += release.released;
      }
    }
    return count;
  };
  // Twice, since the memo keeps what comes for the second time.
  for (int i = 0; i < 2; ++i) {
    if (process() != uint64_t{kRecords} * static_cast<uint64_t>(releases)) {
      state.SkipWithError("not every record was released");
      return;
    }
  }
  double best = 1e9;
  for (auto _ : state) {
    const double begin = ThreadCpuSeconds();
    benchmark::DoNotOptimize(process());
    best = std::min(best, ThreadCpuSeconds() - begin);
  }
  state.counters["of_walk"] = WalkSeconds() / best;
  state.counters["allocs_per_record"] = AllocationsPerItem(kRecords, process);
  state.SetBytesProcessed(state.iterations() *
                          static_cast<int64_t>(Log().size()));
  state.SetItemsProcessed(state.iterations() * kRecords);
}

void BM_OneRelease(benchmark::State& state) { Deidentify(state, 1, true); }
BENCHMARK(BM_OneRelease)->MinTime(1);

void BM_OneReleaseUnguarded(benchmark::State& state) {
  Deidentify(state, 1, false);
}
BENCHMARK(BM_OneReleaseUnguarded)->MinTime(1);

void BM_TwoReleases(benchmark::State& state) { Deidentify(state, 2, true); }
BENCHMARK(BM_TwoReleases)->MinTime(1);

void BM_ThreeReleases(benchmark::State& state) { Deidentify(state, 3, true); }
BENCHMARK(BM_ThreeReleases)->MinTime(1);

}  // namespace
}  // namespace nymstream
