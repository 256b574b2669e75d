// Goal: what some YAML reader takes for more than text is known, and no plain
// text is. Method: the examples of the YAML specifications and near misses.
#include "document/plain_scalar.h"

#include <optional>

#include "document/byte_count.h"
#include "gtest/gtest.h"

namespace nymstream {
namespace {

TEST(PlainScalarTest, WhatYamlReadersConvertIsKnown) {
  for (const char* text : {"yes", "No", "ON", "off", "true", "False", "y", "N"})
    EXPECT_EQ(MeaningOfPlain(text), PlainMeaning::kBoolean) << text;
  for (const char* text :
       {"0",       "-1",           "+12",  "0600",       "1_000",
        "0x0A",    "0b1010",       "0o14", "190:20",     "1:20:30.5",
        "685.230", "6.8523015e+5", "1e3",  "685_230.15", ".5",
        "5.",      "-.inf",        ".NaN", "+0x1F",      "0_1"})
    EXPECT_EQ(MeaningOfPlain(text), PlainMeaning::kNumber) << text;
  for (const char* text : {"2024-01-31", "2024-1-1", "2001-12-14t21:59:43.10Z",
                           "2001-12-14 21:59:43.10 -5"})
    EXPECT_EQ(MeaningOfPlain(text), PlainMeaning::kDate) << text;
  for (const char* text : {"", "~", "null", "Null", "NULL"})
    EXPECT_EQ(MeaningOfPlain(text), PlainMeaning::kNull) << text;
  for (const char* text : {"<<", "="})
    EXPECT_EQ(MeaningOfPlain(text), PlainMeaning::kSpecialKey) << text;
}

TEST(PlainScalarTest, TextsAreTexts) {
  for (const char* text : {"no-ip-2024",
                           "yEs",
                           "nO",
                           "none",
                           "nulls",
                           "192.0.2.1",
                           "1.2.3",
                           "host:9092",
                           "12:345",
                           "0x",
                           "0b2",
                           "1e",
                           "-",
                           "+",
                           ".",
                           "..",
                           "_1",
                           "e3",
                           "000_762100f04c17dcb5.txt",
                           "P30D",
                           "1MiB",
                           "2024-01",
                           "2024-01-31x",
                           "20240-01-31",
                           "2024-01-31 to come",
                           "1:",
                           ":30",
                           "12 a",
                           "-.x",
                           "1-2",
                           "---a"})
    EXPECT_EQ(MeaningOfPlain(text), PlainMeaning::kText) << text;
}

TEST(PlainScalarTest, OnlyJsonsNumbersAreRead) {
  EXPECT_EQ(ParseWholeNumber("0"), 0);
  EXPECT_EQ(ParseWholeNumber("-17"), -17);
  EXPECT_EQ(ParseWholeNumber("9223372036854775807"), INT64_MAX);
  for (const char* text : {"", "-", "+1", "01", "0600", "1_000", "0x1", "1e3",
                           "1.0", " 1", "9223372036854775808", "1:30"})
    EXPECT_EQ(ParseWholeNumber(text), std::nullopt) << text;
  EXPECT_EQ(ParseNumber("-1.5e2"), -150.0);
  EXPECT_EQ(ParseNumber("0.01"), 0.01);
  for (const char* text :
       {".5", "5.", "1e", ".inf", ".nan", "inf", "nan", "1e999", "0x1p3", "01"})
    EXPECT_EQ(ParseNumber(text), std::nullopt) << text;
}

TEST(PlainScalarTest, SizesHaveBinaryUnits) {
  EXPECT_EQ(ParseByteCount("1048576"), 1U << 20);
  EXPECT_EQ(ParseByteCount("64KiB"), 64U << 10);
  EXPECT_EQ(ParseByteCount("1MiB"), 1U << 20);
  EXPECT_EQ(ParseByteCount("2GiB"), 2ULL << 30);
  for (const char* text :
       {"", "MiB", "1MB", "1M", "1 MiB", "-1", "-1MiB", "0600KiB", "1.5MiB",
        "1mib", "9223372036854775807GiB"})
    EXPECT_EQ(ParseByteCount(text), std::nullopt) << text;
}

}  // namespace
}  // namespace nymstream
