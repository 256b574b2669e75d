// Goal: whatever the bytes, a time is refused or lies in its range, and
// truncating it gives the start of its unit, once and for all.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "treatment/timestamp.h"

namespace nymstream {
namespace {

void Check(bool condition) {
  if (!condition) std::abort();
}

void CheckTruncated(std::string_view text, const Timestamp& parsed,
                    TimeUnit unit, int64_t size) {
  std::string out(text.size(), '#');
  out.resize(TruncateTimestamp(text, parsed, unit, out.data()));
  const int64_t expected = parsed.unix_seconds - parsed.unix_seconds % size;
  // A count of 13, 16 or 19 digits loses one when it falls below 10^9 seconds;
  // the last hour that this can happen to:
  constexpr int64_t kDigitLost = 1000000800;
  if (parsed.form >= TimestampForm::kUnixMillis && expected < 1000000000) {
    Check(parsed.unix_seconds < kDigitLost);
    return;
  }
  const auto again = ParseTimestamp(out);
  Check(again.has_value() && again->form == parsed.form);
  Check(again->unix_seconds == expected);
  std::string twice(out.size(), '#');
  twice.resize(TruncateTimestamp(out, *again, unit, twice.data()));
  Check(twice == out);
}

}  // namespace
}  // namespace nymstream

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using nymstream::TimeUnit;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = nymstream::ParseTimestamp(text);
  if (!parsed) return 0;
  constexpr int64_t kEnd = 253402300800;  // the year 10000
  nymstream::Check(parsed->unix_seconds >= 0 && parsed->unix_seconds < kEnd);
  nymstream::CheckTruncated(text, *parsed, TimeUnit::kMinute, 60);
  nymstream::CheckTruncated(text, *parsed, TimeUnit::kHour, 3600);
  return 0;
}
