// Goal: a path has one meaning and one canonical text.
// Method: texts and their steps by hand; the canonical text is parsed again.
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "nymstream/log_schema.h"

namespace nymstream {
namespace {

FieldPath Parse(const std::string& text) {
  FieldPath path;
  std::string error;
  EXPECT_TRUE(ParseFieldPath(text, &path, &error)) << text << " " << error;
  return path;
}

std::string ErrorOf(const std::string& text) {
  FieldPath path;
  std::string error;
  EXPECT_FALSE(ParseFieldPath(text, &path, &error)) << text;
  return error;
}

PathStep Name(const std::string& name) { return PathStep{false, name}; }
PathStep AnyElement() { return PathStep{true, ""}; }

TEST(FieldPathTest, DotsAndBracketsAreSteps) {
  EXPECT_EQ(Parse("request.headers.X-Forwarded-For[*]"),
            (FieldPath{Name("request"), Name("headers"),
                       Name("X-Forwarded-For"), AnyElement()}));
  EXPECT_EQ(Parse("a[*][*].b"),
            (FieldPath{Name("a"), AnyElement(), AnyElement(), Name("b")}));
}

TEST(FieldPathTest, AQuotedNameMayHoldADot) {
  EXPECT_EQ(Parse(R"(["id.orig_h"])"), FieldPath{Name("id.orig_h")});
  EXPECT_EQ(Parse(R"(a["b]\"c"].d)"),
            (FieldPath{Name("a"), Name("b]\"c"), Name("d")}));
}

TEST(FieldPathTest, AQuotedNameIsAJsonString) {
  EXPECT_EQ(Parse(R"(["\u00e9\ud83d\ude00\n"])"),
            FieldPath{Name("\xC3\xA9\xF0\x9F\x98\x80\n")});
  EXPECT_EQ(ErrorOf(R"(["\ud83d"])"), "has a wrong escape in a quoted name");
  EXPECT_EQ(ErrorOf(R"(["\x"])"), "has a wrong escape in a quoted name");
}

TEST(FieldPathTest, TwoSpellingsOfOnePathAreEqual) {
  EXPECT_EQ(Parse(R"(request["uri"])"), Parse("request.uri"));
  EXPECT_EQ(FieldPathText(Parse(R"(["request"]["\u0075ri"])")), "request.uri");
}

TEST(FieldPathTest, CanonicalTextParsesToTheSamePath) {
  const std::vector<std::string> texts = {
      "a",           "a.b[*].c",      R"(["a.b"])",
      R"(a["[*]"])", R"(a["\"\\"])",  R"(a["*"])",
      R"(a[""])",    R"(a["b c"].d)", "\xC3\xA9t\xC3\xA9"};
  for (const std::string& text : texts) {
    EXPECT_EQ(FieldPathText(Parse(text)), text);
  }
}

TEST(FieldPathTest, AWrongPathSaysWhatIsWrong) {
  EXPECT_EQ(ErrorOf(""), "is empty");
  EXPECT_EQ(ErrorOf("a..b"), "has an empty name");
  EXPECT_EQ(ErrorOf(".a"), "has an empty name");
  EXPECT_EQ(ErrorOf("a."), "has an empty name");
  EXPECT_EQ(ErrorOf("[*].a"),
            "starts with [*]; a record is an object, so name a member");
  EXPECT_EQ(ErrorOf("a[0]"),
            R"(has a bracket that is neither [*] nor ["name"])");
  EXPECT_EQ(ErrorOf("a[*]b"), "needs a dot after a bracket");
  EXPECT_EQ(ErrorOf("a b"), R"(has ' ' in a name; write the name as ["name"])");
  EXPECT_EQ(ErrorOf(R"(["a)"), R"(has a quoted name that does not end in "])");
  EXPECT_EQ(ErrorOf("a\xFF"), "is not UTF-8");
}

}  // namespace
}  // namespace nymstream
