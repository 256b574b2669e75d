// Looks for bytes many at a time.
#ifndef NYMSTREAM_BASE_BYTE_SCAN_H_
#define NYMSTREAM_BASE_BYTE_SCAN_H_

#include <emmintrin.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace nymstream {

// Sixteen bytes at a time, as every x86-64 CPU can.
namespace byte_scan {

template <char... kBytes>
bool IsAny(char c) {
  return ((c == kBytes) || ...);
}

// Bit n: the byte at `at` + n is one of kBytes.
template <char... kBytes>
uint32_t MatchesOfSixteen(const char* at) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  __m128i found = _mm_setzero_si128();
  ((found = _mm_or_si128(found, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(kBytes)))),
   ...);
  return static_cast<uint32_t>(_mm_movemask_epi8(found));
}

}  // namespace byte_scan

// Where the first byte at or after `at` stands that is one of kBytes;
// text.size() if there is none. Cost: for sixteen bytes, two instructions for
// each of kBytes and about six.
template <char... kBytes>
size_t FindAny(std::string_view text, size_t at) {
  constexpr size_t kStep = 16;
  for (; at + kStep <= text.size(); at += kStep) {
    const uint32_t found =
        byte_scan::MatchesOfSixteen<kBytes...>(text.data() + at);
    if (found != 0) return at + static_cast<size_t>(std::countr_zero(found));
  }
  if (text.size() >= kStep && at < text.size()) {
    // The last sixteen, without those before `at`.
    const size_t last = text.size() - kStep;
    const uint32_t found =
        byte_scan::MatchesOfSixteen<kBytes...>(text.data() + last) >>
        (at - last);
    return found == 0 ? text.size()
                      : at + static_cast<size_t>(std::countr_zero(found));
  }
  while (at < text.size() && !byte_scan::IsAny<kBytes...>(text[at])) ++at;
  return at;
}

}  // namespace nymstream

#endif  // NYMSTREAM_BASE_BYTE_SCAN_H_
