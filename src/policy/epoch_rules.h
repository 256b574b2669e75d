// How long keys may live.
#ifndef NYMSTREAM_POLICY_EPOCH_RULES_H_
#define NYMSTREAM_POLICY_EPOCH_RULES_H_

#include <cstdint>

#include "nymstream/policy.h"

namespace nymstream {

// Keys of unlinked_pseudonymized releases live a week at most: the level
// promises that nobody links a subject across epochs, so an epoch must be too
// short to build a history in.
inline constexpr int64_t kUnlinkedEpochDaysMax = 7;

// Days of the longest calendar span that `period` can mean.
constexpr int64_t PeriodDaysMax(const Period& period) {
  constexpr int64_t kYearDaysMax = 366;
  constexpr int64_t kMonthDaysMax = 31;
  return kYearDaysMax * period.years + kMonthDaysMax * period.months +
         period.days;
}

}  // namespace nymstream

#endif  // NYMSTREAM_POLICY_EPOCH_RULES_H_
