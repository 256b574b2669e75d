#include "base/utc_time.h"

#include <chrono>
#include <cstddef>

#include "absl/strings/str_format.h"

namespace nymstream {
namespace {

// The number in text[begin, begin + count); -1 if it is not all digits.
int Digits(std::string_view text, size_t begin, size_t count) {
  int number = 0;
  for (const char c : text.substr(begin, count)) {
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  return number;
}

// True if `text` has the punctuation of `form`, whose digits are 0.
bool HasForm(std::string_view text, std::string_view form) {
  if (text.size() != form.size()) return false;
  for (size_t i = 0; i < form.size(); ++i) {
    if (form[i] != '0' && form[i] != text[i]) return false;
  }
  return true;
}

}  // namespace

std::optional<int64_t> ParseUtcTime(std::string_view text) {
  const bool has_time = HasForm(text, "0000-00-00T00:00:00Z");
  if (!has_time && !HasForm(text, "0000-00-00")) return std::nullopt;
  const int year = Digits(text, 0, 4);
  const int month = Digits(text, 5, 2);
  const int day = Digits(text, 8, 2);
  const int hour = has_time ? Digits(text, 11, 2) : 0;
  const int minute = has_time ? Digits(text, 14, 2) : 0;
  const int second = has_time ? Digits(text, 17, 2) : 0;
  if (year < 1 || month < 1 || day < 1 || hour < 0 || hour > 23 || minute < 0 ||
      minute > 59 || second < 0 || second > 59) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date(
      std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
      std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok()) return std::nullopt;
  const std::chrono::seconds time =
      std::chrono::sys_days{date}.time_since_epoch() +
      std::chrono::hours(hour) + std::chrono::minutes(minute) +
      std::chrono::seconds(second);
  return time.count();
}

std::string UtcTimeText(int64_t unix_seconds) {
  const std::chrono::sys_seconds time{std::chrono::seconds(unix_seconds)};
  const auto midnight = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(midnight);
  const int64_t second = (time - midnight).count();
  return absl::StrFormat(
      "%04d-%02d-%02dT%02d:%02d:%02dZ", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      second / 3600, second / 60 % 60, second % 60);
}

}  // namespace nymstream
