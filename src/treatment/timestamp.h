// Event times in the forms that access logs use.
#ifndef NYMSTREAM_TREATMENT_TIMESTAMP_H_
#define NYMSTREAM_TREATMENT_TIMESTAMP_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace nymstream {

enum class TimestampForm : uint8_t {
  kIso8601,      // RFC 3339 and its relatives: 2026-11-24T10:11:12.5+01:00, also
                 // a space for T, comma for the point, Z, ±hhmm, no zone (UTC)
  kCommonLog,    // 24/Nov/2026:10:11:12 +0100, with or without [brackets]
  kImfFixdate,   // Tue, 24 Nov 2026 10:11:12 GMT (RFC 9110)
  kUnixSeconds,  // 1763978400 or 1763978400.123, number or string
  kUnixMillis,   // 13 digits
  kUnixMicros,   // 16 digits
  kUnixNanos,    // 19 digits
};

struct Timestamp {
  int64_t unix_seconds = 0;  // rounded down; UTC
  TimestampForm form = TimestampForm::kIso8601;
};

// nullopt if `text` is no whole, valid time (real calendar date, 1970 to
// 9999; a leap second 60 counts as the next minute's start). Exponent forms
// of numbers are refused. Never allocates.
std::optional<Timestamp> ParseTimestamp(std::string_view text);

enum class TimeUnit : uint8_t { kMinute, kHour };

// The same text in the same form and zone, with everything finer than `unit`
// set to zero (fractional digits become zeros, a numeric fraction is cut).
// Truncates in UTC for numeric forms and in the written zone for civil ones, where
// zone offsets that are not whole hours are truncated in UTC first. Writes to
// `out` (capacity >= text.size() + 8), returns the length. `text` must be what
// ParseTimestamp accepted.
size_t TruncateTimestamp(std::string_view text, const Timestamp& parsed,
                         TimeUnit unit, char* out);

}  // namespace nymstream

#endif  // NYMSTREAM_TREATMENT_TIMESTAMP_H_
