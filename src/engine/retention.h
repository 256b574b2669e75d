// Which records are too old for which releases.
#ifndef NYMSTREAM_ENGINE_RETENTION_H_
#define NYMSTREAM_ENGINE_RETENTION_H_

#include <cstdint>
#include <limits>
#include <vector>

#include "engine/treated_value.h"
#include "nymstream/plan.h"

namespace nymstream {

// The earliest event time that a period before `as_of` still holds, by the
// civil calendar in UTC: two years before 29 February is 1 March.
int64_t RetentionStart(const Period& period, int64_t as_of);

class RetentionRule {
 public:
  RetentionRule(const Plan& plan, int64_t as_of);

  // Releases that a record of `event_time` may no longer be in. `personal` are
  // the releases in which it holds a personal field, `pseudonym` those in which
  // it holds a pseudonym.
  ReleaseMask Expired(int64_t event_time, ReleaseMask personal,
                      ReleaseMask pseudonym) const;

 private:
  struct Rule {
    ReleaseMask release;
    int64_t start;
    RetentionScope of;
    bool linked_is_personal;
  };
  std::vector<Rule> rules_;
  int64_t latest_start_ = std::numeric_limits<int64_t>::min();
};

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_RETENTION_H_
