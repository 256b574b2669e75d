// Looks for bytes many at a time.
#ifndef NYMSTREAM_BASE_BYTE_SCAN_H_
#define NYMSTREAM_BASE_BYTE_SCAN_H_

#include <emmintrin.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace nymstream {

// Sixteen bytes at a time, as every x86-64 CPU can.
namespace byte_scan {

inline constexpr size_t kBlock = 16;

inline __m128i Load(const char* at) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
}

// Bit n: byte n at `a` is that at `b`.
inline uint32_t Same(const char* a, const char* b) {
  return static_cast<uint32_t>(
      _mm_movemask_epi8(_mm_cmpeq_epi8(Load(a), Load(b))));
}

// Bit n: byte n at `a`, bit 0x20 set, is `byte`.
inline uint32_t FoldedMatches(const char* a, char byte) {
  return static_cast<uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(
      _mm_or_si128(Load(a), _mm_set1_epi8(0x20)), _mm_set1_epi8(byte))));
}

// Bit n: byte n at `a` is a decimal digit.
inline uint32_t Digits(const char* a) {
  const __m128i above = _mm_sub_epi8(Load(a), _mm_set1_epi8('0'));
  return static_cast<uint32_t>(_mm_movemask_epi8(
      _mm_cmpeq_epi8(_mm_min_epu8(above, _mm_set1_epi8(9)), above)));
}

// Bit n: byte n of `bytes` is one of kBytes.
template <char... kBytes>
uint32_t Matches(__m128i bytes) {
  __m128i found = _mm_setzero_si128();
  ((found = _mm_or_si128(found, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(kBytes)))),
   ...);
  return static_cast<uint32_t>(_mm_movemask_epi8(found));
}

}  // namespace byte_scan

// The bytes of one text in blocks, in order. kReadAhead bytes behind the text
// must be readable. Cost: a load each.
class ByteBlocks {
 public:
  static constexpr size_t kReadAhead = byte_scan::kBlock;

  explicit ByteBlocks(std::string_view text) : text_(text) {}

  // False at the end.
  bool Next() {
    if (next_ >= text_.size()) return false;
    begin_ = next_;
    next_ += byte_scan::kBlock;
    bytes_ = byte_scan::Load(text_.data() + begin_);
    return true;
  }
  // Of the block in hand, its first byte in the text.
  size_t begin() const { return begin_; }
  // Bit n: byte n of the block is one of kBytes. In the last block, bits behind
  // the text mean nothing.
  template <char... kBytes>
  uint32_t Matches() const {
    return byte_scan::Matches<kBytes...>(bytes_);
  }

 private:
  std::string_view text_;
  size_t begin_ = 0;
  size_t next_ = 0;
  __m128i bytes_{};
};

}  // namespace nymstream

#endif  // NYMSTREAM_BASE_BYTE_SCAN_H_
