#include "goal_cases.h"

#include <sodium.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "measure/rounds.h"
#include "support/allocation_counter.h"
#include "support/engine_harness.h"

namespace nymstream {
namespace {

constexpr std::array<std::string_view, 3> kReleases = {
    "  - {name: analytics, use: analytics.reporting, audience: internal, "
    "level: pseudonymized, epoch: P30D}\n",
    "  - {name: partners, use: marketing.advertising.third_party, audience: "
    "third_party, level: unlinked_pseudonymized, epoch: P1D}\n",
    "  - {name: statistics, use: analytics.reporting, audience: third_party, "
    "level: anonymized}\n"};

// So often the parse limit runs, since it is so quick.
constexpr int kLimitPasses = 8;

std::string SchemaOf(GeneratedFormat format) {
  switch (format) {
    case GeneratedFormat::kNginxJson:
      return "nginx-json";
    case GeneratedFormat::kCaddy:
      return "caddy";
    case GeneratedFormat::kCombined:
      return "combined";
  }
  NYM_CHECK(false);
}

Sample SampleOf(const LogGeneratorOptions& log, size_t bytes) {
  LogGenerator generator(log);
  std::string text;
  while (text.size() < bytes) generator.AppendRecord(&text);
  return CutSample(std::move(text));
}

double HashingSeconds(uint64_t values) {
  std::array<unsigned char, 32> key{};
  std::array<unsigned char, 36> value{};
  std::array<unsigned char, 16> hash{};
  const double begin = ThreadCpuSeconds();
  for (uint64_t i = 0; i < values; ++i) {
    value[i % value.size()] = hash[0];
    crypto_generichash(hash.data(), hash.size(), value.data(), value.size(),
                       key.data(), key.size());
  }
  return ThreadCpuSeconds() - begin;
}

}  // namespace

std::shared_ptr<const Plan> GoalPlan(GeneratedFormat format, int releases,
                                     bool leak_guard) {
  const std::string schema = SchemaOf(format);
  std::string pipeline =
      absl::StrCat("pipeline: bench\nschema: ", schema,
                   "\npolicy: no-ip-2024\nkeys: {keyring: keyring}\n"
                   "leak_guard: ",
                   leak_guard ? "true" : "false", "\nreleases:\n");
  for (int i = 0; i < releases; ++i) {
    pipeline += kReleases[static_cast<size_t>(i)];
  }
  return MakePlan(pipeline, ShippedText("policies/no-ip-2024"),
                  ShippedText("schemas/" + schema));
}

GoalCase::GoalCase(const LogGeneratorOptions& log, int releases, size_t bytes)
    : plan_(GoalPlan(log.format, releases)),
      sample_(SampleOf(log, bytes)),
      batches_(sample_, plan_->limits),
      limit_(plan_->format, sample_.timed) {
  NYM_CHECK(!sample_.seen_before);
  engine_.options.keyring = TestKeyring();
  engine_.options.as_of = kTestDay;
}

double GoalCase::SecondsPerByte() {
  const absl::StatusOr<EngineResult> result =
      RunEngine(plan_, engine_, &batches_, 1);
  NYM_CHECK(result.ok());
  pseudonyms_ = 0;
  for (const ReleaseCounters& release : result->counters.releases) {
    NYM_CHECK(release.received > 0 && release.released == release.received);
    for (const auto& actions : release.fields) {
      pseudonyms_ += actions[static_cast<size_t>(FieldAction::kPseudonymized)];
    }
  }
  return result->seconds / static_cast<double>(sample_.timed.size());
}

double GoalCase::OfLimit() {
  const double engine =
      SecondsPerByte() * static_cast<double>(sample_.timed.size());
  const double begin = ThreadCpuSeconds();
  for (int i = 0; i < kLimitPasses; ++i) {
    NYM_CHECK(limit_.Run().not_walked == 0);
  }
  return (ThreadCpuSeconds() - begin) / kLimitPasses / engine;
}

double GoalCase::OfHashing() {
  const double engine =
      SecondsPerByte() * static_cast<double>(sample_.timed.size());
  NYM_CHECK(pseudonyms_ > 0);
  return HashingSeconds(pseudonyms_) / engine;
}

double GoalCase::AllocationsPerRecord() {
  EngineHarness engine(plan_, engine_.options);
  ReleasedBatch released;
  uint64_t records = 0;
  const auto process = [&](std::vector<RawBatch>& batches) {
    records = 0;
    for (RawBatch& batch : batches) {
      engine.deidentifier().Process(batch, &released);
      records += released.counters().received;
    }
  };
  process(batches_.warm_up());
  process(batches_.timed());
  return AllocationsPerItem(records, [&] { process(batches_.timed()); });
}

}  // namespace nymstream
