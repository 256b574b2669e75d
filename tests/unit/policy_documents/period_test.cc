// Goal: periods are calendar durations of a day or more, with one canonical
// text. Method: examples of ISO 8601 by hand.
#include <string>

#include "base/utc_time.h"
#include "gtest/gtest.h"
#include "nymstream/policy.h"

namespace nymstream {
namespace {

TEST(PeriodTest, YearsMonthsWeeksAndDaysAreRead) {
  EXPECT_EQ(ParsePeriod("P30D"), (Period{0, 0, 30}));
  EXPECT_EQ(ParsePeriod("P2Y"), (Period{2, 0, 0}));
  EXPECT_EQ(ParsePeriod("P1Y6M"), (Period{1, 6, 0}));
  EXPECT_EQ(ParsePeriod("P4W"), (Period{0, 0, 28}));
  EXPECT_EQ(ParsePeriod("P1Y2M3D"), (Period{1, 2, 3}));
}

TEST(PeriodTest, WhatIsNoCalendarPeriodIsRefused) {
  for (const char* text :
       {"",      "P",     "30D",    "p30d",  "P0D",
        "P0Y0M", "PT1H",  "P1DT1H", "P-1D",  "P1.5Y",
        "P1M1Y", "P1D1M", "P1Y1W",  "P1W1D", "P0W1D",
        "P1",    "P1Y ",  " P1Y",   "P101Y", "P99999999999999999999D"}) {
    EXPECT_EQ(ParsePeriod(text), std::nullopt) << text;
  }
}

TEST(PeriodTest, TheCanonicalTextParsesToTheSamePeriod) {
  for (const char* text : {"P30D", "P1Y6M", "P5214W", "P0Y7D", "P100Y1200M"}) {
    const std::optional<Period> period = ParsePeriod(text);
    ASSERT_TRUE(period.has_value()) << text;
    EXPECT_EQ(ParsePeriod(PeriodText(*period)), period) << text;
  }
  EXPECT_EQ(PeriodText(Period{1, 0, 7}), "P1Y7D");
}

TEST(PeriodTest, AShiftFollowsTheCalendar) {
  const auto shift = [](const char* from, const char* period, int count) {
    return UtcTimeText(
        ShiftByPeriod(*ParseUtcTime(from), *ParsePeriod(period), count));
  };
  EXPECT_EQ(shift("2024-02-28T10:11:12Z", "P1D", 1), "2024-02-29T10:11:12Z");
  EXPECT_EQ(shift("2024-01-01", "P1M", 13), "2025-02-01T00:00:00Z");
  EXPECT_EQ(shift("2024-01-31", "P1M", 1), "2024-03-02T00:00:00Z");
  EXPECT_EQ(shift("2024-02-29", "P1Y", 1), "2025-03-01T00:00:00Z");
  EXPECT_EQ(shift("2024-03-31T23:59:59Z", "P1Y1M1D", -1),
            "2023-03-02T23:59:59Z");
  EXPECT_EQ(shift("1970-01-01", "P1D", -1), "1969-12-31T00:00:00Z");
  EXPECT_EQ(shift("2024-01-31", "P1M", 0), "2024-01-31T00:00:00Z");
}

}  // namespace
}  // namespace nymstream
