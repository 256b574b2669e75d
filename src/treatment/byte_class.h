// Classes of bytes, by table.
#ifndef NYMSTREAM_TREATMENT_BYTE_CLASS_H_
#define NYMSTREAM_TREATMENT_BYTE_CLASS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "treatment/ascii.h"

namespace nymstream {

inline constexpr uint8_t kDigitByte = 1;
inline constexpr uint8_t kHexLetterByte = 2;
inline constexpr uint8_t kLetterByte = 4;
inline constexpr uint8_t kHighByte = 8;  // part of a character beyond ASCII

inline constexpr std::array<uint8_t, 256> kByteClasses = [] {
  std::array<uint8_t, 256> table{};
  for (size_t c = 0; c < table.size(); ++c) {
    const size_t lower = c | 0x20;
    if (c >= '0' && c <= '9') table[c] = kDigitByte;
    if (lower >= 'a' && lower <= 'z' && c < 0x80) {
      table[c] = lower <= 'f' ? kLetterByte | kHexLetterByte : kLetterByte;
    }
    if (c >= 0x80) table[c] = kHighByte;
  }
  return table;
}();

constexpr uint8_t ClassOf(char c) {
  return kByteClasses[static_cast<unsigned char>(c)];
}
constexpr bool IsHex(char c) {
  return (ClassOf(c) & (kDigitByte | kHexLetterByte)) != 0;
}
constexpr bool IsAlnum(char c) {
  return (ClassOf(c) & (kDigitByte | kLetterByte)) != 0;
}

// The byte at `at`, or NUL outside `text`.
constexpr char ByteAt(std::string_view text, size_t at) {
  return at < text.size() ? text[at] : '\0';
}
// The byte before `at`, or NUL at the beginning.
constexpr char ByteBefore(std::string_view text, size_t at) {
  return at > 0 ? text[at - 1] : '\0';
}

}  // namespace nymstream

#endif  // NYMSTREAM_TREATMENT_BYTE_CLASS_H_
