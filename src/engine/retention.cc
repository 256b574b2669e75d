#include "engine/retention.h"

#include <algorithm>
#include <chrono>

namespace nymstream {

int64_t RetentionStart(const Period& period, int64_t as_of) {
  using std::chrono::days;
  using std::chrono::seconds;
  using std::chrono::sys_days;
  using std::chrono::sys_seconds;
  const sys_seconds now{seconds(as_of)};
  const sys_days today = std::chrono::floor<days>(now);
  const std::chrono::year_month_day date(today);
  const std::chrono::year_month month =
      std::chrono::year_month(date.year(), date.month()) -
      std::chrono::years(period.years) - std::chrono::months(period.months);
  // A day that the month lacks runs over into the next month.
  const sys_days start =
      sys_days(std::chrono::year_month_day(month.year(), month.month(),
                                           std::chrono::day(1))) +
      (date.day() - std::chrono::day(1)) - days(period.days);
  return (start.time_since_epoch() + (now - today)) / seconds(1);
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
