#include "treatment/timestamp.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "treatment/ascii.h"

namespace nymstream {
namespace {

constexpr int64_t kMinute = 60;
constexpr int64_t kHour = 3600;
constexpr int64_t kDay = 86400;
constexpr int64_t kUnixSecondsEnd = 253402300800;  // 10000-01-01T00:00:00Z
constexpr size_t kFractionMax = 9;                 // nanoseconds

constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
constexpr std::string_view kWeekdays = "ThuFriSatSunMonTueWed";  // from 1970

// Where the parts of a civil time stand in its text.
struct Layout {
  size_t year = 0;
  size_t month = 0;  // two digits, or three letters if `month_name`
  size_t day = 0;
  size_t hour = 0;  // followed by ':', minute, ':', second
  size_t fraction = 0;
  size_t fraction_size = 0;
  size_t weekday = std::string_view::npos;
  bool month_name = false;
};

struct CivilTime {
  Layout layout;
  TimestampForm form = TimestampForm::kIso8601;
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int offset = 0;  // of the zone, in seconds
};

// Reads digits at fixed places; one test of ok() at the end covers them all.
class DigitReader {
 public:
  explicit DigitReader(std::string_view text) : text_(text) {}
  int Two(size_t at) { return Digit(at) * 10 + Digit(at + 1); }
  int Four(size_t at) { return Two(at) * 100 + Two(at + 2); }
  bool ok() const { return !bad_; }

