#include "cli/as_of.h"

#include "base/utc_time.h"
#include "cli/report.h"
#include "treatment/timestamp.h"

namespace nymstream {

void AddAsOfOption(CLI::App& command, std::string* as_of) {
  command
      .add_option("--as-of", *as_of,
                  "Judge retention as of this time, not now (2026-01-31, or\n"
                  "2026-01-31T12:00:00Z)")
      ->type_name("TIME");
}

bool ParseAsOf(const std::string& text, std::optional<int64_t>* as_of) {
  if (text.empty()) return true;
  *as_of = ParseUtcTime(text);
  if (as_of->has_value()) return true;
  const std::optional<Timestamp> time = ParseTimestamp(text);
  if (!time.has_value()) {
    Say("error: --as-of: no time; write it as 2026-01-31 or "
        "2026-01-31T12:00:00Z");
    return false;
  }
  *as_of = time->unix_seconds;
  return true;
}

}  // namespace nymstream
