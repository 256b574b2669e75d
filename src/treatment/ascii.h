// Classes of ASCII characters, without the C locale.
#ifndef NYMSTREAM_TREATMENT_ASCII_H_
#define NYMSTREAM_TREATMENT_ASCII_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace nymstream {

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }

constexpr char ToLower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

constexpr bool IsLetter(char c) {
  return ToLower(c) >= 'a' && ToLower(c) <= 'z';
}

// By byte: value of a hexadecimal digit; -1 if it is none.
inline constexpr std::array<int8_t, 256> kHexValues = [] {
  std::array<int8_t, 256> values{};
  for (size_t byte = 0; byte < values.size(); ++byte) {
    const char c = static_cast<char>(byte);
    const char lower = ToLower(c);
    values[byte] = static_cast<int8_t>(
        IsDigit(c) ? c - '0'
                   : (lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1));
  }
  return values;
}();

// Value of a hexadecimal digit; -1 if `c` is none.
constexpr int HexValue(char c) {
  return kHexValues[static_cast<unsigned char>(c)];
}

// Without spaces and tabs at both ends.
constexpr std::string_view TrimBlanks(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

// `lower` must be in lower case.
constexpr bool EqualsIgnoreCase(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (ToLower(text[i]) != lower[i]) return false;
  }
  return true;
}

}  // namespace nymstream

#endif  // NYMSTREAM_TREATMENT_ASCII_H_
