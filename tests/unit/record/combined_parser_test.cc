// Goal: NCSA lines are taken apart at the right bytes, and nothing else passes.
#include "record/combined_parser.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "unit/record/parse_support.h"

namespace nymstream {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view kLine =
    R"(192.0.2.7 - ada [24/Nov/2026:10:11:12 +0000] "GET /a?b=c HTTP/1.1" )"
    R"(200 512 "https://example.com/" "curl/8.0")";

class CombinedParserTest : public ::testing::Test {
 protected:
  std::optional<QuarantineReason> Parse(std::string_view line) {
    return parser_.Parse(line, &record_);
  }
  std::vector<std::string> Contents() const {
    std::vector<std::string> contents;
    for (const Element& element : record_.elements) {
      contents.emplace_back(record_.Content(element));
    }
    return contents;
  }
  CombinedParser parser_{FieldsAt({"status", "remote_addr"})};
  ParsedRecord record_;
};

TEST_F(CombinedParserTest, ACombinedLineHasNineFields) {
  ASSERT_EQ(Parse(kLine), std::nullopt);
  EXPECT_THAT(Contents(),
              ElementsAre("192.0.2.7", "-", "ada", "24/Nov/2026:10:11:12 +0000",
                          "GET /a?b=c HTTP/1.1", "200", "512",
                          "https://example.com/", "curl/8.0"));
  EXPECT_EQ(record_.elements[0].field, 1);
  EXPECT_EQ(record_.elements[5].field, 0);
  EXPECT_EQ(record_.elements[8].field, kUnclassified);
}

TEST_F(CombinedParserTest, ACommonLineHasSeven) {
  ASSERT_EQ(
      Parse(R"(::1 - - [24/Nov/2026:10:11:12 +0000] "GET / HTTP/1.0" 304 -)"),
      std::nullopt);
  EXPECT_EQ(record_.elements.size(), kCommonFieldCount);
}

TEST_F(CombinedParserTest, UserNamesMayHoldSpaces) {
  ASSERT_EQ(
      Parse(R"(192.0.2.7 - Ada L [24/Nov/2026:10:11:12 +0000] "-" 400 0)"),
      std::nullopt);
  EXPECT_EQ(Contents()[2], "Ada L");
}

TEST_F(CombinedParserTest, AnEscapedQuoteDoesNotEndAField) {
  ASSERT_EQ(Parse(R"(192.0.2.7 - - [24/Nov/2026:10:11:12 +0000] "GET /\"a\\" )"
                  R"(200 1 "-" "x\"y")"),
            std::nullopt);
  EXPECT_EQ(Contents()[4], R"(GET /\"a\\)");
  EXPECT_TRUE(record_.elements[8].escaped);
}

TEST_F(CombinedParserTest, AnythingElseIsRefused) {
  const std::string line(kLine);
  constexpr auto kNot = QuarantineReason::kNotCombined;
  EXPECT_EQ(Parse(""), kNot);
  EXPECT_EQ(Parse(line + " extra"), kNot);
  EXPECT_EQ(Parse(line + " \"192.0.2.9\""), kNot);
  EXPECT_EQ(Parse(line.substr(0, line.size() - 1)), kNot);
  EXPECT_EQ(Parse("host " + line), kNot);
  EXPECT_EQ(Parse(R"({"remote_addr":"192.0.2.7"})"), kNot);
  EXPECT_EQ(Parse(R"(192.0.2.7 - - [x] "GET /" 2x0 1)"), kNot);
  EXPECT_EQ(Parse(R"(192.0.2.7 - - [x "GET /" 200 1)"), kNot);
  EXPECT_EQ(Parse("192.0.2.7 - - [x] \"GET /\x01\" 200 1"), kNot);
  EXPECT_EQ(Parse("192.0.2.7 - - [x] \"GET /\xFF\" 200 1"),
            QuarantineReason::kNotUtf8);
}

TEST(DecodeCombinedTest, EscapesOfApacheAndNginxAreDecoded) {
  Arena arena;
  std::vector<uint32_t> offsets;
  EXPECT_EQ(DecodeCombined(R"(a\x22b\"\q\t)", &arena, &offsets), "a\"b\"\\q\t");
  EXPECT_THAT(offsets, ElementsAre(0, 1, 5, 6, 8, 9, 10, 12));
}

}  // namespace
}  // namespace nymstream
