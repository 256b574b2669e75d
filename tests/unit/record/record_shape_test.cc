// Goal: a record that is taken for one like another gives the elements that a
// parse gives, and no record is taken that a parse refuses.
// Method: the parser's other way as the oracle, over generated logs and over
// records that are mutated at any byte; and how many are taken.
#include "record/record_shape.h"

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "generate/log_generator.h"
#include "gtest/gtest.h"
#include "record/json_parser.h"
#include "support/same_element.h"
#include "unit/record/parse_support.h"

namespace nymstream {
namespace {

// Parses like the engine: by shape, and else from the ground up.
class ShapeFixture {
 public:
  explicit ShapeFixture(const std::vector<std::string_view>& paths)
      : matcher_(FieldsAt(paths)), parser_(&matcher_, 64), oracle_(paths) {}

  // `behind` follows the record in memory.
  void Parse(std::string_view text, std::string_view behind = "") {
    std::string bytes(text);
    bytes += behind;
    bytes.append(kRawPadding, '"');
    const std::string_view view(bytes.data(), text.size());
    const bool valid = !oracle_.Parse(text).has_value();
    const size_t taken = parser_.ParseAlike(view, &record_);
    if (taken > 0) {
      ++alike;
      ASSERT_EQ(taken, text.size()) << text;
      ASSERT_TRUE(valid) << text;
      ASSERT_NE(record_.shape, 0U);
      ASSERT_TRUE(HaveSameElements(record_, oracle_.record)) << text;
    } else {
      ASSERT_EQ(!parser_.Parse(view, &record_).has_value(), valid) << text;
      ASSERT_EQ(record_.shape, 0U);
    }
  }

  int alike = 0;

