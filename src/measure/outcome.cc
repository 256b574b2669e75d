#include "measure/outcome.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/absl_view.h"
#include "base/check.h"

namespace nymstream {
namespace {

// Why records did not leave: "not_json 3, retention 5".
std::string ReasonsOf(const Counters& counters) {
  std::vector<std::string> reasons;
  for (size_t i = 0; i < counters.quarantined_by.size(); ++i) {
    if (counters.quarantined_by[i] == 0) continue;
    reasons.push_back(absl::StrCat(
        ToAbsl(QuarantineReasonText(static_cast<QuarantineReason>(i)).name),
        " ", counters.quarantined_by[i]));
  }
  for (int i = 0; i < kSuppressionReasonCount; ++i) {
    uint64_t most = 0;
    for (const ReleaseCounters& release : counters.releases) {
      most = std::max(most, release.suppressed_by[static_cast<size_t>(i)]);
    }
    if (most == 0) continue;
    reasons.push_back(absl::StrCat(
        ToAbsl(SuppressionReasonText(static_cast<SuppressionReason>(i)).name),
        " ", most));
  }
  return absl::StrJoin(reasons, ", ");
}

}  // namespace

absl::StatusOr<std::vector<BenchRelease>> OutcomeOf(const Plan& plan,
                                                    const Counters& counters) {
  std::vector<BenchRelease> releases;
  uint64_t released = 0;
  for (size_t i = 0; i < plan.releases.size(); ++i) {
    const ReleaseCounters& counts = counters.releases[i];
    NYM_CHECK(counts.AddUp());
    released += counts.released;
    releases.push_back({plan.releases[i].name, counts.released,
                        counts.suppressed, counts.quarantined, counts.bytes});
  }
  if (released > 0) return releases;
  return absl::FailedPreconditionError(absl::StrCat(
      "none of ", counters.received,
      " records leaves a release, so there is nothing to measure: ",
      ReasonsOf(counters), "; nymstream replay tells what to do"));
}

}  // namespace nymstream
