#include "treatment/identifier.h"

#include <algorithm>

#include "treatment/ascii.h"

namespace nymstream {
namespace {

constexpr size_t kEui48 = 6;
constexpr size_t kEui64 = 8;

// Reads the hexadecimal digits of `text`, which stand in groups of
// `group_digits` with `separator` between them.
std::optional<MacAddress> ReadGroups(std::string_view text, char separator,
                                     size_t group_digits) {
  MacAddress mac;
  size_t digits = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (i % (group_digits + 1) == group_digits) {
      if (text[i] != separator) return std::nullopt;
      continue;
    }
    const int value = HexValue(text[i]);
    if (value < 0 || digits == 2 * kEui64) return std::nullopt;
    unsigned char& byte = mac.bytes[digits / 2];
    byte = static_cast<unsigned char>(byte << 4 | value);
    ++digits;
  }
  if (digits != 2 * kEui48 && digits != 2 * kEui64) return std::nullopt;
  if (text.back() == separator) return std::nullopt;
  mac.size = digits / 2;
  return mac;
}

// RFC 5322, section 3.2.3.
bool IsAtomCharacter(char c) {
  constexpr std::string_view kOthers = "!#$%&'*+-/=?^_`{|}~";
  return IsLetter(c) || IsDigit(c) || kOthers.find(c) != kOthers.npos;
}

// Dots stand between parts that are not empty.
bool HasProperDots(std::string_view text) {
  return !text.empty() && text.front() != '.' && text.back() != '.' &&
         text.find("..") == std::string_view::npos;
}

bool IsLocalPart(std::string_view text) {
  constexpr size_t kMax = 64;  // RFC 5321, section 4.5.3.1.1
  return text.size() <= kMax && HasProperDots(text) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return c == '.' || IsAtomCharacter(c); });
}

bool IsDomain(std::string_view text) {
  constexpr size_t kMax = 255;  // RFC 5321, section 4.5.3.1.2
  constexpr size_t kLabelMax = 63;
  if (text.size() > kMax || !HasProperDots(text)) return false;
  while (true) {
    const size_t dot = text.find('.');
    const std::string_view label = text.substr(0, dot);
    if (label.size() > kLabelMax || label.front() == '-' ||
        label.back() == '-') {
      return false;
    }
    if (!std::all_of(label.begin(), label.end(), [](char c) {
          return IsLetter(c) || IsDigit(c) || c == '-';
        })) {
      return false;
    }
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

// Without a branch per character: ids are treated for every record.
bool AllHex(std::string_view text) {
  bool all = true;
  for (const char c : text)
    all &= kHexValues[static_cast<unsigned char>(c)] >= 0;
  return all;
}

bool IsUuid(std::string_view text) {
  return text.size() == 36 && text[8] == '-' && text[13] == '-' &&
         text[18] == '-' && text[23] == '-' && AllHex(text.substr(0, 8)) &&
         AllHex(text.substr(9, 4)) && AllHex(text.substr(14, 4)) &&
         AllHex(text.substr(19, 4)) && AllHex(text.substr(24));
}

bool IsLongHex(std::string_view text) {
  constexpr size_t kMin = 16;
  return text.size() >= kMin && AllHex(text);
}

}  // namespace

std::optional<MacAddress> ParseMacAddress(std::string_view text) {
  text = TrimBlanks(text);
  constexpr size_t kShortest = 2 * kEui48;
  constexpr size_t kLongest = 3 * kEui64 - 1;
  if (text.size() < kShortest || text.size() > kLongest) return std::nullopt;
  if (text[2] == ':' || text[2] == '-') return ReadGroups(text, text[2], 2);
  if (text[4] == '.') return ReadGroups(text, '.', 4);
  return ReadGroups(text, '\0', kLongest);
}

size_t CanonicalEmail(std::string_view text, char* out) {
  text = TrimBlanks(text);
  constexpr std::string_view kEncodedAt = "%40";
  size_t at = text.find('@');
  size_t at_size = 1;
  if (at == std::string_view::npos) {
    at = text.find(kEncodedAt);
    at_size = kEncodedAt.size();
  }
  if (at == std::string_view::npos) return 0;
  const std::string_view local = text.substr(0, at);
  const std::string_view domain = text.substr(at + at_size);
  if (!IsLocalPart(local) || !IsDomain(domain)) return 0;
  char* end = std::transform(local.begin(), local.end(), out, ToLower);
  *end++ = '@';
  end = std::transform(domain.begin(), domain.end(), end, ToLower);
  return static_cast<size_t>(end - out);
}

std::string_view CanonicalId(std::string_view text, char* out) {
  text = TrimBlanks(text);
  if (text == "-" || text == "null") return {};
  std::string_view bare = text;
  if (bare.starts_with('{') && bare.ends_with('}')) {
    bare = bare.substr(1, bare.size() - 2);
  }
  if (!IsUuid(bare) && !IsLongHex(bare)) return text;
  // Digits and '-' have the bit that tells lower case already.
  std::transform(bare.begin(), bare.end(), out,
                 [](char c) { return static_cast<char>(c | 0x20); });
  return {out, bare.size()};
}

}  // namespace nymstream
