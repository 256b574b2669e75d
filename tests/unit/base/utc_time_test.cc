// Goal: one form of time, read exactly or not at all.
#include "base/utc_time.h"

#include <random>

#include "gtest/gtest.h"

namespace nymstream {
namespace {

TEST(UtcTimeTest, TimesAndDatesAreRead) {
  EXPECT_EQ(ParseUtcTime("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(ParseUtcTime("1970-01-02"), 86400);
  EXPECT_EQ(ParseUtcTime("1969-12-31T23:59:59Z"), -1);
  EXPECT_EQ(ParseUtcTime("2024-02-29T12:34:56Z"), 1709210096);
  EXPECT_EQ(ParseUtcTime("9999-12-31T23:59:59Z"), 253402300799);
}

TEST(UtcTimeTest, AnyOtherFormIsRefused) {
  for (const char* text : {"",
                           "2025",
                           "2025-1-01",
                           "2025-02-29",
                           "2025-00-01",
                           "2025-13-01",
                           "2025-01-00",
                           "2025-01-32",
                           "0000-01-01",
                           "2025-01-01T24:00:00Z",
                           "2025-01-01T00:60:00Z",
                           "2025-01-01T00:00:60Z",
                           "2025-01-01T00:00:00",
                           "2025-01-01t00:00:00z",
                           "2025-01-01 00:00:00Z",
                           "2025-01-01T00:00:00.5Z",
                           "2025-01-01T00:00:00+00:00",
                           " 2025-01-01",
                           "2025-01-01 ",
                           "+025-01-01",
                           "2025/01/01"}) {
    EXPECT_EQ(ParseUtcTime(text), std::nullopt) << text;
  }
}

TEST(UtcTimeTest, WhatIsWrittenIsReadBack) {
  EXPECT_EQ(UtcTimeText(1709210096), "2024-02-29T12:34:56Z");
  std::mt19937_64 random(7);
  std::uniform_int_distribution<int64_t> times(-62135596800, 253402300799);
  for (int i = 0; i < 10'000; ++i) {
    const int64_t time = times(random);
    ASSERT_EQ(ParseUtcTime(UtcTimeText(time)), time);
  }
}

}  // namespace
}  // namespace nymstream
