// Writes text into memory that was made large enough before.
#ifndef NYMSTREAM_GENERATE_BYTE_WRITER_H_
#define NYMSTREAM_GENERATE_BYTE_WRITER_H_

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/check.h"

namespace nymstream {

// Aborts rather than write beyond its end. The memory is the caller's.
class ByteWriter {
 public:
  ByteWriter(char* begin, size_t size)
      : begin_(begin), at_(begin), end_(begin + size) {}

  // A literal: its length is known when it is compiled.
  template <size_t kSize>
  void Put(const char (&literal)[kSize]) {
    std::memcpy(Take(kSize - 1), literal, kSize - 1);
  }
  void Put(std::string_view text) {
    // Not memcpy, which takes no null pointer, as an empty text may have.
    std::copy(text.begin(), text.end(), Take(text.size()));
  }
  void PutNumber(uint64_t number) {
    const auto [end, error] = std::to_chars(at_, end_, number);
    NYM_CHECK(error == std::errc());
    at_ = end;
  }
  // The last `digits` decimal digits of `number`.
  void PutPadded(uint64_t number, int digits) {
    char* const to = Take(static_cast<size_t>(digits));
    for (int i = digits - 1; i >= 0; --i) {
      to[i] = static_cast<char>('0' + number % 10);
      number /= 10;
    }
  }
  // The low `digits` hexadecimal digits of `bits`; at most 16, an even number.
  void PutHex(uint64_t bits, int digits) {
    char* const to = Take(static_cast<size_t>(digits));
    for (int i = digits - 2; i >= 0; i -= 2) {
      std::memcpy(to + i, kHexPairs.data() + 2 * (bits & 0xff), 2);
      bits >>= 8;
    }
  }
  // The UUID of version 4 that has its bits from `a` and `b`.
  void PutUuid(uint64_t a, uint64_t b) {
    PutHex(a >> 32, 8);
    Put("-");
    PutHex(a >> 16, 4);
    Put("-");
    PutHex(0x4000 | (a & 0xfff), 4);
    Put("-");
    PutHex(0xa000 | (b & 0xfff), 4);
    Put("-");
    PutHex(b >> 16, 12);
  }
  // `number` as letters: different for each number below 26^8.
  void PutLetters(uint64_t number) {
    char* const to = Take(8);
    for (int i = 7; i >= 0; --i) {
      to[i] = static_cast<char>('a' + number % 26);
      number /= 26;
    }
  }

  // What was written since `from`, which size() gave.
  std::string_view Since(size_t from) const {
    return {begin_ + from, size() - from};
  }
  size_t size() const { return static_cast<size_t>(at_ - begin_); }

 private:
  static constexpr std::array<char, 512> kHexPairs = [] {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::array<char, 512> pairs{};
    for (size_t i = 0; i < 256; ++i) {
      pairs[2 * i] = kDigits[i >> 4];
      pairs[2 * i + 1] = kDigits[i & 15];
    }
    return pairs;
  }();

  char* Take(size_t size) {
    NYM_CHECK(static_cast<size_t>(end_ - at_) >= size);
    char* const to = at_;
    at_ += size;
    return to;
  }

  char* begin_;
  char* at_;
  char* end_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_GENERATE_BYTE_WRITER_H_