 private:
  PathMatcher matcher_;
  JsonParser parser_;
  ParsedRecord record_;
  JsonFixture oracle_;
};

std::vector<std::string> LinesOf(GeneratedFormat format, int count) {
  LogGenerator generator({.format = format});
  std::vector<std::string> lines;
  for (int i = 0; i < count; ++i) {
    std::string text;
    generator.AppendRecord(&text);
    text.pop_back();
    lines.push_back(text);
  }
  return lines;
}

class GeneratedTest : public ::testing::TestWithParam<GeneratedFormat> {};

TEST_P(GeneratedTest, MostRecordsAreAlikeAndGiveWhatAParseGives) {
  constexpr int kRecords = 2000;
  ShapeFixture shapes({"remote_addr", "status", "http_cookie",
                       "request.headers.User-Agent[*]", "request.remote_ip"});
  for (const std::string& line : LinesOf(GetParam(), kRecords)) {
    shapes.Parse(line);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(shapes.alike, kRecords * 9 / 10);
}

TEST_P(GeneratedTest, MutatedRecordsAreNeverTakenForWhatTheyAreNot) {
  std::mt19937 random(7);
  ShapeFixture shapes({"remote_addr", "status", "request.remote_ip"});
  const std::vector<std::string> lines = LinesOf(GetParam(), 50);
  constexpr std::string_view kBytes = "\"\"\"{}[]:,,0129.-eE+tfn x\t\\\x80";
  for (int i = 0; i < 40000; ++i) {
    const std::string& clean = lines[random() % lines.size()];
    // Clean ones between keep the shapes known.
    if (i % 2 == 0) {
      shapes.Parse(clean);
    } else {
      std::string text = clean;
      const auto at = [&] { return random() % text.size(); };
      for (auto n = random() % 3 + 1; n > 0; --n) {
        const char byte = kBytes[random() % kBytes.size()];
        switch (random() % 5) {
          case 0:
            text[at()] = byte;
            break;
          case 1:
            text.insert(at(), 1, byte);
            break;
          case 2:
            text.erase(at(), random() % 4 + 1);
            break;
          case 3:  // the rest goes elsewhere
            text.resize(at() + 1);
            break;
          default: {  // a part of it once more
            const size_t from = at();
            text.insert(at(), text.substr(from, random() % 40));
          }
        }
      }
      // What a record lacks may stand right behind it.
      shapes.Parse(text, clean.substr(std::min(text.size(), clean.size())));
    }
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(shapes.alike, 15000);
}

INSTANTIATE_TEST_SUITE_P(Formats, GeneratedTest,
                         ::testing::Values(GeneratedFormat::kNginxJson,
                                           GeneratedFormat::kCaddy),
                         [](const auto& tested) {
                           return tested.param == GeneratedFormat::kCaddy
                                      ? "Caddy"
                                      : "Nginx";
                         });

// Parses `first`, so that its shape is known, then `second`.
bool AreAlike(std::string_view first, std::string_view second,
              std::string_view behind = "") {
  ShapeFixture shapes({"a", "b"});
  shapes.Parse(first);
  shapes.Parse(second, behind);
  return shapes.alike == 1;
}

TEST(RecordShapeTest, ValuesOfOneKindMayDiffer) {
  EXPECT_TRUE(AreAlike(R"({"a":"x","b":1})", R"({"a":"longer","b":-2.5e+7})"));
  EXPECT_TRUE(AreAlike(R"({"a":"x","b":1})", R"({"a":"","b":0})"));
  EXPECT_TRUE(AreAlike(R"({"a":"","b":1})", R"({"a":"not empty","b":22})"));
  EXPECT_TRUE(AreAlike(R"({"a":true,"b":1})", R"({"a":false,"b":1})"));
  EXPECT_TRUE(AreAlike(R"({"a":null,"b":""})", R"({"a":null,"b":"x"})"));
  EXPECT_TRUE(AreAlike(R"({"a":{"b":["x","y"]}})", R"({"a":{"b":["","z"]}})"));
  EXPECT_TRUE(
      AreAlike(R"({ "a" : "x" , "b" : 1 } )", R"({ "a" : "xx" , "b" : 22 } )"));
}

TEST(RecordShapeTest, KindsNamesAndStructureMayNot) {
  EXPECT_FALSE(AreAlike(R"({"a":1})", R"({"a":"1"})"));
  EXPECT_FALSE(AreAlike(R"({"a":1})", R"({"a":null})"));
  EXPECT_FALSE(AreAlike(R"({"a":1})", R"({"b":1})"));
  EXPECT_FALSE(AreAlike(R"({"a":1})", R"({"a": 1})"));
  EXPECT_FALSE(AreAlike(R"({"a":1})", R"({"a":01})"));
  EXPECT_FALSE(AreAlike(R"({"a":1})", R"({"a":1 })"));
  EXPECT_FALSE(AreAlike(R"({"a":["x"]})", R"({"a":["x","y"]})"));
  EXPECT_FALSE(AreAlike(R"({"a":"x"})", R"({"a":"\""})"));
  EXPECT_FALSE(AreAlike(R"({"a":"x"})", "{\"a\":\"\xC3\xA9\"}"));
}

TEST(RecordShapeTest, WhatStandsBehindARecordCompletesNone) {
  EXPECT_FALSE(AreAlike(R"({"a":"x","b":"y"})", R"({"a":"x","b":")", "y\"}"));
  EXPECT_FALSE(AreAlike(R"({"a":"x"})", R"({"a":"x)", "\"}"));
  EXPECT_FALSE(AreAlike(R"({"a":"x","b":1})", R"({"a":"x","b)", "\":1}"));
  EXPECT_FALSE(AreAlike(R"({"a":1})", R"({"a":)", "1}"));
}

// What stands before a quote is looked for before it, which may be nowhere.
TEST(RecordShapeTest, RunsThatWouldBeginBeforeTheRecordAreRefused) {
  const std::string spaces(40, ' ');
  EXPECT_FALSE(AreAlike("{\"a\":1," + spaces + "\"b\":2}", R"({"a":"b":2})"));
}

TEST(RecordShapeTest, NumbersWithoutAQuoteBetweenThemAreParsed) {
  EXPECT_FALSE(AreAlike(R"({"a":[1,2]})", R"({"a":[3,4]})"));
}

TEST(RecordShapeTest, LongRunsAndLongRecordsAreCompared) {
  const std::string name(100, 'n');
  const auto record = [](std::string_view key, size_t size) {
    return "{\"" + std::string(key) + "\":\"" + std::string(size, 'v') + "\"}";
  };
  EXPECT_TRUE(AreAlike(record(name, 3), record(name, 5000)));
  EXPECT_FALSE(AreAlike(record(name, 3), record(name, 20000)));
  std::string other = name;
  other[90] = 'm';
  EXPECT_FALSE(AreAlike(record(name, 3), record(other, 3)));
}

TEST(RecordShapeTest, SeveralShapesAreKnownAtATime) {
  ShapeFixture shapes({"a"});
  for (int round = 0; round < 3; ++round) {
    for (int members = 1; members <= 6; ++members) {
      std::string text = "{\"a\":\"x\"";
      for (int i = 1; i < members; ++i) {
        text += ",\"m" + std::to_string(i) + "\":" + std::to_string(round);
      }
      shapes.Parse(text + "}");
    }
  }
  EXPECT_EQ(shapes.alike, 12);
}

// A record of `count` members, which is like no other of another `number`.
std::string WideRecord(int number, int count) {
  std::string text = "{\"n" + std::to_string(number) + "\":\"x\"";
  for (int i = 1; i < count; ++i) text += ",\"a\":[]";
  return text + "}";
}

// To learn a shape costs more than a parse.
TEST(RecordShapeTest, ShapesThatNeverComeAgainAreLearntForSomeTimeOnly) {
  ShapeFixture shapes({"a"});
  for (int i = 0; i < 20; ++i) {
    shapes.Parse(WideRecord(i, 100));
    shapes.Parse("{}");  // now and then like one before
  }
  const int before = shapes.alike;
  shapes.Parse(WideRecord(20, 100));
  shapes.Parse(WideRecord(20, 100));
  EXPECT_EQ(shapes.alike, before);
  for (int i = 0; i < 20; ++i) shapes.Parse(WideRecord(20, 100));
  EXPECT_GT(shapes.alike, before);
}

TEST(RecordShapeTest, ShapesOfVeryManyElementsAreNotLearnt) {
  ShapeFixture shapes({"a"});
  std::string text = "{\"a\":[[]";
  for (int i = 0; i < 1500; ++i) text += ",[]";
  for (int i = 0; i < 5; ++i) shapes.Parse(text + "]}");
  EXPECT_EQ(shapes.alike, 0);
}

// Places of quotes belong to the text that was parsed next.
TEST(RecordShapeTest, AnotherTextAtTheSamePlaceIsNotLearntByThem) {
  PathMatcher matcher(FieldsAt({"a"}));
  JsonParser parser(&matcher, 64);
  ParsedRecord record;
  const std::string invalid = R"({"a":"x"x"})";
  std::string text = invalid + std::string(kRawPadding, ' ');
  const std::string_view view(text.data(), invalid.size());
  EXPECT_EQ(parser.ParseAlike(view, &record), 0U);
  EXPECT_TRUE(parser.Parse(view, &record).has_value());
  text.replace(0, invalid.size(), R"({"a":"xxx"})");
  EXPECT_FALSE(parser.Parse(view, &record).has_value());
  text.replace(0, invalid.size(), invalid);
  EXPECT_EQ(parser.ParseAlike(view, &record), 0U);
}

}  // namespace
}  // namespace nymstream
