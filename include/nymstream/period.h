// Calendar periods: how long epochs and retention last.
#ifndef NYMSTREAM_PERIOD_H_
#define NYMSTREAM_PERIOD_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nymstream {

// A calendar period: ISO 8601 duration of years, months, weeks, days.
struct Period {
  int years = 0;
  int months = 0;
  int days = 0;  // weeks are 7 days
  bool operator==(const Period&) const = default;
};

// Parses "P30D", "P2Y", "P1Y6M", "P4W". Nothing finer than a day; not zero.
std::optional<Period> ParsePeriod(std::string_view text);

// The canonical text: ParsePeriod gives the same period back.
std::string PeriodText(const Period& period);

// `unix_seconds` and `count` periods more, in UTC; a negative count goes back.
// Years and months go first; a day that the month lacks runs over into the next
// month. The time of day stays.
int64_t ShiftByPeriod(int64_t unix_seconds, const Period& period, int count);

}  // namespace nymstream

#endif  // NYMSTREAM_PERIOD_H_
