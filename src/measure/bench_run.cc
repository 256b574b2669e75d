#include "measure/bench_run.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/absl_view.h"
#include "base/status_macros.h"
#include "measure/outcome.h"
#include "measure/parse_limit.h"
#include "measure/plan_variants.h"

namespace nymstream {
namespace {

int PassesFor(size_t wanted, size_t bytes) {
  return static_cast<int>((wanted + bytes - 1) / bytes);
}

std::string TreatmentsOf(const Plan& plan, size_t field) {
  std::string text;
  for (const ReleasePlan& release : plan.releases) {
    absl::StrAppend(
        &text, text.empty() ? "" : ", ",
        ToAbsl(TreatmentName(release.fields[field].spec.treatment)));
  }
  return text;
}

class BenchRun {
 public:
  BenchRun(const BenchOptions& options, const Sample& sample)
      : options_(options),
        plan_(*options.plan),
        sample_(sample),
        batches_(sample, plan_.limits),
        limit_(plan_.format, sample.timed) {}

  absl::StatusOr<BenchReport> Run();

 private:
  // Adds what is to be run; the index of its times.
  size_t AddLimit();
  size_t AddEngine(std::shared_ptr<const Plan> plan);

  absl::Status LookAtRecords();
  void AddStages();
  void AddGuard();
  void AddTreatments();
  void AddFields();

  // Called when all times are there.
  std::function<void()> Later(std::vector<BenchCost>* costs, size_t at,
                              size_t run);
  void FillStage(size_t at, size_t run);
  void FillMoments();

  double NanosecondsPerRecord(double seconds) const {
    return seconds * 1e9 / static_cast<double>(report_.timed_records);
  }

