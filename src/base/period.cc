// ISO 8601-1:2019, section 5.5.2: durations of calendar units.
#include "nymstream/period.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"

namespace nymstream {
namespace {

// A century in any unit; so sums of days fit, and a canonical text parses.
constexpr int kYearsMax = 100;
constexpr int kMonthsMax = 12 * kYearsMax;
constexpr int kDaysMax = 365 * kYearsMax;
constexpr int kDaysPerWeek = 7;

// Takes "12Y" off the front of `text` if its unit is `unit`; the number goes to
// `value`. False if there is a number of this unit that is over `max`.
bool TakePart(std::string_view* text, char unit, int max, int* value) {
  const size_t digits = text->find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string_view::npos ||
      (*text)[digits] != unit) {
    return true;
  }
  int number = 0;
  for (const char c : text->substr(0, digits)) {
    number = number * 10 + (c - '0');
    if (number > max) return false;
  }
  *value = number;
  text->remove_prefix(digits + 1);
  return true;
}

}  // namespace

std::optional<Period> ParsePeriod(std::string_view text) {
  if (text.size() < 3 || text[0] != 'P') return std::nullopt;
  text.remove_prefix(1);
  Period period;
  if (text.back() == 'W') {  // weeks stand alone
    int weeks = 0;
    if (!TakePart(&text, 'W', kDaysMax / kDaysPerWeek, &weeks) ||
        !text.empty()) {
      return std::nullopt;
    }
    period.days = weeks * kDaysPerWeek;
  } else if (!TakePart(&text, 'Y', kYearsMax, &period.years) ||
             !TakePart(&text, 'M', kMonthsMax, &period.months) ||
             !TakePart(&text, 'D', kDaysMax, &period.days) || !text.empty()) {
    return std::nullopt;
  }
  if (period == Period{}) return std::nullopt;
  return period;
}

std::string PeriodText(const Period& period) {
  std::string text = "P";
  if (period.years > 0) absl::StrAppend(&text, period.years, "Y");
  if (period.months > 0) absl::StrAppend(&text, period.months, "M");
  if (period.days > 0) absl::StrAppend(&text, period.days, "D");
  return text;
}

int64_t ShiftByPeriod(int64_t unix_seconds, const Period& period, int count) {
  using std::chrono::days;
  using std::chrono::sys_days;
  using std::chrono::sys_seconds;
  const sys_seconds time{std::chrono::seconds(unix_seconds)};
  const sys_days midnight = std::chrono::floor<days>(time);
  const std::chrono::year_month_day date(midnight);
  const std::chrono::year_month month =
      std::chrono::year_month(date.year(), date.month()) +
      std::chrono::years(count * period.years) +
      std::chrono::months(count * period.months);
  const sys_days shifted = sys_days{month / 1} +
                           (date.day() - std::chrono::day(1)) +
                           days(count * period.days);
  return (shifted.time_since_epoch() + (time - midnight)) /
         std::chrono::seconds(1);
}

}  // namespace nymstream
