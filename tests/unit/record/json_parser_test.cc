// Goal: exactly the objects of RFC 8259 pass, and each value is found at its
// place. Method: hand-made cases, and an independent validator as the oracle
// over mutated records.
#include "record/json_parser.h"

#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "unit/record/parse_support.h"

namespace nymstream {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RefusedTest : public ::testing::TestWithParam<
                        std::pair<const char*, QuarantineReason>> {};

TEST_P(RefusedTest, IsQuarantinedForItsReason) {
  JsonFixture json({"a"});
  EXPECT_EQ(json.Parse(GetParam().first), GetParam().second);
}

constexpr auto kNotJson = QuarantineReason::kNotJson;
INSTANTIATE_TEST_SUITE_P(
    Texts, RefusedTest,
    ::testing::Values(
        std::pair{"{", kNotJson}, std::pair{"}", kNotJson},
        std::pair{R"({"a":1,})", kNotJson}, std::pair{R"({,})", kNotJson},
        std::pair{R"({"a":1 "b":2})", kNotJson},
        std::pair{R"({"a" 1})", kNotJson}, std::pair{R"({"a"x:1})", kNotJson},
        std::pair{R"({a:1})", kNotJson}, std::pair{R"({'a':1})", kNotJson},
        std::pair{R"({"a":01})", kNotJson}, std::pair{R"({"a":1.})", kNotJson},
        std::pair{R"({"a":.5})", kNotJson}, std::pair{R"({"a":+1})", kNotJson},
        std::pair{R"({"a":1e})", kNotJson}, std::pair{R"({"a":-})", kNotJson},
        std::pair{R"({"a":NaN})", kNotJson},
        std::pair{R"({"a":tru})", kNotJson},
        std::pair{R"({"a":truex})", kNotJson},
        std::pair{R"({"a":nul"})", kNotJson},
        std::pair{R"({"a":"x"y})", kNotJson},
        std::pair{R"({"a":"\q"})", kNotJson},
        std::pair{R"({"a":"\u12G4"})", kNotJson},
        std::pair{R"({"a":"\ud800"})", kNotJson},
        std::pair{R"({"a":"\udc00\ud800"})", kNotJson},
        std::pair{R"({"\q":1})", kNotJson},
        std::pair{R"({"a":[1,]})", kNotJson},
        std::pair{R"({"a":[1 2]})", kNotJson},
        std::pair{R"({"a":[1}})", kNotJson}, std::pair{R"({"a":1]})", kNotJson},
        std::pair{R"({"a":1}{"b":2})", kNotJson},
        std::pair{R"({"a":1} x)", kNotJson},
        std::pair{"{\"a\":\"\x01\"}", kNotJson},
        std::pair{R"({"a":"unclosed)", kNotJson},
        std::pair{"{\"a\":\"\xC0\xAF\"}", QuarantineReason::kNotUtf8},
        std::pair{"{\"a\":\"\xED\xA0\x80\"}", QuarantineReason::kNotUtf8},
        std::pair{"[]", QuarantineReason::kNotObject},
        std::pair{R"([{"a":1}])", QuarantineReason::kNotObject},
        std::pair{"1", QuarantineReason::kNotObject},
        std::pair{R"("a")", QuarantineReason::kNotObject},
        std::pair{"null", QuarantineReason::kNotObject},
        std::pair{"[1", kNotJson}));

TEST(JsonParserTest, ValuesAreFoundWithTheirExactBytes) {
  JsonFixture json({"a", "b.c", "l[*]", R"(["x.y"])"});
  EXPECT_EQ(json.Parse(R"( {"a" : 1.10 , "b":{"c":"\u0041", "d":"no"},)"
                       R"("l":["p","q",[ "r" ]],"x.y":true, "z":null} )"),
            std::nullopt);
  EXPECT_THAT(json.Classified(), ElementsAre("0:1.10", R"(1:\u0041)", "2:p",
                                             "2:q", "2:[ \"r\" ]", "3:true"));
}

TEST(JsonParserTest, EscapedNamesMatchTheirPlainForm) {
  JsonFixture json({"ip"});
  EXPECT_EQ(json.Parse(R"({"\u0069p":"192.0.2.1","i\u0070":"192.0.2.2"})"),
            std::nullopt);
  EXPECT_THAT(json.Classified(), ElementsAre("0:192.0.2.1", "0:192.0.2.2"));
}

TEST(JsonParserTest, EveryOneOfSeveralEqualNamesIsFound) {
  JsonFixture json({"a"});
  EXPECT_EQ(json.Parse(R"({"a":1,"a":2,"b":3,"a":4})"), std::nullopt);
  EXPECT_THAT(json.Classified(), ElementsAre("0:1", "0:2", "0:4"));
}

