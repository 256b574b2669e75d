// What a text may hold in hex or base64, in few words.
#ifndef NYMSTREAM_ENGINE_ENCODED_WINDOWS_H_
#define NYMSTREAM_ENGINE_ENCODED_WINDOWS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

namespace nymstream {

// Encoded values are looked for from this length on; shorter ones occur in hex
// and base64 by chance.
inline constexpr size_t kEncodedBytesMin = 5;

// Appends every run of four bytes that `text` holds in hex (either case) or in
// base64 (both alphabets, any alignment), if all four are printable ASCII. A
// window is the four bytes, the first one in the lowest byte. Text in clear
// gives about one window for each fifteen characters, by chance. Linear.
void AddEncodedWindows(std::string_view text, std::vector<uint32_t>* windows);

// All four bytes are 0x20 to 0x7E.
constexpr bool IsPrintableWindow(uint32_t bytes) {
  constexpr uint32_t kHigh = 0x80808080U;
  const uint32_t at_least_space = (bytes | kHigh) - 0x20202020U;
  const uint32_t at_most_tilde = bytes + 0x01010101U;
  return (bytes & kHigh) == 0 && (at_least_space & kHigh) == kHigh &&
         (at_most_tilde & kHigh) == 0;
}

// The window that a text must have if it holds `value` (at least
// kEncodedBytesMin bytes) in hex or base64: its second to fifth byte, which
// every alignment decides wholly. nullopt if one of them is not printable: such
// a value can't be ruled out.
inline std::optional<uint32_t> WindowOf(std::string_view value) {
  uint32_t window = 0;
  std::memcpy(&window, value.data() + 1, sizeof window);
  if (!IsPrintableWindow(window)) return std::nullopt;
  return window;
}

// A Bloom filter of one hash over windows: false positives, no false negatives.
class WindowFilter {
 public:
  void Clear() { words_.fill(0); }
  void Add(uint32_t window) {
    const size_t bit = BitOf(window);
    words_[bit / 64] |= uint64_t{1} << bit % 64;
  }
  // All that `other` has.
  void Add(const WindowFilter& other) {
    for (size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
  }
  bool Has(uint32_t window) const {
    const size_t bit = BitOf(window);
    return (words_[bit / 64] >> bit % 64 & 1) != 0;
  }

 private:
  static constexpr int kBitsLog = 9;
  static size_t BitOf(uint32_t window) {
    return (window * 0x9E3779B1U) >> (32 - kBitsLog);
  }

  std::array<uint64_t, (1 << kBitsLog) / 64> words_{};
};

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_ENCODED_WINDOWS_H_
