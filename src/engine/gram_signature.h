// Which four-byte grams a text may hold, in few words.
#ifndef NYMSTREAM_ENGINE_GRAM_SIGNATURE_H_
#define NYMSTREAM_ENGINE_GRAM_SIGNATURE_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <string_view>

namespace nymstream {

inline constexpr size_t kGramBytes = 4;

// The next four bytes, ASCII case folded (and some other bytes alike: a hit is
// verified in any case).
inline uint32_t LoadGram(const char* bytes) {
  uint32_t word = 0;
  std::memcpy(&word, bytes, kGramBytes);
  return word | 0x20202020U;
}

// True if one of the four bytes of a gram may be a space.
inline bool HasSpace(uint32_t gram) {
  const uint32_t differs = gram ^ 0x20202020U;
  return ((differs - 0x01010101U) & ~differs & 0x80808080U) != 0;
}

// A Bloom filter of one hash: false positives, but no false negatives. Made
// once when a value is treated and kept with it, so that most values that leave
// need not be searched. Cost: a few instructions a byte to make, a few to ask.
class GramSignature {
 public:
  using Bit = uint16_t;
  static constexpr int kBitsLog = 9;
  static constexpr int kBits = 1 << kBitsLog;

  static Bit BitOf(uint32_t gram) {
    return static_cast<Bit>((gram * 0x9E3779B1U) >> (32 - kBitsLog));
  }

  // Adds every gram of `text`.
  void Add(std::string_view text) {
    for (size_t at = 0; at + kGramBytes <= text.size(); ++at) {
      const Bit bit = BitOf(LoadGram(text.data() + at));
      words_[bit / 64] |= uint64_t{1} << (bit % 64);
    }
  }

  // Adds every gram of `other`.
  void Add(const GramSignature& other) {
    for (size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
  }

  // Adds all grams that there are.
  void AddAll() { words_.fill(~uint64_t{0}); }

  // Bits that are set.
  int Count() const {
    return std::accumulate(
        words_.begin(), words_.end(), 0,
        [](int count, uint64_t word) { return count + std::popcount(word); });
  }

  bool Has(uint32_t bit) const {
    return (words_[bit / 64] >> (bit % 64) & 1) != 0;
  }

 private:
  std::array<uint64_t, kBits / 64> words_{};
};

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_GRAM_SIGNATURE_H_
