// Compares and hashes short runs of bytes without a call.
#ifndef NYMSTREAM_BASE_SHORT_BYTES_H_
#define NYMSTREAM_BASE_SHORT_BYTES_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/byte_scan.h"

namespace nymstream {

inline uint64_t LoadEight(const char* bytes) {
  uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

inline uint64_t Mix(uint64_t a, uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

inline uint32_t LoadFour(const char* bytes) {
  uint32_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

// Fewer than eight bytes as a number; their size is not in it.
inline uint64_t LoadTail(std::string_view bytes) {
  const size_t size = bytes.size();
  if (size >= 4) {
    // Both ends, which may overlap.
    return LoadFour(bytes.data()) | uint64_t{LoadFour(bytes.data() + size - 4)}
                                        << 32;
  }
  if (size == 0) return 0;
  const auto at = [&](size_t i) {
    return uint64_t{static_cast<unsigned char>(bytes[i])};
  };
  return at(0) | at(size / 2) << 8 | at(size - 1) << 16;
}

// Without a call, since most values are short.
inline bool EqualBytes(const char* a, const char* b, size_t size) {
  constexpr size_t kStep = byte_scan::kBlock;
  const auto equal = [&](size_t at) {
    return byte_scan::Same(a + at, b + at) == 0xFFFF;
  };
  if (size >= kStep) {
    for (size_t at = 0; at + kStep <= size; at += kStep) {
      if (!equal(at)) return false;
    }
    return equal(size - kStep);
  }
  if (size >= 8) {
    return LoadEight(a) == LoadEight(b) &&
           LoadEight(a + size - 8) == LoadEight(b + size - 8);
  }
  return LoadTail({a, size}) == LoadTail({b, size});
}

// A fast hash; who makes values collide only makes them miss.
inline uint64_t HashBytes(std::string_view bytes, uint64_t seed) {
  constexpr uint64_t kOdd = 0x9E3779B97F4A7C15U;
  constexpr uint64_t kOther = 0xD6E8FEB86659FD93U;
  uint64_t hash = seed ^ (bytes.size() * kOdd);
  while (bytes.size() > 16) {
    hash = Mix(LoadEight(bytes.data()) ^ hash,
               LoadEight(bytes.data() + 8) ^ kOther);
    bytes.remove_prefix(16);
  }
  if (bytes.size() >= 8) {
    // Both ends, which may overlap.
    return Mix(LoadEight(bytes.data()) ^ hash,
               LoadEight(bytes.data() + bytes.size() - 8) ^ kOther);
  }
  return Mix(hash ^ LoadTail(bytes), kOdd);
}

// A text that is looked for where kReadAhead bytes can be read, whatever its
// size. Cost: about ten instructions.
class ShortText {
 public:
  static constexpr size_t kReadAhead = 2 * byte_scan::kBlock;

  // Stands nowhere in UTF-8.
  ShortText() { bytes_.front() = '\xFF'; }
  // `text` has 1 to kReadAhead bytes.
  explicit ShortText(std::string_view text)
      : wanted_(~uint32_t{0} >> (kReadAhead - text.size())) {
    std::copy(text.begin(), text.end(), bytes_.begin());
  }

  bool StandsAt(const char* at) const {
    const uint32_t same = byte_scan::Same(at, bytes_.data()) |
                          byte_scan::Same(at + byte_scan::kBlock,
                                          bytes_.data() + byte_scan::kBlock)
                              << byte_scan::kBlock;
    return (same & wanted_) == wanted_;
  }

 private:
  std::array<char, kReadAhead> bytes_{};  // zeros behind the text
  uint32_t wanted_ = 1;                   // a bit for each byte of the text
};

}  // namespace nymstream

#endif  // NYMSTREAM_BASE_SHORT_BYTES_H_
