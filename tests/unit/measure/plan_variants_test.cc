// Goal: each variant differs in one thing and leaves the pipeline's plan alone.
#include "measure/plan_variants.h"

#include <string_view>

#include "bench_pipeline.h"
#include "gtest/gtest.h"

namespace nymstream {
namespace {

size_t FieldNamed(const Plan& plan, std::string_view name) {
  for (size_t i = 0; i < plan.fields.size(); ++i) {
    if (plan.fields[i].path_text == name) return i;
  }
  ADD_FAILURE() << name;
  return 0;
}

Treatment TreatmentOf(const Plan& plan, size_t release, size_t field) {
  return plan.releases[release].fields[field].spec.treatment;
}

TEST(PlanVariantsTest, TheGuardAloneIsOff) {
  const auto plan = BenchPlan();
  EXPECT_TRUE(plan->leak_guard);
  EXPECT_FALSE(WithoutLeakGuard(*plan)->leak_guard);
  EXPECT_EQ(WithoutLeakGuard(*plan)->releases.size(), 2u);
}

TEST(PlanVariantsTest, OneReleaseIsLeft) {
  const auto plan = BenchPlan();
  const auto variant = OnlyRelease(*plan, 1);
  ASSERT_EQ(variant->releases.size(), 1u);
  EXPECT_EQ(variant->releases[0].name, "statistics");
}

TEST(PlanVariantsTest, AFieldIsSuppressedInEveryRelease) {
  const auto plan = BenchPlan();
  const size_t uri = FieldNamed(*plan, "request_uri");
  const size_t status = FieldNamed(*plan, "status");
  EXPECT_FALSE(IsSuppressedEverywhere(*plan, uri));
  const auto variant = WithFieldSuppressed(*plan, uri);
  EXPECT_TRUE(IsSuppressedEverywhere(*variant, uri));
  EXPECT_EQ(TreatmentOf(*variant, 0, status), Treatment::kKeep);
  EXPECT_FALSE(IsSuppressedEverywhere(*plan, uri));
}

TEST(PlanVariantsTest, ATreatmentIsSuppressedWhereverItIs) {
  const auto plan = BenchPlan();
  const auto variant = WithTreatmentSuppressed(*plan, Treatment::kPseudonymize);
  const size_t address = FieldNamed(*plan, "remote_addr");
  const size_t agent = FieldNamed(*plan, "http_user_agent");
  EXPECT_EQ(TreatmentOf(*plan, 0, address), Treatment::kPseudonymize);
  EXPECT_EQ(TreatmentOf(*variant, 0, address), Treatment::kSuppress);
  EXPECT_EQ(TreatmentOf(*variant, 0, agent), TreatmentOf(*plan, 0, agent));
}

}  // namespace
}  // namespace nymstream
