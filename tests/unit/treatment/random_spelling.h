// Random choices and random spellings of addresses, from a seed that a failing
// test prints.
#ifndef NYMSTREAM_TESTS_UNIT_TREATMENT_RANDOM_SPELLING_H_
#define NYMSTREAM_TESTS_UNIT_TREATMENT_RANDOM_SPELLING_H_

#include <array>
#include <cstdio>
#include <random>
#include <string>

namespace nymstream {

using AddressBytes = std::array<unsigned char, 16>;

class Random {
 public:
  explicit Random(uint32_t seed) : engine_(seed) {}
  // 0 to `bound` - 1.
  int Below(int bound) {
    return static_cast<int>(engine_() % static_cast<uint32_t>(bound));
  }
  bool Coin() { return Below(2) == 0; }
  // Zero groups are as frequent as others, so that `::` has something to do.
  AddressBytes Address() {
    AddressBytes bytes{};
    for (size_t i = 0; i < bytes.size(); i += 2) {
      const int kind = Below(4);
      if (kind < 2) continue;
      if (kind == 2) bytes[i] = static_cast<unsigned char>(Below(256));
      bytes[i + 1] = static_cast<unsigned char>(Below(256));
    }
    return bytes;
  }

 private:
  std::mt19937 engine_;
};

inline std::string Print(const char* format, int value) {
  char text[16];
  // NOLINTNEXTLINE: the formats are constants of this file.
  std::snprintf(text, sizeof(text), format, value);
  return text;
}

inline std::string DottedQuad(const unsigned char* bytes) {
  std::string text;
  for (int i = 0; i < 4; ++i) {
    text += Print(i == 0 ? "%d" : ".%d", bytes[i]);
  }
  return text;
}

// One of the forms that RFC 4291, section 2.2, allows.
inline std::string Spell(const AddressBytes& bytes, Random& random) {
  const bool dotted = random.Below(4) == 0;
  const int groups = dotted ? 6 : 8;
  const auto group = [&](int i) {
    const auto at = static_cast<size_t>(2 * i);
    return bytes[at] << 8 | bytes[at + 1];
  };
  // `::` may stand for any run of zero groups, also for a part of one.
  int gap_begin = -1;
  int gap_end = -1;
  if (random.Coin()) {
    const int start = random.Below(groups);
    for (int i = start; i < groups && gap_begin < 0; ++i) {
      if (group(i) == 0) gap_begin = i;
    }
    if (gap_begin >= 0) {
      gap_end = gap_begin + 1;
      while (gap_end < groups && group(gap_end) == 0 && random.Below(4) > 0) {
        ++gap_end;
      }
    }
  }
  std::string text;
  for (int i = 0; i < groups;) {
    if (i == gap_begin) {
      text += "::";
      i = gap_end;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    constexpr std::array<const char*, 4> kFormats = {"%x", "%X", "%04x",
                                                     "%04X"};
    text += Print(kFormats[static_cast<size_t>(random.Below(4))], group(i));
    ++i;
  }
  if (dotted) {
    if (text.back() != ':') text += ':';
    text += DottedQuad(bytes.data() + 12);
  }
  return text;
}

}  // namespace nymstream

#endif  // NYMSTREAM_TESTS_UNIT_TREATMENT_RANDOM_SPELLING_H_
