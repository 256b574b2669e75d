// Times as people write them in flags and files: UTC, to the second.
#ifndef NYMSTREAM_BASE_UTC_TIME_H_
#define NYMSTREAM_BASE_UTC_TIME_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nymstream {

// Unix seconds of "2025-01-31T12:00:00Z" (RFC 3339) or of "2025-01-31", which
// means midnight. Years 0001 to 9999; no leap seconds, no other form.
std::optional<int64_t> ParseUtcTime(std::string_view text);

// "2025-01-31T12:00:00Z". `unix_seconds` must lie in years 0001 to 9999.
std::string UtcTimeText(int64_t unix_seconds);

}  // namespace nymstream

#endif  // NYMSTREAM_BASE_UTC_TIME_H_
