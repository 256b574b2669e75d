#include "treatment/number.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/edit_list.h"
#include "treatment/ascii.h"
#include "treatment/free_text.h"

namespace nymstream {
namespace {

// Length of the RFC 8259 number at the start of `text`; 0 if there is none.
size_t NumberSize(std::string_view text) {
  size_t at = 0;
  const auto digits = [&] {
    const size_t begin = at;
    while (at < text.size() && IsDigit(text[at])) ++at;
    return at - begin;
  };
  if (at < text.size() && text[at] == '-') ++at;
  const size_t first = at;
  const size_t whole = digits();
  if (whole == 0 || (whole > 1 && text[first] == '0')) return 0;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (digits() == 0) return 0;
  }
  if (at < text.size() && ToLower(text[at]) == 'e') {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (digits() == 0) return 0;
  }
  return at;
}

std::optional<double> ParseDouble(std::string_view text) {
  text = TrimBlanks(text);
  if (text.empty() || NumberSize(text) != text.size()) return std::nullopt;
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
  return value;
}

// The shortest text that gives `value` back, without exponent if it fits.
char* WriteDouble(double value, char* out, char* end) {
  const auto plain = std::to_chars(out, end, value, std::chars_format::fixed);
  if (plain.ec == std::errc()) return plain.ptr;
  return std::to_chars(out, end, value, std::chars_format::scientific).ptr;
}

bool IsTokenCharacter(char c) {
  constexpr std::string_view kOthers = "_./:+-";
  return IsLetter(c) || IsDigit(c) || kOthers.find(c) != kOthers.npos;
}

// A run that is long enough to name someone.
bool HasTellingRun(std::string_view text) {
  constexpr size_t kDigitsMax = 8;
  constexpr size_t kMixedMax = 16;
  size_t digit_run = 0;
  size_t run = 0;
  size_t digits_in_run = 0;
  for (const char c : text) {
    const bool digit = IsDigit(c);
    digit_run = digit ? digit_run + 1 : 0;
    if (digit || IsLetter(c)) {
      ++run;
      digits_in_run += digit ? 1 : 0;
    } else {
      run = digits_in_run = 0;
    }
    if (digit_run > kDigitsMax) return true;
    if (run > kMixedMax && digits_in_run > 0 && digits_in_run < run) {
      return true;
    }
  }
  return false;
}

// ISO 3166-1 as of 2024, then XK, XX and T1.
constexpr std::string_view kCountryCodes =
    "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZ"
    "CACCCDCFCGCHCICKCLCMCNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFO"
    "FRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRISITJE"
    "JMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMO"
    "MPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPW"
    "PYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTM"
    "TNTOTRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSYEYTZAZMZWXKXXT1";

}  // namespace

bool IsPlainNumber(std::string_view text) {
  while (true) {
    const size_t size = NumberSize(text);
    if (size == 0 && !text.starts_with('-')) return false;
    text.remove_prefix(std::max<size_t>(size, 1));
    if (text.empty()) return true;
    const size_t mark = text.find_first_not_of(' ');
    if (mark == std::string_view::npos) return false;
    if (text[mark] != ',' && (text[mark] != ':' || mark == 0)) return false;
    const size_t next = text.find_first_not_of(' ', mark + 1);
    if (next == std::string_view::npos) return false;
    text.remove_prefix(next);
  }
}

size_t BucketOf(std::string_view text, std::span<const double> bounds,
                char* out) {
  constexpr size_t kCapacity = 32;
  const auto value = ParseDouble(text);
  if (!value || bounds.empty()) return 0;
  char* at = out;
  const auto above = std::upper_bound(bounds.begin(), bounds.end(), *value);
  if (above == bounds.begin()) {
    *at++ = '<';
    at = WriteDouble(bounds.front(), at, out + kCapacity);
  } else {
    at = WriteDouble(*(above - 1), at, out + kCapacity);
  }
  return static_cast<size_t>(at - out);
}

std::optional<int> ParseAge(std::string_view text) {
  constexpr double kOldest = 150;
  const auto value = ParseDouble(text);
  if (!value || *value < 0 || *value >= kOldest + 1) return std::nullopt;
  return static_cast<int>(*value);
}

std::string_view AgeRange(int age) {
  struct Range {
    int last;
    std::string_view text;
  };
  constexpr std::array<Range, 7> kRanges = {{{12, "0-12"},
                                             {17, "13-17"},
                                             {24, "18-24"},
                                             {34, "25-34"},
                                             {44, "35-44"},
                                             {54, "45-54"},
                                             {64, "55-64"}}};
  for (const Range& range : kRanges) {
    if (age <= range.last) return range.text;
  }
  return "65+";
}

bool IsPlainBoolean(std::string_view text) {
  constexpr std::array<std::string_view, 9> kWords = {
      "true", "false", "yes", "no", "on", "off", "0", "1", "-"};
  return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) {
    return EqualsIgnoreCase(text, word);
  });
}

bool IsPlainEnum(std::string_view text, std::span<const std::string> values) {
  if (!values.empty()) {
    return std::find(values.begin(), values.end(), text) != values.end();
  }
  constexpr size_t kSizeMax = 64;
  if (text.empty() || text.size() > kSizeMax ||
      !std::all_of(text.begin(), text.end(), IsTokenCharacter) ||
      HasTellingRun(text)) {
    return false;
  }
  EditList found;
  FindIdentifiers(text, &found);
  return found.empty();
}

bool IsCountryCode(std::string_view text) {
  if (text == "-") return true;
  if (text.size() != 2) return false;
  const auto upper = [](char c) {
    return IsLetter(c) ? static_cast<char>(c & ~0x20) : c;
  };
  for (size_t i = 0; i < kCountryCodes.size(); i += 2) {
    if (upper(text[0]) == kCountryCodes[i] &&
        upper(text[1]) == kCountryCodes[i + 1]) {
      return true;
    }
  }
  return false;
}

}  // namespace nymstream
