// Goal: strings decode to what they mean and each byte knows where it came
// from. Method: hand-made cases, and another JSON library as the oracle.
#include "record/json_text.h"

#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace nymstream {
namespace {

using ::testing::ElementsAre;

TEST(JsonTextTest, OffsetsLeadBackToTheEscape) {
  Arena arena;
  std::vector<uint32_t> offsets;
  EXPECT_EQ(DecodeJsonString(R"(a\u00e9\/b)", &arena, &offsets), "a\xC3\xA9/b");
  EXPECT_THAT(offsets, ElementsAre(0, 1, 7, 7, 9, 10));
}

TEST(JsonTextTest, DecodesAsAnotherLibraryDoes) {
  const std::vector<std::string> pieces = {"x",
                                           R"(\")",
                                           R"(\\)",
                                           R"(\/)",
                                           R"(\b)",
                                           R"(\f)",
                                           R"(\n)",
                                           R"(\r)",
                                           R"(\t)",
                                           R"(\u0041)",
                                           R"(\u00E9)",
                                           R"(\u20ac)",
                                           R"(\ud83d\ude00)",
                                           "\xF0\x9F\x98\x80"};
  std::mt19937 random(3);
  Arena arena;
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (size_t i = random() % 12; i > 0; --i) {
      text += pieces[random() % pieces.size()];
    }
    ASSERT_TRUE(AreEscapesValid(text)) << text;
    EXPECT_EQ(DecodeJsonString(text, &arena, nullptr),
              nlohmann::json::parse("\"" + text + "\"").get<std::string>());
    arena.Reset();
  }
}

TEST(JsonTextTest, WhatIsWrittenIsReadBackAsItWas) {
  std::mt19937 random(5);
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (size_t i = random() % 20; i > 0; --i) {
      text += static_cast<char>(random() % 128);
    }
    ByteBuffer out;
    AppendJsonEscaped(text, &out);
    const std::string quoted = "\"" + std::string(out.view()) + "\"";
    EXPECT_EQ(nlohmann::json::parse(quoted).get<std::string>(), text);
  }
}

TEST(JsonTextTest, InvalidUtf8IsReplacedAndTheRestStays) {
  ByteBuffer out;
  AppendJsonEscaped("a\xFF\xC3\xA9\xE2\x82z", &out);
  EXPECT_EQ(out.view(), "a\xEF\xBF\xBD\xC3\xA9\xEF\xBF\xBD\xEF\xBF\xBDz");
}

// As it stands in a record, where more digits may follow.
bool IsJsonNumberAsRead(const std::string& text) {
  const std::string record = text + std::string(kNumberReadAhead, '7');
  return IsJsonNumberAt(record.data(), text.size());
}

// Every text of up to seven of the characters that tell numbers apart.
TEST(JsonTextTest, BothWaysToReadANumberAgree) {
  constexpr std::string_view kCharacters = "01.-e";
  constexpr size_t kSizeMax = 7;
  std::vector<std::string> texts = {""};
  for (size_t i = 0; i < texts.size(); ++i) {
    const std::string text = texts[i];
    EXPECT_EQ(IsJsonNumberAsRead(text), IsJsonNumber(text)) << text;
    if (text.size() == kSizeMax) continue;
    for (const char c : kCharacters) texts.push_back(text + c);
  }
}

TEST(JsonTextTest, NumbersAreThoseOfTheGrammar) {
  for (const char* number : {"0", "-0", "1", "10", "1.5", "-1.5e10", "1E+2",
                             "123456789012345678901"}) {
    EXPECT_TRUE(IsJsonNumber(number)) << number;
    EXPECT_TRUE(IsJsonNumberAsRead(number)) << number;
  }
  for (const char* text : {"", "-", "01", "1.", ".1", "1e", "1e+", "+1", "0x1",
                           "1 ", " 1", "1,2", "Infinity"}) {
    EXPECT_FALSE(IsJsonNumber(text)) << text;
    EXPECT_FALSE(IsJsonNumberAsRead(text)) << text;
  }
}

}  // namespace
}  // namespace nymstream
