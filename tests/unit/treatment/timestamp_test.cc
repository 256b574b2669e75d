// Goal: every form of one moment gives its second; nothing else is a time.
// Method: the C library's gmtime and timegm as oracles over generated moments
// and forms and over every day of 440 years; mutated texts; traps.
#include "treatment/timestamp.h"

#include <array>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "unit/treatment/random_spelling.h"

namespace nymstream {
namespace {

constexpr uint32_t kSeed = 3339;
constexpr int64_t kEnd = 253402300800;  // 10000-01-01

std::string Strftime(const char* format, int64_t local) {
  const time_t time = local;
  std::tm civil{};
  gmtime_r(&time, &civil);
  char text[64];
  return std::string(text, strftime(text, sizeof(text), format, &civil));
}

std::string Zone(int minutes, const char* format) {
  char text[16];
  const int size = std::abs(minutes);
  // NOLINTNEXTLINE: the formats are constants of this file.
  std::snprintf(text, sizeof(text), format, minutes < 0 ? '-' : '+', size / 60,
                size % 60);
  return text;
}

struct Moment {
  int64_t unix_seconds;
  int zone;  // minutes
  std::string fraction;
};

Moment RandomMoment(Random& random) {
  int64_t seconds = random.Below(1 << 30);
  seconds = (seconds << 8 | random.Below(256)) % kEnd;
  if (random.Coin()) seconds %= 2000000000;
  std::string fraction;
  for (int digits = random.Below(10); digits > 0; --digits) {
    fraction += static_cast<char>('0' + random.Below(10));
  }
  const int quarter = random.Below(4) * 15;
  int zone = random.Below(14) * 60 + (random.Coin() ? quarter : 0);
  if (random.Coin()) zone = -zone;
  // The local date needs four digits of year.
  if (seconds + zone * 60 >= kEnd || seconds + zone * 60 < 0) zone = 0;
  return {seconds, zone, fraction};
}

// The moment in every form that can hold it, each with its form.
std::vector<std::pair<std::string, TimestampForm>> Forms(const Moment& moment) {
  const int64_t utc = moment.unix_seconds;
  const int64_t local = utc + moment.zone * 60;
  const std::string& fraction = moment.fraction;
  const std::string point = fraction.empty() ? "" : "." + fraction;
  const std::string comma = fraction.empty() ? "" : "," + fraction;
  const std::string iso = Strftime("%Y-%m-%dT%H:%M:%S", local);
  const std::string spaced = Strftime("%Y-%m-%d %H:%M:%S", local);
  const std::string colon_zone = Zone(moment.zone, "%c%02d:%02d");
  const std::string zone = Zone(moment.zone, "%c%02d%02d");
  const std::string common = Strftime("%d/%b/%Y:%H:%M:%S ", local) + zone;
  const std::string utc_iso = Strftime("%Y-%m-%dT%H:%M:%S", utc);
  std::vector<std::pair<std::string, TimestampForm>> forms = {
      {iso + point + colon_zone, TimestampForm::kIso8601},
      {iso + comma + zone, TimestampForm::kIso8601},
      {spaced + point + " " + zone, TimestampForm::kIso8601},
      {utc_iso + point + "Z", TimestampForm::kIso8601},
      {utc_iso + comma + "z", TimestampForm::kIso8601},
      {utc_iso + point, TimestampForm::kIso8601},
      {common, TimestampForm::kCommonLog},
      {"[" + common + "]", TimestampForm::kCommonLog},
      {Strftime("%a, %d %b %Y %H:%M:%S GMT", utc), TimestampForm::kImfFixdate},
      {std::to_string(utc) + point, TimestampForm::kUnixSeconds},
  };
  if (moment.zone % 60 == 0) {
    forms.push_back(
        {iso + Zone(moment.zone, "%c%02d"), TimestampForm::kIso8601});
  }
  if (utc >= 1000000000 && utc < 9000000000) {
    const std::string nanos =
        std::to_string(utc) + (fraction + "000000000").substr(0, 9);
    forms.push_back({nanos.substr(0, 13) + ".25", TimestampForm::kUnixMillis});
    forms.push_back({nanos.substr(0, 13), TimestampForm::kUnixMillis});
    forms.push_back({nanos.substr(0, 16), TimestampForm::kUnixMicros});
    forms.push_back({nanos, TimestampForm::kUnixNanos});
  }
  return forms;
}

TEST(TimestampTest, EveryFormOfAMomentGivesItsSecond) {
  Random random(kSeed);
  for (int i = 0; i < 20000; ++i) {
    const Moment moment = RandomMoment(random);
    for (const auto& [text, form] : Forms(moment)) {
      const auto parsed = ParseTimestamp(text);
      ASSERT_TRUE(parsed.has_value()) << text << " seed " << kSeed;
      ASSERT_EQ(parsed->unix_seconds, moment.unix_seconds)
          << text << " seed " << kSeed;
      ASSERT_EQ(parsed->form, form) << text << " seed " << kSeed;
    }
  }
}

TEST(TimestampTest, EveryDayOfTheCalendarAndNoOtherIsADate) {
  for (int year = 1970; year < 2410; ++year) {
    for (int month = 1; month <= 12; ++month) {
      for (int day = 0; day <= 32; ++day) {
        char text[64];
        std::snprintf(text, sizeof(text), "%04d-%02d-%02dT00:00:00Z", year,
                      month, day);
        std::tm civil{};
        civil.tm_year = year - 1900;
        civil.tm_mon = month - 1;
        civil.tm_mday = day;
        const int64_t expected = timegm(&civil);
        const bool real = civil.tm_mday == day && civil.tm_mon == month - 1;
        const auto parsed = ParseTimestamp(text);
        ASSERT_EQ(parsed.has_value(), real) << text;
        if (real) {
          ASSERT_EQ(parsed->unix_seconds, expected) << text;
        }
      }
    }
  }
}

TEST(TimestampTest, TruncationGivesTheStartOfTheUnitInTheSameForm) {
  Random random(kSeed);
  for (int i = 0; i < 20000; ++i) {
    const Moment moment = RandomMoment(random);
    for (const auto& [text, form] : Forms(moment)) {
      const auto parsed = ParseTimestamp(text);
      ASSERT_TRUE(parsed.has_value()) << text;
      for (const auto& [unit, size] : {std::pair(TimeUnit::kMinute, 60),
                                       std::pair(TimeUnit::kHour, 3600)}) {
        std::string out(text.size() + 1, '#');
        const size_t length =
            TruncateTimestamp(text, *parsed, unit, out.data());
        ASSERT_LE(length, text.size());
        ASSERT_EQ(out.back(), '#');
        out.resize(length);
        const auto again = ParseTimestamp(out);
        ASSERT_TRUE(again.has_value()) << text << " -> " << out;
        ASSERT_EQ(again->unix_seconds,
                  moment.unix_seconds - moment.unix_seconds % size)
            << text << " -> " << out << " seed " << kSeed;
        ASSERT_EQ(again->form, form) << text << " -> " << out;
        // Nothing finer is left: the same text comes of the unit's start.
        std::string twice(out.size(), '#');
        twice.resize(TruncateTimestamp(out, *again, unit, twice.data()));
        ASSERT_EQ(twice, out) << text;
      }
    }
  }
}

TEST(TimestampTest, TruncationHidesEverythingFiner) {
  const auto truncate = [](const std::string& text, TimeUnit unit) {
    std::string out(text.size(), '#');
    const auto parsed = ParseTimestamp(text);
    EXPECT_TRUE(parsed.has_value()) << text;
    if (!parsed) return std::string();
    out.resize(TruncateTimestamp(text, *parsed, unit, out.data()));
    return out;
  };
  EXPECT_EQ(truncate("2026-11-24T10:11:12.345+01:00", TimeUnit::kMinute),
            "2026-11-24T10:11:00.000+01:00");
  EXPECT_EQ(truncate("2026-11-24 10:11:12,5", TimeUnit::kHour),
            "2026-11-24 10:00:00,0");
  EXPECT_EQ(truncate("[24/Nov/2026:10:11:12 +0100]", TimeUnit::kHour),
            "[24/Nov/2026:10:00:00 +0100]");
  EXPECT_EQ(truncate("Tue, 24 Nov 2026 10:11:12 GMT", TimeUnit::kMinute),
            "Tue, 24 Nov 2026 10:11:00 GMT");
  EXPECT_EQ(truncate("1763978412.123", TimeUnit::kMinute), "1763978400");
  EXPECT_EQ(truncate("1763978412123", TimeUnit::kMinute), "1763978400000");
  EXPECT_EQ(truncate("1763978412123456789", TimeUnit::kHour),
            "1763978400000000000");
  // 18:41 the day before in UTC.
  EXPECT_EQ(truncate("2026-03-01T00:11:12+05:30", TimeUnit::kHour),
            "2026-02-28T23:30:00+05:30");
  EXPECT_EQ(truncate("2026-03-01T00:11:12+05:30", TimeUnit::kMinute),
            "2026-03-01T00:11:00+05:30");
  EXPECT_EQ(truncate("1970-01-01T00:00:00-00:30", TimeUnit::kHour),
            "1969-12-31T23:30:00-00:30");
  EXPECT_EQ(truncate("Sat, 31 Dec 2016 23:59:60 GMT", TimeUnit::kHour),
            "Sun, 01 Jan 2017 00:00:00 GMT");
}

TEST(TimestampTest, ALeapSecondIsTheNextMinutesStart) {
  EXPECT_EQ(ParseTimestamp("2016-12-31T23:59:60Z")->unix_seconds, 1483228800);
  EXPECT_FALSE(ParseTimestamp("2016-12-31T23:59:61Z"));
  EXPECT_FALSE(ParseTimestamp("9999-12-31T23:59:60Z"));
  EXPECT_FALSE(ParseTimestamp("9999-12-31T23:59:60+00:01"));
}

TEST(TimestampTest, TheEndsOfTimeAreInUtc) {
  EXPECT_EQ(ParseTimestamp("1970-01-01T00:00:00Z")->unix_seconds, 0);
  EXPECT_EQ(ParseTimestamp("1969-12-31T23:00:00-01:00")->unix_seconds, 0);
  EXPECT_EQ(ParseTimestamp("9999-12-31T23:59:59Z")->unix_seconds, kEnd - 1);
  EXPECT_EQ(ParseTimestamp("253402300799")->unix_seconds, kEnd - 1);
  EXPECT_EQ(ParseTimestamp("0")->unix_seconds, 0);
  for (const char* text :
       {"1969-12-31T23:59:59Z", "1970-01-01T00:30:00+01:00", "253402300800",
        "9999-12-31T23:30:00-01:00", "0000-01-01T00:00:00Z",
        "Wed, 31 Dec 1969 23:59:59 GMT"}) {
    EXPECT_FALSE(ParseTimestamp(text)) << text;
  }
}

TEST(TimestampTest, WhatIsNotOneWholeTimeIsRefused) {
  const std::vector<std::string> traps = {
      "",
      "-",
      " ",
      "2026-11-24",
      "2026-11-24T10:11",
      "2026-11-24T10:11Z",
      "2026-11-24T10:11:12.",
      "2026-11-24T10:11:12.Z",
      "2026-11-24T10:11:12.1234567890Z",
      "2026-11-24T10:11:12 ",
      " 2026-11-24T10:11:12",
      "2026-11-24T10:11:12ZZ",
      "2026-11-24T10:11:12Z ",
      "2026-11-24T10:11:12+",
      "2026-11-24T10:11:12+1",
      "2026-11-24T10:11:12+0:00",
      "2026-11-24T10:11:12+01:0",
      "2026-11-24T10:11:12+24:00",
      "2026-11-24T10:11:12+01:60",
      "2026-11-24T10:11:12+01-00",
      "2026-11-24T10:11:12 UTC",
      "2026-11-24T10:11:12[Europe/Paris]",
      "2026-11-24X10:11:12",
      "2026-13-24T10:11:12Z",
      "2026-00-24T10:11:12Z",
      "2026-02-29T10:11:12Z",
      "2100-02-29T10:11:12Z",
      "2026-11-24T24:00:00Z",
      "2026-11-24T10:60:00Z",
      "2026-11-24T1 :11:12Z",
      "2026-11-24T10:11:-2Z",
      "2026/11/24T10:11:12Z",
      "+026-11-24T10:11:12Z",
      "20261124T101112Z",
      "24/nov/2026:10:11:12 +0100",
      "24/Nov/2026:10:11:12",
      "24/Nov/2026:10:11:12 0100",
      "24/Nov/2026 10:11:12 +0100",
      "4/Nov/2026:10:11:12 +0100",
      "31/Nov/2026:10:11:12 +0100",
      "[24/Nov/2026:10:11:12 +0100",
      "24/Nov/2026:10:11:12 +0100]",
      "[[24/Nov/2026:10:11:12 +0100]]",
      "24/ovD/2026:10:11:12 +0100",
      "Mon, 24 Nov 2026 10:11:12 GMT",
      "Tue, 24 Nov 2026 10:11:12 UTC",
      "Tue, 24-Nov-26 10:11:12 GMT",
      "Tue Nov 24 10:11:12 2026",
      "hFr, 24 Nov 2026 10:11:12 GMT",
      "1763978400.123, 1763978400.124",
      "1763978400,123",
      "1.7639784e9",
      "1763978400e0",
      "1763978400.",
      ".5",
      "1763978400.1234567890",
      "1763978400.12.3",
      "-1763978400",
      "+1763978400",
      " 1763978400",
      "1763978400 ",
      "01763978400",
      "0001763978400",
      "00",
      "0x69243a20",
      "17639784001234",
      "176397840012345",
      "17639784001234567",
      "176397840012345678",
      "17639784001234567890",
      "1763978400123456.5",
      "1763978400123456789.5",
      "999999999999",
      std::string("1763978400\0", 11),
      std::string(100, '1'),
      "not a time",
  };
  for (const std::string& text : traps) {
    EXPECT_FALSE(ParseTimestamp(text)) << text;
  }
}

TEST(TimestampTest, MutatedTextIsRefusedOrTruncatedLikeAnyOther) {
  constexpr std::string_view kBytes = "0123456789:-+.,/ TZ[]eJanGM";
  Random random(kSeed);
  int valid = 0;
  for (int i = 0; i < 200000; ++i) {
    const Moment moment = RandomMoment(random);
    const auto forms = Forms(moment);
    const auto pick =
        static_cast<size_t>(random.Below(static_cast<int>(forms.size())));
    std::string text = forms[pick].first;
    const auto at =
        static_cast<size_t>(random.Below(static_cast<int>(text.size())));
    text[at] = kBytes[static_cast<size_t>(
        random.Below(static_cast<int>(kBytes.size())))];
    const auto parsed = ParseTimestamp(text);
    if (!parsed) continue;
    ++valid;
    ASSERT_GE(parsed->unix_seconds, 0) << text << " seed " << kSeed;
    ASSERT_LT(parsed->unix_seconds, kEnd) << text << " seed " << kSeed;
    std::string out(text.size() + 1, '#');
    const size_t size =
        TruncateTimestamp(text, *parsed, TimeUnit::kMinute, out.data());
    ASSERT_EQ(out.back(), '#') << text << " seed " << kSeed;
    out.resize(size);
    ASSERT_EQ(ParseTimestamp(out)->unix_seconds,
              parsed->unix_seconds - parsed->unix_seconds % 60)
        << text << " seed " << kSeed;
  }
  EXPECT_GT(valid, 10000);
}

}  // namespace
}  // namespace nymstream
