#include "engine/encoded_windows.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace nymstream {
namespace {

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kHex = "0123456789abcdef";

std::optional<uint32_t> SextetOf(char c) {
  if (c == '-') c = '+';
  if (c == '_') c = '/';
  const size_t found = kBase64.find(c);
  if (found == std::string_view::npos) return std::nullopt;
  return static_cast<uint32_t>(found);
}

std::optional<uint32_t> HexDigitOf(char c) {
  if (c >= 'A' && c <= 'F') c = static_cast<char>(c + 32);
  const size_t found = kHex.find(c);
  if (found == std::string_view::npos) return std::nullopt;
  return static_cast<uint32_t>(found);
}

// Every window of `text` by the book: from every character and bit offset, 32
// bits of the digits that `digit_of` reads.
template <typename DigitOf>
void AddSlowly(std::string_view text, size_t bits_each, size_t characters,
               DigitOf digit_of, std::vector<uint32_t>* windows) {
  for (size_t at = 0; at + characters <= text.size(); ++at) {
    uint64_t bits = 0;
    bool known = true;
    for (const char c : text.substr(at, characters)) {
      const auto digit = digit_of(c);
      known = known && digit.has_value();
      bits = bits << bits_each | digit.value_or(0);
    }
    if (!known) continue;
    for (size_t spare = bits_each * characters - 32;; spare -= 2) {
      const uint32_t window =
          __builtin_bswap32(static_cast<uint32_t>(bits >> spare));
      bool printable = true;
      for (int i = 0; i < 4; ++i) {
        const uint32_t byte = window >> (8 * i) & 0xFF;
        printable = printable && byte >= 0x20 && byte <= 0x7E;
      }
      if (printable) windows->push_back(window);
      if (spare == 0) break;
    }
  }
}

std::vector<uint32_t> Slowly(std::string_view text) {
  std::vector<uint32_t> windows;
  AddSlowly(text, 6, 6, SextetOf, &windows);
  AddSlowly(text, 4, 8, HexDigitOf, &windows);
  std::sort(windows.begin(), windows.end());
  return windows;
}

std::vector<uint32_t> Windows(std::string_view text) {
  std::vector<uint32_t> windows;
  AddEncodedWindows(text, &windows);
  std::sort(windows.begin(), windows.end());
  return windows;
}

uint32_t WindowAt(std::string_view value) { return *WindowOf(value); }

TEST(EncodedWindows, HoldTheSecondToFifthByteOfWhatIsEncoded) {
  // "client-42" in hex and in base64, with none, one and two bytes before it.
  for (const std::string_view text :
       {"636c69656e742d3432", "636C69656E742D3432", "Y2xpZW50LTQy",
        "eGNsaWVudC00Mg==", "eHhjbGllbnQtNDI="}) {
    EXPECT_THAT(Windows(text), testing::Contains(WindowAt("client-42")))
        << text;
  }
  EXPECT_THAT(Windows("Y2xpZ"), testing::IsEmpty());
}

// At every distance from the blocks that a text is read in.
TEST(EncodedWindows, AreThoseOfEveryCharacter) {
  constexpr uint64_t kSeed = 20261126;
  std::mt19937_64 random(kSeed);
  size_t found = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string text(random() % 200, ' ');
    const uint64_t way = random() % 4;
    for (char& c : text) {
      const uint64_t draw = random();
      if (draw % 40 == 0 || way == 0) {
        c = static_cast<char>(draw >> 8);
      } else {
        c = way == 1 ? kHex[draw % 16] : kBase64[(draw >> 8) % 64];
        if (way == 2 && c == '+') c = '-';
        if (way == 2 && c == '/') c = '_';
      }
    }
    const std::vector<uint32_t> windows = Windows(text);
    ASSERT_EQ(windows, Slowly(text)) << "seed " << kSeed << ": " << text;
    found += windows.size();
  }
  EXPECT_GT(found, 10000U);
}

}  // namespace
}  // namespace nymstream
