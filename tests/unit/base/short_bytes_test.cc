#include "base/short_bytes.h"

#include <cstdint>
#include <set>
#include <string>

#include "gtest/gtest.h"

namespace nymstream {
namespace {

constexpr size_t kSizeMax = 200;

// `size` bytes that differ from place to place, and others behind them.
std::string Text(size_t size, char behind) {
  std::string text(size, ' ');
  for (size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + i % 23);
  return text + std::string(kTextBlock, behind);
}

TEST(ShortBytesTest, OnlyTheBytesOfATextCount) {
  for (size_t size = 0; size <= kSizeMax; ++size) {
    const std::string text = Text(size, 'x');
    const std::string same = Text(size, 'y');
    EXPECT_TRUE(EqualBytes(text.data(), same.data(), size)) << size;
    EXPECT_EQ(HashBytes(text.data(), size, 7), HashBytes(same.data(), size, 7))
        << size;
    EXPECT_NE(HashBytes(text.data(), size, 7), HashBytes(same.data(), size, 8))
        << size;
  }
}

TEST(ShortBytesTest, EachByteOfATextCounts) {
  for (size_t size = 1; size <= kSizeMax; ++size) {
    const std::string text = Text(size, 'x');
    for (size_t at = 0; at < size; ++at) {
      std::string other = text;
      other[at] = static_cast<char>(other[at] ^ 1);
      ASSERT_FALSE(EqualBytes(text.data(), other.data(), size))
          << size << " " << at;
      ASSERT_NE(HashBytes(text.data(), size, 7),
                HashBytes(other.data(), size, 7))
          << size << " " << at;
    }
  }
}

// Both halves choose a place: sets and tags.
TEST(ShortBytesTest, HashesOfNumbersFillBothHalves) {
  constexpr size_t kTexts = 4096;
  std::set<uint32_t> low;
  std::set<uint32_t> high;
  for (size_t i = 0; i < kTexts; ++i) {
    const std::string number = std::to_string(100000 + i);
    const std::string text =
        "/articles/" + number + "/overview" + std::string(kTextBlock, ' ');
    const uint64_t hash = HashBytes(text.data(), 25, 1);
    low.insert(static_cast<uint32_t>(hash) >> 16);
    high.insert(static_cast<uint32_t>(hash >> 48));
  }
  // 4,096 draws out of 65,536 give 3,970 values on average.
  EXPECT_GT(low.size(), 3900U);
  EXPECT_GT(high.size(), 3900U);
}

}  // namespace
}  // namespace nymstream
