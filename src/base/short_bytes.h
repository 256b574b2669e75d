// Compares and hashes short runs of bytes without a call.
#ifndef NYMSTREAM_BASE_SHORT_BYTES_H_
#define NYMSTREAM_BASE_SHORT_BYTES_H_

#include <emmintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

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
  constexpr size_t kStep = sizeof(__m128i);
  const auto equal = [&](size_t at) {
    const auto* const from_a = reinterpret_cast<const __m128i*>(a + at);
    const auto* const from_b = reinterpret_cast<const __m128i*>(b + at);
    const __m128i same =
        _mm_cmpeq_epi8(_mm_loadu_si128(from_a), _mm_loadu_si128(from_b));
    return _mm_movemask_epi8(same) == 0xFFFF;
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

}  // namespace nymstream

#endif  // NYMSTREAM_BASE_SHORT_BYTES_H_
