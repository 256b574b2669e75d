#include "engine/encoded_windows.h"

#include <emmintrin.h>

#include <algorithm>
#include <array>
#include <bit>

#include "base/byte_scan.h"
#include "treatment/ascii.h"

namespace nymstream {
namespace {

// A window of base64 lies in this many characters, one of hex in so many.
constexpr size_t kBase64Characters = 6;
constexpr size_t kHexCharacters = 8;

// Up to 64 characters of a text, each with a bit of a mask.
class CharacterBlock {
 public:
  static constexpr size_t kCharacters = 64;

  // `size` bytes; what is missing to kCharacters is of no alphabet.
  CharacterBlock(const char* text, size_t size) {
    alignas(16) std::array<char, kCharacters> rest;
    if (size < kCharacters) {
      rest.fill(' ');
      std::copy_n(text, size, rest.begin());
      text = rest.data();
    }
    for (size_t at = 0; at < kCharacters; at += byte_scan::kBlock) {
      Read(text, at);
    }
  }

  // Bit n: characters n to n + kBase64Characters - 1 hold, from bit `kOffset`
  // on, four bytes none of which is beyond ASCII or below a space.
  template <unsigned kOffset>
  uint64_t Base64Windows() const {
    uint64_t windows = RunsOf6();
    // Bytes begin each eight bits; a plane holds one of six bits.
    for (unsigned bit = kOffset; bit < kOffset + 32; bit += 8) {
      windows &= ~Bit(bit) & (Bit(bit + 1) | Bit(bit + 2));
    }
    return windows;
  }
  // Bit n: characters n to n + kHexCharacters - 1 are hex digits.
  uint64_t HexRuns() const {
    uint64_t runs = hex_ & hex_ >> 1;
    runs &= runs >> 2;
    return runs & runs >> 4;
  }

  // The four bytes from bit `offset` of character `at` on, first one highest.
  uint32_t Base64Window(size_t at, unsigned offset) const {
    uint64_t bits = 0;
    for (size_t i = 0; i < kBase64Characters; ++i) {
      bits = bits << 6 | sextets_[at + i];
    }
    return static_cast<uint32_t>(bits >> (4 - offset));
  }

 private:
  static __m128i Is(__m128i bytes, char c) {
    return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c));
  }
  // Bytes beyond ASCII are below all others here.
  static __m128i IsIn(__m128i bytes, char first, char last) {
    return _mm_and_si128(
        _mm_cmpgt_epi8(bytes, _mm_set1_epi8(static_cast<char>(first - 1))),
        _mm_cmpgt_epi8(_mm_set1_epi8(static_cast<char>(last + 1)), bytes));
  }
  static uint64_t MaskOf(__m128i bytes, size_t at) {
    return static_cast<uint64_t>(
               static_cast<uint32_t>(_mm_movemask_epi8(bytes)))
           << at;
  }

  void Read(const char* text, size_t at) {
    const __m128i bytes = byte_scan::Load(text + at);
    const __m128i lower = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
    const __m128i letter = IsIn(lower, 'a', 'z');
    const __m128i small = _mm_and_si128(letter, IsIn(bytes, 'a', 'z'));
    const __m128i digit = IsIn(bytes, '0', '9');
    const __m128i plus = _mm_or_si128(Is(bytes, '+'), Is(bytes, '-'));
    const __m128i slash = _mm_or_si128(Is(bytes, '/'), Is(bytes, '_'));
    hex_ |= MaskOf(_mm_or_si128(digit, IsIn(lower, 'a', 'f')), at);
    known_ |= MaskOf(
        _mm_or_si128(_mm_or_si128(letter, digit), _mm_or_si128(plus, slash)),
        at);
    // "A-Za-z0-9+/" are 0 to 63.
    const auto times = [](__m128i mask, int value) {
      return _mm_and_si128(mask, _mm_set1_epi8(static_cast<char>(value)));
    };
    __m128i sextets = _mm_and_si128(
        _mm_add_epi8(bytes,
                     _mm_or_si128(times(letter, -'A'), times(digit, 52 - '0'))),
        _mm_or_si128(letter, digit));
    sextets = _mm_sub_epi8(sextets, times(small, 'a' - 'A' - 26));
    sextets =
        _mm_or_si128(sextets, _mm_or_si128(times(plus, 62), times(slash, 63)));
    _mm_store_si128(reinterpret_cast<__m128i*>(sextets_.data() + at), sextets);
    // The highest of six bits first. Shifts carry into the next byte, but
    // not up to its own highest bit.
    for (size_t bit = 0; bit < planes_.size(); ++bit) {
      planes_[bit] |=
          MaskOf(_mm_slli_epi16(sextets, static_cast<int>(bit) + 2), at);
    }
  }

  // Bit n: characters n to n + 5 are of base64.
  uint64_t RunsOf6() const {
    const uint64_t two = known_ & known_ >> 1;
    const uint64_t four = two & two >> 2;
    return four & two >> 4;
  }
  // Bit n: bit `bit` from character n on, six bits in each.
  uint64_t Bit(unsigned bit) const { return planes_[bit % 6] >> (bit / 6); }

  uint64_t hex_ = 0;
  uint64_t known_ = 0;  // of base64
  std::array<uint64_t, 6> planes_{};
  alignas(16) std::array<uint8_t, kCharacters> sextets_;
};

// Windows have their first byte lowest.
void AddIfPrintable(uint32_t bytes, std::vector<uint32_t>* windows) {
  if (IsPrintableWindow(bytes)) windows->push_back(__builtin_bswap32(bytes));
}

template <unsigned kOffset>
void AddBase64(const CharacterBlock& block, uint64_t starts,
               std::vector<uint32_t>* windows) {
  for (uint64_t left = block.Base64Windows<kOffset>() & starts; left != 0;
       left &= left - 1) {
    const auto at = static_cast<size_t>(std::countr_zero(left));
    AddIfPrintable(block.Base64Window(at, kOffset), windows);
  }
}

void AddHex(const CharacterBlock& block, uint64_t starts, const char* text,
            std::vector<uint32_t>* windows) {
  for (uint64_t left = block.HexRuns() & starts; left != 0; left &= left - 1) {
    const auto at = static_cast<size_t>(std::countr_zero(left));
    uint32_t bytes = 0;
    for (size_t i = 0; i < kHexCharacters; ++i) {
      bytes = bytes << 4 | static_cast<uint32_t>(HexValue(text[at + i]));
    }
    AddIfPrintable(bytes, windows);
  }
}

}  // namespace

void AddEncodedWindows(std::string_view text, std::vector<uint32_t>* windows) {
  // Blocks overlap, so that each window lies in one as a whole.
  constexpr size_t kStep = CharacterBlock::kCharacters - kHexCharacters + 1;
  constexpr uint64_t kStarts = ~uint64_t{0} >> (64 - kStep);
  for (size_t at = 0; at + kBase64Characters <= text.size(); at += kStep) {
    const char* const begin = text.data() + at;
    const CharacterBlock block(
        begin, std::min(text.size() - at, CharacterBlock::kCharacters));
    AddBase64<0>(block, kStarts, windows);
    AddBase64<2>(block, kStarts, windows);
    AddBase64<4>(block, kStarts, windows);
    AddHex(block, kStarts, begin, windows);
  }
}

}  // namespace nymstream
