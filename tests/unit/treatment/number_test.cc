// Goal: only what is plainly a number, word or country is kept as one. Method:
// tables of what logs write and of what could hide there.
#include "treatment/number.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace nymstream {
namespace {

std::string Bucket(std::string_view text, std::vector<double> bounds) {
  char out[32];
  return std::string(out, BucketOf(text, bounds, out));
}

TEST(NumberTest, NumbersAndNginxListsOfThemArePlain) {
  for (const char* text :
       {"0", "-0", "200", "0.003", "-1.5e+10", "1E9", "-", "0.001, 0.002",
        "0.001,0.002", "-, 0.1", "0.1, 0.2 : 0.3", "0.1 : -", "10.5e-3"}) {
    EXPECT_TRUE(IsPlainNumber(text)) << text;
  }
}

TEST(NumberTest, OtherTextIsNoPlainNumber) {
  for (const char* text :
       {"",         " ",     " 1",      "1 ",   "+1",        "01",   "-01",
        "1.",       ".5",    "1e",      "1e+",  "0x10",      "NaN",  "inf",
        "Infinity", "1_000", "1 000",   "1,",   ",1",        "1,,2", "1, ",
        "--1",      "- -",   "12:34",   "1: 2", "192.0.2.1", "1;2",  "1a",
        "alice",    "1\n",   "\xd9\xa1"}) {
    EXPECT_FALSE(IsPlainNumber(text)) << text;
  }
}

TEST(NumberTest, ABucketIsNamedByItsLowerBound) {
  const std::vector<double> bounds = {0, 100, 1000.5, 1e6};
  EXPECT_EQ(Bucket("0", bounds), "0");
  EXPECT_EQ(Bucket("99.999", bounds), "0");
  EXPECT_EQ(Bucket("100", bounds), "100");
  EXPECT_EQ(Bucket("1e2", bounds), "100");
  EXPECT_EQ(Bucket("1000.5", bounds), "1000.5");
  EXPECT_EQ(Bucket("1000000", bounds), "1000000");
  EXPECT_EQ(Bucket("123456789012345678901234567890", bounds), "1000000");
  EXPECT_EQ(Bucket("-1", bounds), "<0");
  EXPECT_EQ(Bucket(" 5 ", bounds), "0");
  EXPECT_EQ(Bucket("1", {-1e300}), "-1e+300");
  EXPECT_EQ(Bucket("0.1", {0.1}), "0.1");
  EXPECT_EQ(Bucket("-2e300", {-1.2345678901234567e300}),
            "<-1.2345678901234567e+300");
}

TEST(NumberTest, WhatIsNoSingleNumberHasNoBucket) {
  for (const char* text : {"", "-", "1, 2", "1e999", "alice", "0x1", "nan"}) {
    EXPECT_EQ(Bucket(text, {0, 1}), "") << text;
  }
  EXPECT_EQ(Bucket("1", {}), "");
}

TEST(AgeTest, WholeYearsAreRead) {
  EXPECT_EQ(ParseAge("34"), 34);
  EXPECT_EQ(ParseAge("34.0"), 34);
  EXPECT_EQ(ParseAge("17.9"), 17);
  EXPECT_EQ(ParseAge("1.7e1"), 17);
  EXPECT_EQ(ParseAge(" 17 "), 17);
  EXPECT_EQ(ParseAge("0"), 0);
  EXPECT_EQ(ParseAge("150"), 150);
  for (const char* text : {"", "-", "-1", "151", "017", "17 years", "17-18",
                           "0x11", "seventeen", "1e999"}) {
    EXPECT_FALSE(ParseAge(text).has_value()) << text;
  }
}

TEST(AgeTest, EveryAgeIsInTheRangeThatNamesIt) {
  for (int age = 0; age <= 150; ++age) {
    const std::string range(AgeRange(age));
    const size_t hyphen = range.find('-');
    if (hyphen == std::string::npos) {
      EXPECT_EQ(range, "65+");
      EXPECT_GE(age, 65);
      continue;
    }
    EXPECT_GE(age, std::stoi(range.substr(0, hyphen)));
    EXPECT_LE(age, std::stoi(range.substr(hyphen + 1)));
  }
}

TEST(BooleanTest, OnlyWordsOfTruthArePlain) {
  for (const char* text :
       {"true", "False", "YES", "no", "on", "Off", "0", "1", "-"}) {
    EXPECT_TRUE(IsPlainBoolean(text)) << text;
  }
  for (const char* text : {"", "2", "t", "y", "truex", "true ", "null"}) {
    EXPECT_FALSE(IsPlainBoolean(text)) << text;
  }
}

TEST(EnumTest, AClosedVocabularyTakesItsMembersOnly) {
  const std::vector<std::string> values = {"GET", "a b"};
  EXPECT_TRUE(IsPlainEnum("GET", values));
  EXPECT_TRUE(IsPlainEnum("a b", values));
  EXPECT_FALSE(IsPlainEnum("get", values));
  EXPECT_FALSE(IsPlainEnum("", values));
}

TEST(EnumTest, AnOpenVocabularyTakesShortPlainTokens) {
  for (const char* text :
       {"GET", "HTTP/1.1", "TLSv1.3", "ECDHE-RSA-AES128-GCM-SHA256", "MISS",
        "eu-west-1", "12345678", "_", "TLS_AES_128_GCM_SHA256"}) {
    EXPECT_TRUE(IsPlainEnum(text, {})) << text;
  }
  EXPECT_TRUE(IsPlainEnum(std::string(64, 'a'), {}));
  EXPECT_FALSE(IsPlainEnum(std::string(65, 'g'), {}));
  for (const char* text :
       {"", "a b", "a,b", "123456789", "x-123456789", "abcdefghij1234567",
        "\xc3\xa4", "a\"b", "a%20b", "192.0.2.1", "2001:db8::1",
        "00:00:5e:00:53:01", "+4915112345678"}) {
    EXPECT_FALSE(IsPlainEnum(text, {})) << text;
  }
}

TEST(CountryTest, OnlyCountryCodesArePlain) {
  for (const char* text : {"DE", "us", "Gb", "XK", "XX", "T1", "t1", "-"}) {
    EXPECT_TRUE(IsCountryCode(text)) << text;
  }
  for (const char* text :
       {"", "D", "DEU", "ZZ", "QQ", "d1", "D ", "EA", "T0"}) {
    EXPECT_FALSE(IsCountryCode(text)) << text;
  }
  // Codes stand side by side in one text; none is read across two of them.
  int count = 0;
  for (char a = 'A'; a <= 'Z'; ++a) {
    for (char b = 'A'; b <= 'Z'; ++b)
      count += IsCountryCode({&a, 0}) ? 1 : IsCountryCode(std::string{a, b});
  }
  EXPECT_EQ(count, 249 + 2);
}

}  // namespace
}  // namespace nymstream