 private:
  int Digit(size_t at) {
    const int value = text_[at] - '0';
    bad_ |= static_cast<unsigned>(value) > 9;
    return value;
  }
  std::string_view text_;
  bool bad_ = false;
};

// Days since 1970-01-01 in the Gregorian calendar, counted in years that start
// in March, so that the day that leap years add is the last one.
int64_t DaysFromCivil(int year, int month, int day) {
  const int shifted = month <= 2 ? year - 1 : year;
  const int era = shifted / 400;
  const int year_of_era = shifted % 400;
  const int day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
  const int day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  constexpr int64_t kEraDays = 146097;
  constexpr int64_t kEpoch = 719468;  // 1970-01-01, from 0000-03-01
  return era * kEraDays + day_of_era - kEpoch;
}

void CivilFromDays(int64_t days, CivilTime* civil) {
  constexpr int64_t kEraDays = 146097;
  constexpr int64_t kEpoch = 719468;
  const int64_t shifted = days + kEpoch;
  const int64_t era = shifted / kEraDays;
  const int64_t day_of_era = shifted % kEraDays;
  const int64_t year_of_era = (day_of_era - day_of_era / 1460 +
                               day_of_era / 36524 - day_of_era / 146096) /
                              365;
  const int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t month_from_march = (5 * day_of_year + 2) / 153;
  civil->day =
      static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
  civil->month = static_cast<int>((month_from_march + 2) % 12 + 1);
  civil->year =
      static_cast<int>(year_of_era + era * 400 + (civil->month <= 2 ? 1 : 0));
}

int DaysInMonth(int year, int month) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30,
                                         31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return kDays[static_cast<size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

bool IsRealTime(const CivilTime& civil) {
  constexpr int kLeapSecond = 60;
  return civil.month >= 1 && civil.month <= 12 && civil.day >= 1 &&
         civil.day <= DaysInMonth(civil.year, civil.month) &&
         civil.hour <= 23 && civil.minute <= 59 && civil.second <= kLeapSecond;
}

int64_t UnixSeconds(const CivilTime& civil) {
  return DaysFromCivil(civil.year, civil.month, civil.day) * kDay +
         civil.hour * kHour + civil.minute * kMinute + civil.second -
         civil.offset;
}

bool IsInRange(int64_t unix_seconds) {
  return unix_seconds >= 0 && unix_seconds < kUnixSecondsEnd;
}

// Three characters as one number, so that names are compared at once.
constexpr uint32_t Pack(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) {
    return static_cast<uint32_t>(static_cast<unsigned char>(text[at + i]));
  };
  return byte(0) << 16 | byte(1) << 8 | byte(2);
}

// Index of the three letters at text[at] in `names`, -1 if they are none.
int FindName(std::string_view text, size_t at, std::string_view names) {
  const uint32_t name = Pack(text, at);
  for (size_t i = 0; i < names.size(); i += 3) {
    if (Pack(names, i) == name) return static_cast<int>(i / 3);
  }
  return -1;
}

// "10:11:12" at text[at].
bool ReadClock(std::string_view text, size_t at, CivilTime* civil) {
  DigitReader digits(text);
  civil->layout.hour = at;
  civil->hour = digits.Two(at);
  civil->minute = digits.Two(at + 3);
  civil->second = digits.Two(at + 6);
  return digits.ok() && text[at + 2] == ':' && text[at + 5] == ':';
}

// "+0100", "+01:00" or "+01", all of `text`.
bool ReadOffset(std::string_view text, CivilTime* civil) {
  if (text.size() != 3 && text.size() != 5 && text.size() != 6) return false;
  if (text[0] != '+' && text[0] != '-') return false;
  DigitReader digits(text);
  const int hours = digits.Two(1);
  int minutes = 0;
  if (text.size() > 3) minutes = digits.Two(text.size() - 2);
  if (text.size() == 6 && text[3] != ':') return false;
  if (!digits.ok() || hours > 23 || minutes > 59) return false;
  civil->offset = (hours * 60 + minutes) * (text[0] == '-' ? -60 : 60);
  return true;
}

bool ReadIso8601(std::string_view text, CivilTime* civil) {
  constexpr size_t kShortest = 19;  // 2026-11-24T10:11:12
  if (text.size() < kShortest || text[4] != '-' || text[7] != '-') return false;
  if (text[10] != 'T' && text[10] != 't' && text[10] != ' ') return false;
  DigitReader digits(text);
  civil->form = TimestampForm::kIso8601;
  civil->layout.month = 5;
  civil->layout.day = 8;
  civil->year = digits.Four(0);
  civil->month = digits.Two(5);
  civil->day = digits.Two(8);
  if (!digits.ok() || !ReadClock(text, 11, civil)) return false;
  size_t at = kShortest;
  if (at < text.size() && (text[at] == '.' || text[at] == ',')) {
    civil->layout.fraction = ++at;
    while (at < text.size() && IsDigit(text[at])) ++at;
    civil->layout.fraction_size = at - civil->layout.fraction;
    if (civil->layout.fraction_size < 1 ||
        civil->layout.fraction_size > kFractionMax) {
      return false;
    }
  }
  if (at == text.size()) return true;
  if (text[at] == 'Z' || text[at] == 'z') return at + 1 == text.size();
  if (text[at] == ' ') ++at;
  return ReadOffset(text.substr(at), civil);
}

bool ReadCommonLog(std::string_view text, CivilTime* civil) {
  size_t at = 0;
  if (text.starts_with('[') && text.ends_with(']')) {
    at = 1;
    text.remove_suffix(1);
  }
  constexpr size_t kSize = 26;  // 24/Nov/2026:10:11:12 +0100
  if (text.size() != at + kSize || text[at + 2] != '/' || text[at + 6] != '/' ||
      text[at + 11] != ':' || text[at + 20] != ' ') {
    return false;
  }
  DigitReader digits(text);
  civil->form = TimestampForm::kCommonLog;
  civil->layout.day = at;
  civil->layout.month = at + 3;
  civil->layout.month_name = true;
  civil->layout.year = at + 7;
  civil->day = digits.Two(at);
  civil->month = FindName(text, at + 3, kMonths) + 1;
  civil->year = digits.Four(at + 7);
  return digits.ok() && ReadClock(text, at + 12, civil) &&
         ReadOffset(text.substr(at + 21), civil);
}

bool ReadImfFixdate(std::string_view text, CivilTime* civil) {
  constexpr size_t kSize = 29;  // Tue, 24 Nov 2026 10:11:12 GMT
  if (text.size() != kSize || !text.ends_with(" GMT") || text[3] != ',' ||
      text[4] != ' ' || text[7] != ' ' || text[11] != ' ' || text[16] != ' ') {
    return false;
  }
  DigitReader digits(text);
  civil->form = TimestampForm::kImfFixdate;
  civil->layout.weekday = 0;
  civil->layout.day = 5;
  civil->layout.month = 8;
  civil->layout.month_name = true;
  civil->layout.year = 12;
  civil->day = digits.Two(5);
  civil->month = FindName(text, 8, kMonths) + 1;
  civil->year = digits.Four(12);
  if (!digits.ok() || !ReadClock(text, 17, civil) || !IsRealTime(*civil)) {
    return false;
  }
  const int64_t days = DaysFromCivil(civil->year, civil->month, civil->day);
  return days >= 0 && FindName(text, 0, kWeekdays) == days % 7;
}

bool ReadCivil(std::string_view text, CivilTime* civil) {
  if (text.size() < 5) return false;
  const bool read = text[4] == '-'   ? ReadIso8601(text, civil)
                    : text[3] == ',' ? ReadImfFixdate(text, civil)
                                     : ReadCommonLog(text, civil);
  return read && IsRealTime(*civil);
}

// A count of units since 1970, with a decimal fraction if the unit allows one.
struct UnixCount {
  uint64_t value = 0;
  uint64_t per_second = 1;
  size_t digits = 0;
  TimestampForm form = TimestampForm::kUnixSeconds;
};

std::optional<UnixCount> ReadUnixCount(std::string_view text) {
  UnixCount count;
  constexpr size_t kDigitsMax = 19;
  while (count.digits < text.size() && count.digits < kDigitsMax &&
         IsDigit(text[count.digits])) {
    count.value =
        count.value * 10 + static_cast<uint64_t>(text[count.digits] - '0');
    ++count.digits;
  }
  if (count.digits == 0 || (text[0] == '0' && count.digits > 1)) {
    return std::nullopt;
  }
  switch (count.digits) {
    case 13:
      count.per_second = 1000;
      count.form = TimestampForm::kUnixMillis;
      break;
    case 16:
      count.per_second = 1000000;
      count.form = TimestampForm::kUnixMicros;
      break;
    case 19:
      count.per_second = 1000000000;
      count.form = TimestampForm::kUnixNanos;
      break;
    default:
      if (count.digits > 12) return std::nullopt;
  }
  const std::string_view rest = text.substr(count.digits);
  if (rest.empty()) return count;
  if (count.form != TimestampForm::kUnixSeconds &&
      count.form != TimestampForm::kUnixMillis) {
    return std::nullopt;
  }
  if (rest[0] != '.' || rest.size() < 2 || rest.size() > 1 + kFractionMax ||
      !std::all_of(rest.begin() + 1, rest.end(), IsDigit)) {
    return std::nullopt;
  }
  return count;
}

void WriteTwo(int value, char* out) {
  out[0] = static_cast<char>('0' + value / 10);
  out[1] = static_cast<char>('0' + value % 10);
}

// Writes date and clock of `unix_seconds` over those of `out`, in its zone.
void WriteCivil(int64_t unix_seconds, const CivilTime& written, char* out) {
  // At least -86340, so that one day more makes the divisions round down.
  const int64_t local = unix_seconds + written.offset + kDay;
  const int64_t days = local / kDay - 1;
  const int64_t of_day = local % kDay;
  CivilTime civil;
  CivilFromDays(days, &civil);
  const Layout& layout = written.layout;
  WriteTwo(civil.year / 100, out + layout.year);
  WriteTwo(civil.year % 100, out + layout.year + 2);
  WriteTwo(civil.day, out + layout.day);
  if (layout.month_name) {
    const auto month = static_cast<size_t>(civil.month - 1);
    std::memcpy(out + layout.month, kMonths.data() + 3 * month, 3);
  } else {
    WriteTwo(civil.month, out + layout.month);
  }
  if (layout.weekday != std::string_view::npos) {
    const auto weekday = static_cast<size_t>(days % 7);
    std::memcpy(out + layout.weekday, kWeekdays.data() + 3 * weekday, 3);
  }
  WriteTwo(static_cast<int>(of_day / kHour), out + layout.hour);
  WriteTwo(static_cast<int>(of_day % kHour / kMinute), out + layout.hour + 3);
  WriteTwo(static_cast<int>(of_day % kMinute), out + layout.hour + 6);
}

}  // namespace

std::optional<Timestamp> ParseTimestamp(std::string_view text) {
  CivilTime civil;
  if (ReadCivil(text, &civil)) {
    const int64_t unix_seconds = UnixSeconds(civil);
    // A leap second may reach the year 10000 in its zone only.
    const bool writable = unix_seconds + civil.offset < kUnixSecondsEnd;
    if (!IsInRange(unix_seconds) || !writable) return std::nullopt;
    return Timestamp{unix_seconds, civil.form};
  }
  const auto count = ReadUnixCount(text);
  if (!count) return std::nullopt;
  const auto unix_seconds =
      static_cast<int64_t>(count->value / count->per_second);
  if (!IsInRange(unix_seconds)) return std::nullopt;
  return Timestamp{unix_seconds, count->form};
}

size_t TruncateTimestamp(std::string_view text, const Timestamp& parsed,
                         TimeUnit unit, char* out) {
  const int64_t size = unit == TimeUnit::kMinute ? kMinute : kHour;
  const int64_t truncated = parsed.unix_seconds - parsed.unix_seconds % size;
  CivilTime civil;
  if (ReadCivil(text, &civil)) {
    std::memcpy(out, text.data(), text.size());
    std::memset(out + civil.layout.fraction, '0', civil.layout.fraction_size);
    const bool same_date = civil.second < 60 && civil.offset % size == 0;
    if (same_date) {
      if (unit == TimeUnit::kHour) WriteTwo(0, out + civil.layout.hour + 3);
      WriteTwo(0, out + civil.layout.hour + 6);
    } else {
      WriteCivil(truncated, civil, out);
    }
    return text.size();
  }
  const auto count = ReadUnixCount(text);
  if (!count) return 0;
  const uint64_t value = static_cast<uint64_t>(truncated) * count->per_second;
  // Never longer than `text`: the value is not larger.
  return static_cast<size_t>(std::to_chars(out, out + text.size(), value).ptr -
                             out);
}

}  // namespace nymstream
