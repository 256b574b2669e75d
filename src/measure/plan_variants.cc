#include "measure/plan_variants.h"

#include <algorithm>

namespace nymstream {

std::shared_ptr<const Plan> WithoutLeakGuard(const Plan& plan) {
  auto variant = std::make_shared<Plan>(plan);
  variant->leak_guard = false;
  return variant;
}

std::shared_ptr<const Plan> OnlyRelease(const Plan& plan, size_t release) {
  auto variant = std::make_shared<Plan>(plan);
  variant->releases = {plan.releases[release]};
  return variant;
}

std::shared_ptr<const Plan> WithFieldSuppressed(const Plan& plan,
                                                size_t field) {
  auto variant = std::make_shared<Plan>(plan);
  for (ReleasePlan& release : variant->releases) {
    release.fields[field].spec = {};
  }
  return variant;
}

std::shared_ptr<const Plan> WithTreatmentSuppressed(const Plan& plan,
                                                    Treatment treatment) {
  auto variant = std::make_shared<Plan>(plan);
  for (ReleasePlan& release : variant->releases) {
    for (FieldPlan& field : release.fields) {
      if (field.spec.treatment == treatment) field.spec = {};
    }
  }
  return variant;
}

bool IsSuppressedEverywhere(const Plan& plan, size_t field) {
  return std::all_of(plan.releases.begin(), plan.releases.end(),
                     [&](const ReleasePlan& release) {
                       return release.fields[field].spec.treatment ==
                              Treatment::kSuppress;
                     });
}

}  // namespace nymstream
