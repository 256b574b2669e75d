#include "record/quote_index.h"

#include <immintrin.h>

#include <array>

// Functions between these are compiled for the CPUs that have `features`.
#define NYM_PRAGMA(words) _Pragma(#words)
#ifdef __clang__
#define NYM_BEGIN_TARGET(features)                                   \
  NYM_PRAGMA(clang attribute push(__attribute__((target(features))), \
                                  apply_to = function))
#define NYM_END_TARGET NYM_PRAGMA(clang attribute pop)
#else
#define NYM_BEGIN_TARGET(features) \
  NYM_PRAGMA(GCC push_options)     \
  NYM_PRAGMA(GCC target(features))
#define NYM_END_TARGET NYM_PRAGMA(GCC pop_options)
#endif

namespace nymstream {
namespace {

constexpr char kQuote = '"';
constexpr char kBackslash = '\\';
// Compared as signed, all that is no ASCII is below a space too.
constexpr char kSpace = ' ';

// Stores where the bits of `bits` stand, from `at` on, the lowest first; for
// those CPUs that can't do several at once. Always eight, since their number
// can't be predicted.
inline __attribute__((always_inline)) void StoreEach(uint64_t bits, uint32_t at,
                                                     uint32_t* places) {
  constexpr int kStep = 8;
  constexpr uint64_t kAny = uint64_t{1} << 63;  // where no bit is left
  while (true) {
    for (int i = 0; i < kStep; ++i) {
      places[i] = at + static_cast<uint32_t>(__builtin_ctzll(bits | kAny));
      bits &= bits - 1;
    }
    if (bits == 0) [[likely]]
      return;
    places += kStep;
  }
}

// Each kind of CPU has a Block of 64 bytes, and the loop compiled for it.
namespace sse2 {

class Block {
 public:
  explicit Block(const char* text) {
    for (int i = 0; i < 4; ++i) {
      parts_[i] =
          _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + 16 * i));
    }
  }
  uint64_t Quotes() const {
    return Bits([](__m128i part) {
      return _mm_cmpeq_epi8(part, _mm_set1_epi8(kQuote));
    });
  }
  // What ends a line, or makes it one that is not plain.
  uint64_t Stops() const {
    return Bits([](__m128i part) {
      return _mm_or_si128(_mm_cmplt_epi8(part, _mm_set1_epi8(kSpace)),
                          _mm_cmpeq_epi8(part, _mm_set1_epi8(kBackslash)));
    });
  }
  static void Store(uint64_t bits, uint32_t at, uint32_t* places) {
    StoreEach(bits, at, places);
  }

 private:
  template <typename Compare>
  uint64_t Bits(Compare compare) const {
    uint64_t bits = 0;
    for (int i = 0; i < 4; ++i) {
      const auto part =
          static_cast<uint32_t>(_mm_movemask_epi8(compare(parts_[i])));
      bits |= uint64_t{part} << 16 * i;
    }
    return bits;
  }
  __m128i parts_[4];
};

#include "record/quote_index_loop.inc"

}  // namespace sse2

NYM_BEGIN_TARGET("avx2,bmi,bmi2,popcnt")
namespace avx2 {

class Block {
 public:
  explicit Block(const char* text)
      : low_(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(text))),
        high_(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + 32))) {
  }
  uint64_t Quotes() const { return Bits(QuotesOf(low_), QuotesOf(high_)); }
  uint64_t Stops() const { return Bits(StopsOf(low_), StopsOf(high_)); }
  static void Store(uint64_t bits, uint32_t at, uint32_t* places) {
    StoreEach(bits, at, places);
  }

 private:
  static __m256i QuotesOf(__m256i part) {
    return _mm256_cmpeq_epi8(part, _mm256_set1_epi8(kQuote));
  }
  static __m256i StopsOf(__m256i part) {
    return _mm256_or_si256(
        _mm256_cmpgt_epi8(_mm256_set1_epi8(kSpace), part),
        _mm256_cmpeq_epi8(part, _mm256_set1_epi8(kBackslash)));
  }
  static uint64_t Bits(__m256i low, __m256i high) {
    return static_cast<uint32_t>(_mm256_movemask_epi8(low)) |
           uint64_t{static_cast<uint32_t>(_mm256_movemask_epi8(high))} << 32;
  }
  __m256i low_;
  __m256i high_;
};

#include "record/quote_index_loop.inc"

}  // namespace avx2
NYM_END_TARGET

#ifndef __clang__
// g++ 12 warns of its own header: GCC bug 105593.
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
NYM_BEGIN_TARGET("avx512f,avx512bw,avx512vbmi2,bmi,bmi2,popcnt")
namespace avx512 {

class Block {
 public:
  explicit Block(const char* text) : bytes_(_mm512_loadu_si512(text)) {}
  uint64_t Quotes() const {
    return _mm512_cmpeq_epi8_mask(bytes_, _mm512_set1_epi8(kQuote));
  }
  uint64_t Stops() const {
    return _mm512_cmplt_epi8_mask(bytes_, _mm512_set1_epi8(kSpace)) |
           _mm512_cmpeq_epi8_mask(bytes_, _mm512_set1_epi8(kBackslash));
  }
  static void Store(uint64_t bits, uint32_t at, uint32_t* places) {
    alignas(64) static constexpr auto kPlaces = [] {
      std::array<char, kQuoteIndexBlock> all{};
      for (size_t i = 0; i < all.size(); ++i) all[i] = static_cast<char>(i);
      return all;
    }();
    __m512i found =
        _mm512_maskz_compress_epi8(bits, _mm512_load_si512(kPlaces.data()));
    constexpr int kStep = 16;
    for (int left = __builtin_popcountll(bits);; left -= kStep) {
      const __m512i wide = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(found));
      _mm512_storeu_si512(
          places,
          _mm512_add_epi32(wide, _mm512_set1_epi32(static_cast<int>(at))));
      if (left <= kStep) [[likely]]
        return;
      places += kStep;
      found = _mm512_alignr_epi32(found, found, kStep / 4);
    }
  }

 private:
  __m512i bytes_;
};

#include "record/quote_index_loop.inc"

}  // namespace avx512
NYM_END_TARGET

}  // namespace

std::vector<QuoteIndexer> QuoteIndexers() {
  std::vector<QuoteIndexer> indexers;
  __builtin_cpu_init();
  // All that the targets name: a virtual machine may hide any of them.
  const bool bits = __builtin_cpu_supports("bmi") &&
                    __builtin_cpu_supports("bmi2") &&
                    __builtin_cpu_supports("popcnt");
  if (bits && __builtin_cpu_supports("avx512f") &&
      __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vbmi2")) {
    indexers.push_back({"avx512", &avx512::IndexQuotes});
  }
  if (bits && __builtin_cpu_supports("avx2")) {
    indexers.push_back({"avx2", &avx2::IndexQuotes});
  }
  indexers.push_back({"sse2", &sse2::IndexQuotes});
  return indexers;
}

}  // namespace nymstream
