#include "cli/flag_value.h"

#include "absl/strings/str_format.h"
#include "base/utc_time.h"
#include "cli/report.h"
#include "nymstream/period.h"

namespace nymstream {

ExitCode RefuseFlag(std::string_view flag, std::string_view what) {
  Say(absl::StrFormat("error: %s: %s", flag, what));
  return ExitCode::kWrongDocument;
}

bool ReadTime(std::string_view flag, const std::string& text,
              std::optional<int64_t>* time) {
  if (text.empty()) return true;
  *time = ParseUtcTime(text);
  if (time->has_value()) return true;
  RefuseFlag(flag,
             "no time; write it as 2026-01-31 or 2026-01-31T12:00:00Z (UTC)");
  return false;
}

bool ReadPeriod(const std::string& text, std::string* period) {
  const std::optional<Period> parsed = ParsePeriod(text);
  if (!parsed.has_value()) {
    RefuseFlag("--period", "no period; write it as P1D, P30D or P1Y6M");
    return false;
  }
  *period = PeriodText(*parsed);
  return true;
}

}  // namespace nymstream
