#include "document/plain_scalar.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <iterator>
#include <system_error>

namespace nymstream {
namespace {

constexpr std::string_view kDigits = "0123456789";

constexpr std::string_view kBooleans[] = {
    "y",     "Y",     "yes",   "Yes",  "YES",  "n",  "N",  "no",
    "No",    "NO",    "true",  "True", "TRUE", "on", "On", "ON",
    "false", "False", "FALSE", "off",  "Off",  "OFF"};

constexpr std::string_view kNulls[] = {"", "~", "null", "Null", "NULL"};

constexpr std::string_view kNoNumbers[] = {".inf", ".Inf", ".INF",
                                           ".nan", ".NaN", ".NAN"};

// YAML 1.1's merge and default keys.
constexpr std::string_view kSpecialKeys[] = {"<<", "="};

template <size_t kCount>
bool IsOneOf(std::string_view text, const std::string_view (&words)[kCount]) {
  return std::find(std::begin(words), std::end(words), text) != std::end(words);
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Takes all leading characters that are in `set`; returns how many.
size_t TakeAny(std::string_view* text, std::string_view set) {
  size_t count = text->find_first_not_of(set);
  if (count == std::string_view::npos) count = text->size();
  text->remove_prefix(count);
  return count;
}

bool TakeOne(std::string_view* text, std::string_view set) {
  if (text->empty() || set.find((*text)[0]) == std::string_view::npos) {
    return false;
  }
  text->remove_prefix(1);
  return true;
}

// 0b1010, 0o14, 0x0C.
bool IsPrefixedNumber(std::string_view text) {
  if (text.size() < 3 || text[0] != '0') return false;
  const char base = text[1];
  text.remove_prefix(2);
  if (base == 'b') return TakeAny(&text, "01_") > 0 && text.empty();
  if (base == 'o') return TakeAny(&text, "01234567_") > 0 && text.empty();
  if (base != 'x') return false;
  return TakeAny(&text, "0123456789abcdefABCDEF_") > 0 && text.empty();
}

// 1:30 and 190:20:30.15, to the base of 60.
bool IsSexagesimal(std::string_view text) {
  if (text.empty() || !IsDigit(text[0])) return false;
  TakeAny(&text, "0123456789_");
  if (text.empty() || text[0] != ':') return false;
  while (TakeOne(&text, ":")) {
    const size_t digits = TakeAny(&text, kDigits);
    if (digits == 0 || digits > 2) return false;
  }
  if (TakeOne(&text, ".")) TakeAny(&text, "0123456789_");
  return text.empty();
}

// 12, 0600, 1_000, 1.5, .5, 1e3.
bool IsDecimal(std::string_view text) {
  const bool leads = !text.empty() && IsDigit(text[0]);
  TakeAny(&text, "0123456789_");
  if (leads && text.empty()) return true;
  if (TakeOne(&text, ".")) {
    const bool follows = !text.empty() && IsDigit(text[0]);
    TakeAny(&text, "0123456789_");
    if (!leads && !follows) return false;
  } else if (!leads) {
    return false;
  }
  if (TakeOne(&text, "eE")) {
    TakeOne(&text, "+-");
    if (TakeAny(&text, kDigits) == 0) return false;
  }
  return text.empty();
}

bool IsNumberLike(std::string_view text) {
  TakeOne(&text, "+-");
  return IsOneOf(text, kNoNumbers) || IsPrefixedNumber(text) ||
         IsSexagesimal(text) || IsDecimal(text);
}

// 2024-01-31, alone or before a time.
bool IsDateLike(std::string_view text) {
  if (TakeAny(&text, kDigits) != 4) return false;
  for (int part = 0; part < 2; ++part) {
    if (!TakeOne(&text, "-")) return false;
    const size_t digits = TakeAny(&text, kDigits);
    if (digits == 0 || digits > 2) return false;
  }
  if (text.empty()) return true;
  return TakeOne(&text, "Tt ") && !text.empty() && IsDigit(text[0]);
}

// JSON's grammar of numbers; the exponent and fraction only if `real`.
bool IsJsonNumber(std::string_view text, bool real) {
  TakeOne(&text, "-");
  if (!TakeOne(&text, "0") && TakeAny(&text, kDigits) == 0) return false;
  if (real && TakeOne(&text, ".") && TakeAny(&text, kDigits) == 0) return false;
  if (real && TakeOne(&text, "eE")) {
    TakeOne(&text, "+-");
    if (TakeAny(&text, kDigits) == 0) return false;
  }
  return text.empty();
}

template <typename Number>
std::optional<Number> Convert(std::string_view text) {
  Number number{};
  const auto end = text.data() + text.size();
  const std::from_chars_result result =
      std::from_chars(text.data(), end, number);
  if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
  return number;
}

}  // namespace

PlainMeaning MeaningOfPlain(std::string_view text) {
  if (IsOneOf(text, kNulls)) return PlainMeaning::kNull;
  if (IsOneOf(text, kBooleans)) return PlainMeaning::kBoolean;
  if (IsOneOf(text, kSpecialKeys)) return PlainMeaning::kSpecialKey;
  if (IsNumberLike(text)) return PlainMeaning::kNumber;
  if (IsDateLike(text)) return PlainMeaning::kDate;
  return PlainMeaning::kText;
}

std::string_view PlainMeaningName(PlainMeaning meaning) {
  switch (meaning) {
    case PlainMeaning::kText:
      return "a text";
    case PlainMeaning::kNull:
      return "nothing";
    case PlainMeaning::kBoolean:
      return "a yes or no";
    case PlainMeaning::kNumber:
      return "a number";
    case PlainMeaning::kDate:
      return "a date";
    case PlainMeaning::kSpecialKey:
      return "a special key";
  }
  return "a text";
}

std::optional<int64_t> ParseWholeNumber(std::string_view text) {
  if (!IsJsonNumber(text, /*real=*/false)) return std::nullopt;
  return Convert<int64_t>(text);
}

std::optional<double> ParseNumber(std::string_view text) {
  if (!IsJsonNumber(text, /*real=*/true)) return std::nullopt;
  return Convert<double>(text);
}

}  // namespace nymstream