  const BenchOptions& options_;
  const Plan& plan_;
  const Sample& sample_;
  BatchedSample batches_;
  ParseLimit limit_;
  BenchReport report_;
  Counters counters_;
  std::vector<std::function<double()>> runs_;
  std::vector<std::vector<double>> times_;  // of one pass, in seconds
  std::vector<std::function<void()>> fill_;
  size_t limit_run_ = 0;
  size_t engine_run_ = 0;
  // Of the engine with all releases.
  std::vector<std::vector<EngineResult::Batch>> batches_of_rounds_;
  absl::Status status_;  // of the first run that failed
};

size_t BenchRun::AddLimit() {
  const int passes = PassesFor(options_.limit_bytes, sample_.timed.size());
  runs_.push_back([this, passes] {
    const double begin = ThreadCpuSeconds();
    for (int i = 0; i < passes; ++i) limit_.Run();
    return (ThreadCpuSeconds() - begin) / passes;
  });
  return runs_.size() - 1;
}

size_t BenchRun::AddEngine(std::shared_ptr<const Plan> plan) {
  const size_t index = runs_.size();
  runs_.push_back([this, index, plan = std::move(plan)] {
    absl::StatusOr<EngineResult> result =
        RunEngine(plan, options_.engine, &batches_, report_.passes);
    if (!result.ok()) {
      status_.Update(result.status());
      return 0.0;
    }
    if (index == engine_run_) {
      batches_of_rounds_.push_back(std::move(result->batches));
    }
    return result->seconds / report_.passes;
  });
  return index;
}

// One run that is not timed: what becomes of the records, and which fields
// they have.
absl::Status BenchRun::LookAtRecords() {
  NYM_ASSIGN_OR_RETURN(EngineResult result,
                       RunEngine(options_.plan, options_.engine, &batches_, 1));
  counters_ = std::move(result.counters);
  report_.timed_records = counters_.received;
  NYM_ASSIGN_OR_RETURN(report_.releases, OutcomeOf(plan_, counters_));
  report_.not_walked = limit_.Run().not_walked;
  return absl::OkStatus();
}

void BenchRun::FillStage(size_t at, size_t run) {
  BenchStage& stage = report_.stages[at];
  std::vector<double> speeds;
  std::vector<double> costs;
  std::vector<double> shares;
  for (size_t round = 0; round < times_[run].size(); ++round) {
    const double seconds = times_[run][round];
    speeds.push_back(static_cast<double>(report_.timed_bytes) / seconds / 1e6);
    costs.push_back(NanosecondsPerRecord(seconds));
    shares.push_back(times_[limit_run_][round] / seconds);
  }
  stage.megabytes_per_second = SpreadOf(speeds);
  stage.nanoseconds_per_record = SpreadOf(costs);
  stage.of_limit = SpreadOf(shares);
}

void BenchRun::AddStages() {
  const auto add = [&](const std::string& name, size_t run) {
    const size_t at = report_.stages.size();
    report_.stages.push_back({.name = name});
    fill_.push_back([this, at, run] { FillStage(at, run); });
  };
  limit_run_ = AddLimit();
  add(absl::StrCat("parse limit: ", limit_.name()), limit_run_);
  engine_run_ = runs_.size();
  AddEngine(options_.plan);
  add(plan_.releases.size() == 1 ? "engine" : "engine, all releases",
      engine_run_);
  if (plan_.releases.size() == 1) return;
  for (size_t i = 0; i < plan_.releases.size(); ++i) {
    add(absl::StrCat("release ", plan_.releases[i].name, " alone"),
        AddEngine(OnlyRelease(plan_, i)));
  }
}

std::function<void()> BenchRun::Later(std::vector<BenchCost>* costs, size_t at,
                                      size_t run) {
  return [this, costs, at, run] {
    std::vector<double> shares;
    std::vector<double> seconds;
    for (size_t round = 0; round < times_[run].size(); ++round) {
      const double whole = times_[engine_run_][round];
      shares.push_back((whole - times_[run][round]) / whole);
      seconds.push_back(whole - times_[run][round]);
    }
    (*costs)[at].share = SpreadOf(shares);
    (*costs)[at].nanoseconds_per_record =
        NanosecondsPerRecord(SpreadOf(seconds).median);
  };
}

void BenchRun::AddGuard() {
  if (!plan_.leak_guard) return;
  report_.guard.push_back({.name = "leak guard", .detail = "every release"});
  fill_.push_back(Later(&report_.guard, 0, AddEngine(WithoutLeakGuard(plan_))));
}

void BenchRun::AddTreatments() {
  for (int i = 0; i < kTreatmentCount; ++i) {
    const auto treatment = static_cast<Treatment>(i);
    if (treatment == Treatment::kSuppress) continue;
    int fields = 0;
    for (size_t field = 0; field < plan_.fields.size(); ++field) {
      fields += counters_.Saw(field) &&
                std::any_of(plan_.releases.begin(), plan_.releases.end(),
                            [&](const ReleasePlan& release) {
                              return release.fields[field].spec.treatment ==
                                     treatment;
                            });
    }
    if (fields == 0) continue;
    report_.treatments.push_back(
        {.name = std::string(TreatmentName(treatment)),
         .detail = absl::StrCat(fields, fields == 1 ? " field" : " fields")});
    fill_.push_back(
        Later(&report_.treatments, report_.treatments.size() - 1,
              AddEngine(WithTreatmentSuppressed(plan_, treatment))));
  }
}

void BenchRun::AddFields() {
  for (size_t i = 0; i < plan_.fields.size(); ++i) {
    if (!counters_.Saw(i)) {
      ++report_.fields_absent;
      continue;
    }
    const bool suppressed = IsSuppressedEverywhere(plan_, i);
    report_.fields.push_back({.name = plan_.fields[i].path_text,
                              .detail = TreatmentsOf(plan_, i),
                              .measured = !suppressed});
    if (suppressed) continue;
    fill_.push_back(Later(&report_.fields, report_.fields.size() - 1,
                          AddEngine(WithFieldSuppressed(plan_, i))));
  }
}

void BenchRun::FillMoments() {
  double end = 0;
  for (size_t i = 0; i < batches_of_rounds_.front().size(); ++i) {
    std::vector<double> speeds;
    std::vector<double> seconds;
    for (const std::vector<EngineResult::Batch>& round : batches_of_rounds_) {
      const EngineResult::Batch& batch = round[i];
      seconds.push_back(batch.seconds);
      speeds.push_back(static_cast<double>(batch.bytes) / batch.seconds / 1e6);
    }
    end += SpreadOf(seconds).median;
    report_.over_time.push_back({end, SpreadOf(speeds)});
  }
}

absl::StatusOr<BenchReport> BenchRun::Run() {
  report_.pipeline = plan_.pipeline_name;
  report_.policy = plan_.policy_name;
  report_.schema = plan_.schema_name;
  report_.leak_guard = plan_.leak_guard;
  report_.rounds = options_.rounds;
  report_.warm_up_bytes = sample_.warm_up.size();
  report_.timed_bytes = sample_.timed.size();
  report_.seen_before = sample_.seen_before;
  report_.passes = PassesFor(options_.engine_bytes, sample_.timed.size());
  NYM_RETURN_IF_ERROR(LookAtRecords());
  AddStages();
  AddGuard();
  AddTreatments();
  AddFields();
  uint64_t done = 0;
  const uint64_t all = runs_.size() * static_cast<uint64_t>(options_.rounds);
  const uint64_t bytes = report_.warm_up_bytes + report_.timed_bytes;
  times_ = RunInTurn(runs_, options_.rounds, [&] {
    if (options_.progress) {
      options_.progress(++done * bytes, all * bytes);
    }
  });
  NYM_RETURN_IF_ERROR(status_);
  for (const auto& fill : fill_) fill();
  FillMoments();
  return std::move(report_);
}

}  // namespace

absl::StatusOr<BenchReport> RunBench(const BenchOptions& options,
                                     const Sample& sample) {
  return BenchRun(options, sample).Run();
}

}  // namespace nymstream
