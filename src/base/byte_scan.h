// Looks for bytes a word at a time, on any 64-bit CPU.
#ifndef NYMSTREAM_BASE_BYTE_SCAN_H_
#define NYMSTREAM_BASE_BYTE_SCAN_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace nymstream {

inline constexpr uint64_t kEveryByte = 0x0101010101010101U;

// The top bit of each byte of `word` that is zero, and perhaps of bytes above
// the lowest one that is.
constexpr uint64_t ZeroBytes(uint64_t word) {
  return (word - kEveryByte) & ~word & (kEveryByte << 7);
}

// Where the first `a` or `b` at or after `at` stands; text.size() if there is
// none. Cost: about one instruction a byte.
inline size_t FindEither(std::string_view text, size_t at, char a, char b) {
  static_assert(std::endian::native == std::endian::little);
  const uint64_t all_a = kEveryByte * static_cast<unsigned char>(a);
  const uint64_t all_b = kEveryByte * static_cast<unsigned char>(b);
  for (; at + sizeof(uint64_t) <= text.size(); at += sizeof(uint64_t)) {
    uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof word);
    const uint64_t found = ZeroBytes(word ^ all_a) | ZeroBytes(word ^ all_b);
    if (found != 0)
      return at + static_cast<size_t>(std::countr_zero(found)) / 8;
  }
  while (at < text.size() && text[at] != a && text[at] != b) ++at;
  return at;
}

}  // namespace nymstream

#endif  // NYMSTREAM_BASE_BYTE_SCAN_H_
