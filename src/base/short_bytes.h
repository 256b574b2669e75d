// Compares and hashes short runs of bytes without a call.
#ifndef NYMSTREAM_BASE_SHORT_BYTES_H_
#define NYMSTREAM_BASE_SHORT_BYTES_H_

#include <emmintrin.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/byte_scan.h"

namespace nymstream {

inline uint64_t Mix(uint64_t a, uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

// Texts are read in blocks of so many bytes, whatever their size: one way for
// most of them, since sizes can't be predicted. What lies behind a text up to
// the end of its last block must be readable.
inline constexpr size_t kTextBlock = 64;

// True if the `size` bytes at `a` are those at `b`. Cost: some thirty
// instructions a block.
inline bool EqualBytes(const char* a, const char* b, size_t size) {
  constexpr size_t kStep = byte_scan::kBlock;
  const auto same = [&](size_t at) -> uint64_t {
    return uint64_t{byte_scan::Same(a + at, b + at)} << at;
  };
  while (true) {
    const uint64_t all =
        same(0) | same(kStep) | same(2 * kStep) | same(3 * kStep);
    if (size <= kTextBlock) [[likely]]
      return size == 0 || ~all << (kTextBlock - size) == 0;
    if (~all != 0) return false;
    a += kTextBlock;
    b += kTextBlock;
    size -= kTextBlock;
  }
}

// A fast hash in the manner of XXH3; who makes values collide only makes them
// miss. Cost: some forty instructions a block.
inline uint64_t HashBytes(const char* text, size_t size, uint64_t seed) {
  constexpr size_t kStep = byte_scan::kBlock;
  constexpr uint64_t kOdd = 0x9E3779B97F4A7C15U;
  constexpr uint64_t kOther = 0xD6E8FEB86659FD93U;
  // Keys of the four parts of a block.
  alignas(16) static constexpr std::array<uint64_t, kTextBlock / 8> kKeys = {
      0x9E3779B185EBCA87U, 0xC2B2AE3D27D4EB4FU, 0x165667B19E3779F9U,
      0x85EBCA77C2B2AE63U, 0x27D4EB2F165667C5U, 0xA0761D6478BD642FU,
      0xE7037ED1A0B428DBU, 0x8EBC6AF09C88C6E3U};
  // Bytes to keep, then as many to drop.
  alignas(16) static constexpr auto kKeep = [] {
    std::array<char, 2 * kTextBlock> keep{};
    for (size_t i = 0; i < kTextBlock; ++i) keep[i] = '\xFF';
    return keep;
  }();
  __m128i sum = _mm_set1_epi64x(static_cast<int64_t>(seed ^ (size * kOdd)));
  while (true) {
    const size_t kept = std::min(size, kTextBlock);
    const char* const keep = kKeep.data() + kTextBlock - kept;
    for (size_t at = 0; at < kTextBlock; at += kStep) {
      const __m128i bytes =
          _mm_and_si128(byte_scan::Load(text + at), byte_scan::Load(keep + at));
      const __m128i keyed = _mm_xor_si128(
          bytes, _mm_load_si128(
                     reinterpret_cast<const __m128i*>(kKeys.data() + at / 8)));
      const __m128i product = _mm_mul_epu32(keyed, _mm_srli_epi64(keyed, 32));
      sum = _mm_add_epi64(
          sum, _mm_add_epi64(product, _mm_shuffle_epi32(bytes, 0x4E)));
    }
    const auto low = static_cast<uint64_t>(_mm_cvtsi128_si64(sum));
    const auto high =
        static_cast<uint64_t>(_mm_cvtsi128_si64(_mm_unpackhi_epi64(sum, sum)));
    const uint64_t hash = Mix(low ^ kOdd, high ^ kOther);
    if (size <= kTextBlock) [[likely]]
      return hash;
    sum =
        _mm_set_epi64x(static_cast<int64_t>(hash), static_cast<int64_t>(high));
    text += kTextBlock;
    size -= kTextBlock;
  }
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
