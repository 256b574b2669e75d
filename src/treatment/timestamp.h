// Event times in the forms that access logs use.
#ifndef NYMSTREAM_TREATMENT_TIMESTAMP_H_
#define NYMSTREAM_TREATMENT_TIMESTAMP_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace nymstream {

enum class TimestampForm : uint8_t {
  kIso8601,     // RFC 3339 and its relatives: 2026-11-24T10:11:12.5+01:00, also
                // a space for T or before the zone, comma for the point, Z,
                // ±hhmm, ±hh, no zone (UTC); at most 9 fractional digits
  kCommonLog,   // 24/Nov/2026:10:11:12 +0100, with or without [brackets]
  kImfFixdate,  // Tue, 24 Nov 2026 10:11:12 GMT (RFC 9110)
  kUnixSeconds,  // up to 12 digits: 1763978400, 1763978400.123
  kUnixMillis,   // 13 digits, with or without a fraction
  kUnixMicros,   // 16 digits
  kUnixNanos,    // 19 digits
};

struct Timestamp {
  int64_t unix_seconds = 0;  // rounded down; UTC
  TimestampForm form = TimestampForm::kIso8601;
};

// nullopt if `text` is no whole, valid time (real calendar date, right weekday,
// 1970 to 9999 in UTC; a leap second 60 counts as the next minute's start).
// Refused are exponent forms of numbers, leading zeros, signs, and several
// times in one value. Never allocates.
std::optional<Timestamp> ParseTimestamp(std::string_view text);

enum class TimeUnit : uint8_t { kMinute, kHour };

// The same text in the same form and zone, with everything finer than `unit`
// set to zero (fractional digits become zeros, a numeric fraction is cut).
// Truncates in UTC, which is also the written hour's start unless the zone is
// no whole number of hours away. Writes to `out` (capacity >= text.size()),
// returns the length, never more than text.size(). `text` must be what
// ParseTimestamp accepted.
size_t TruncateTimestamp(std::string_view text, const Timestamp& parsed,
                         TimeUnit unit, char* out);

}  // namespace nymstream

#endif  // NYMSTREAM_TREATMENT_TIMESTAMP_H_
