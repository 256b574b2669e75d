// Goal 7: what comes before the first record, besides the start of the process:
// documents read and compiled, and an engine made of the plan.
#include <memory>
#include <string>
#include <utility>

#include "benchmark/benchmark.h"
#include "files/pipeline_loader.h"
#include "goal_cases.h"
#include "nymstream/deidentifier.h"
#include "support/engine_harness.h"

namespace nymstream {
namespace {

// From the root of the source tree, where bench/run starts its programs.
const std::string kPipeline = "config/pipelines/nginx-no-ip-2024.yaml";

void CompilePipeline(benchmark::State& state) {
  for (auto _ : state) {
    Diagnostics findings;
    const auto loaded = LoadPipeline(kPipeline, &findings);
    if (!loaded.has_value()) return state.SkipWithError("not compiled");
  }
}
BENCHMARK(CompilePipeline)->Unit(benchmark::kMillisecond);

void MakeEngine(benchmark::State& state) {
  const std::shared_ptr<const Plan> plan =
      GoalPlan(GeneratedFormat::kNginxJson, 2);
  for (auto _ : state) {
    DeidentifierOptions options;
    options.keyring = TestKeyring();
    options.as_of = kTestDay;
    const auto engine = Deidentifier::Create(plan, std::move(options));
    if (!engine.ok()) return state.SkipWithError("not made");
  }
}
BENCHMARK(MakeEngine)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace nymstream
