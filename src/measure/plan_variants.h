// Plans that differ from a pipeline's in one thing, to see what that costs.
// What they make of a record is thrown away: nobody checked it against a
// policy.
#ifndef NYMSTREAM_MEASURE_PLAN_VARIANTS_H_
#define NYMSTREAM_MEASURE_PLAN_VARIANTS_H_

#include <cstddef>
#include <memory>

#include "nymstream/plan.h"

namespace nymstream {

std::shared_ptr<const Plan> WithoutLeakGuard(const Plan& plan);

// The release with this index alone.
std::shared_ptr<const Plan> OnlyRelease(const Plan& plan, size_t release);

// With the field suppressed in every release.
std::shared_ptr<const Plan> WithFieldSuppressed(const Plan& plan, size_t field);

// With every field suppressed wherever it is treated so.
std::shared_ptr<const Plan> WithTreatmentSuppressed(const Plan& plan,
                                                    Treatment treatment);

// Whether the field leaves no release.
bool IsSuppressedEverywhere(const Plan& plan, size_t field);

}  // namespace nymstream

#endif  // NYMSTREAM_MEASURE_PLAN_VARIANTS_H_
