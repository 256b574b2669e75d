#include "engine/retention.h"

#include <algorithm>

namespace nymstream {

int64_t RetentionStart(const Period& period, int64_t as_of) {
  return ShiftByPeriod(as_of, period, -1);
}

RetentionRule::RetentionRule(const Plan& plan, int64_t as_of) {
  for (size_t i = 0; i < plan.releases.size(); ++i) {
    const ReleasePlan& release = plan.releases[i];
    if (!release.retention) continue;
    rules_.push_back({ReleaseMask{1} << i,
                      RetentionStart(release.retention->period, as_of),
                      release.retention->of, release.linked_is_personal});
    latest_start_ = std::max(latest_start_, rules_.back().start);
  }
}

ReleaseMask RetentionRule::Expired(int64_t event_time, ReleaseMask personal,
                                   ReleaseMask pseudonym) const {
  if (event_time >= latest_start_) return 0;
  ReleaseMask expired = 0;
  for (const Rule& rule : rules_) {
    if (event_time >= rule.start) continue;
    const ReleaseMask forbidden = rule.of == RetentionScope::kAll ? rule.release
                                  : rule.linked_is_personal
                                      ? personal | pseudonym
                                      : personal;
    expired |= rule.release & forbidden;
  }
  return expired;
}

}  // namespace nymstream
