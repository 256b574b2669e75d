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
  const auto again = ParseTimestamp(out);
  Check(again.has_value());
  // A count that loses a digit would be read in the next larger unit.
  if (again->form != parsed.form) return;
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