TEST(JsonParserTest, NamesAreFoundWhateverTheOrderOfTheLastRecord) {
  JsonFixture json({"a", "b", "c"});
  const std::vector<std::string> names = {"a", "b", "c", "u", "v"};
  std::mt19937 random(7);
  for (int round = 0; round < 500; ++round) {
    std::string text = "{";
    std::vector<std::string> want;
    const size_t count = random() % 8;
    for (size_t i = 0; i < count; ++i) {
      const size_t name = random() % names.size();
      const std::string value = std::to_string(random() % 100);
      text += (i > 0 ? ",\"" : "\"") + names[name] + "\":" + value;
      if (name < 3) want.push_back(std::to_string(name) + ":" + value);
    }
    ASSERT_EQ(json.Parse(text + "}"), std::nullopt) << text;
    ASSERT_EQ(json.Classified(), want) << text;
  }
}

TEST(JsonParserTest, ANameThatIsAPrefixOfAnotherIsNotTakenForIt) {
  JsonFixture json({"ip", "ip_list"});
  EXPECT_EQ(json.Parse(R"({"ip":1,"ip_list":2})"), std::nullopt);
  EXPECT_EQ(json.Parse(R"({"ip_list":3,"ip_lis":4,"i":5,"ip":6})"),
            std::nullopt);
  EXPECT_THAT(json.Classified(), ElementsAre("1:3", "0:6"));
}

TEST(JsonParserTest, BelowAClassifiedPathNothingIsClassified) {
  JsonFixture json({"a", "b"});
  EXPECT_EQ(json.Parse(R"({"a":{"b":1,"a":2}})"), std::nullopt);
  EXPECT_THAT(json.Classified(), ElementsAre(R"(0:{"b":1,"a":2})"));
}

TEST(JsonParserTest, ManyUnknownNamesAreForgottenAndKnownOnesStillFound) {
  JsonFixture json({"known"});
  for (int i = 0; i < 3000; ++i) {
    const std::string text = "{\"n" + std::to_string(i) +
                             "\":1,\"known\":" + std::to_string(i) + "}";
    ASSERT_EQ(json.Parse(text), std::nullopt);
    ASSERT_THAT(json.Classified(), ElementsAre("0:" + std::to_string(i)));
  }
}

TEST(JsonParserTest, DepthIsLimitedAndTheLimitItselfPasses) {
  JsonFixture json({}, 4);
  EXPECT_EQ(json.Parse(R"({"a":[[[1]]]})"), std::nullopt);
  EXPECT_EQ(json.Parse(R"({"a":[[[[1]]]]})"), QuarantineReason::kTooDeep);
}

TEST(JsonParserTest, WhatFollowsTheTextIsNotRead) {
  JsonFixture json;
  // The padding after the text closes the object, but is not part of it.
  EXPECT_EQ(json.Parse(R"({"a":1)"), kNotJson);
}

// Names that can't be guessed have no bytes that could be found.
TEST(JsonParserTest, ANulIsNoMember) {
  std::string with_nul = R"({"t":1,?:2,"y":3})";
  with_nul[with_nul.find('?')] = '\0';
  JsonFixture json({"t", "a_name_that_is_longer_than_thirty_characters"});
  EXPECT_EQ(json.Parse(with_nul), kNotJson);
  const char* const with_long_name =
      R"({"t":1,"a_name_that_is_longer_than_thirty_characters":2,"y":3})";
  EXPECT_EQ(json.Parse(with_long_name), std::nullopt);
  EXPECT_EQ(json.Parse(with_long_name), std::nullopt);
  EXPECT_EQ(json.Parse(with_nul), kNotJson);
}

TEST(JsonParserTest, AgreesWithAnotherValidatorOnMutatedRecords) {
  const std::string seed =
      R"({"ip":"192.0.2.1","n":[1,-0.5e+3,true,null],"o":{"k":"v\"\\\u00e9"}})";
  const std::string alphabet = "{}[]:,\"\\0123eE+-.tfnul \x01\xC3\xA9/";
  std::mt19937 random(42);
  JsonFixture json({"ip", "o.k"});
  int valid = 0;
  for (int round = 0; round < 200000; ++round) {
    std::string text = seed;
    for (size_t edits = 1 + random() % 3; edits > 0; --edits) {
      const size_t at = random() % text.size();
      const char c = alphabet[random() % alphabet.size()];
      switch (random() % 3) {
        case 0:
          text[at] = c;
          break;
        case 1:
          text.insert(at, 1, c);
          break;
        default:
          text.erase(at, 1);
      }
    }
    const bool want = nlohmann::json::accept(text);
    const auto reason = json.Parse(text);
    const bool got = !reason || *reason == QuarantineReason::kNotObject;
    ASSERT_EQ(got, want) << text;
    valid += want ? 1 : 0;
  }
  EXPECT_GT(valid, 10000);
}

}  // namespace
}  // namespace nymstream
