#include "replay/fields_not_seen.h"

#include <algorithm>

namespace nymstream {

std::vector<size_t> FieldsNotSeen(const Plan& plan, const Counters& counters) {
  std::vector<size_t> fields;
  for (size_t i = 0; i < plan.fields.size(); ++i) {
    if (plan.fields[i].carrier == Carrier::kBody && !counters.Saw(i)) {
      fields.push_back(i);
    }
  }
  return fields;
}

uint64_t UnclassifiedMembers(const Counters& counters) {
  uint64_t most = 0;
  for (const ReleaseCounters& release : counters.releases) {
    most = std::max(
        most,
        release.fields.back()[static_cast<size_t>(FieldAction::kSuppressed)]);
  }
  return most;
}

}  // namespace nymstream
