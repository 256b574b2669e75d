// Goal: YAML becomes a tree with exact positions, and what makes documents
// ambiguous or dangerous is refused. Method: hand-made texts, and each kind of
// bomb at full size.
#include "document/yaml_tree.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "document/document_text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nymstream/diagnostic.h"

namespace nymstream {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct ParsedYaml {
  std::optional<YamlNode> root;
  std::vector<std::string> messages;
};

ParsedYaml Parse(const std::string& text) {
  ParsedYaml parsed;
  DocumentFindings findings("x.yaml");
  parsed.root = ParseYaml(text, &findings);
  Diagnostics diagnostics;
  findings.MoveTo(&diagnostics);
  for (const Diagnostic& diagnostic : diagnostics)
    parsed.messages.push_back(FormatDiagnostic(diagnostic));
  return parsed;
}

std::vector<std::string> MessagesOf(const std::string& text) {
  return Parse(text).messages;
}

// Position and content of every node, one a line.
void Dump(const YamlNode& node, std::string* out) {
  const auto place = [](TextPosition position) {
    return std::to_string(position.line) + ":" +
           std::to_string(position.column);
  };
  if (!node.key.empty())
    *out += place(node.key_position) + " " + node.key + "=";
  *out += place(node.position) + " ";
  switch (node.kind) {
    case YamlKind::kNull:
      *out += "null\n";
      return;
    case YamlKind::kScalar:
      *out +=
          (node.quoted ? "'" : "") + node.text + (node.quoted ? "'\n" : "\n");
      return;
    case YamlKind::kList:
      *out += "list\n";
      break;
    case YamlKind::kMap:
      *out += "map\n";
      break;
  }
  for (const YamlNode& child : node.children) Dump(child, out);
}

std::string DumpOf(const std::string& text) {
  const ParsedYaml parsed = Parse(text);
  EXPECT_THAT(parsed.messages, IsEmpty());
  std::string out;
  if (parsed.root.has_value()) Dump(*parsed.root, &out);
  return out;
}

TEST(YamlTreeTest, EveryNodeKnowsItsPlace) {
  EXPECT_EQ(DumpOf("# a comment\n"
                   "name: edge\n"
                   "list:\n"
                   "  - one\n"
                   "  - {two: 'three', \"four\": []}\n"
                   "nothing:\n"
                   "tilde: ~\n"
                   "folded: >-\n"
                   "  some\n"
                   "  text\n"),
            "2:1 map\n"
            "2:1 name=2:7 edge\n"
            "3:1 list=4:3 list\n"
            "4:5 one\n"
            "5:5 map\n"
            "5:6 two=5:11 'three'\n"
            "5:20 four=5:28 list\n"
            "6:1 nothing=6:1 null\n"
            "7:1 tilde=7:1 null\n"
            "8:1 folded=8:9 'some text'\n");
}

TEST(YamlTreeTest, ColumnsCountCharactersAndTheByteOrderMarkIsNone) {
  EXPECT_EQ(DumpOf("\xEF\xBB\xBF{\xC3\xA4\xE2\x82\xAC: "
                   "\xF0\x9F\x98\x80, b: c}\n"),
            "1:1 map\n"
            "1:2 \xC3\xA4\xE2\x82\xAC=1:6 \xF0\x9F\x98\x80\n"
            "1:9 b=1:12 c\n");
}

TEST(YamlTreeTest, LinesMayEndInCarriageReturnAndLineFeed) {
  EXPECT_EQ(DumpOf("a: b\r\nc:\r\n  - d\r\n"),
            "1:1 map\n1:1 a=1:4 b\n2:1 c=3:3 list\n3:5 d\n");
}

TEST(YamlTreeTest, ADocumentMayHaveMarkers) {
  EXPECT_EQ(DumpOf("---\na: b\n...\n"), "2:1 map\n2:1 a=2:4 b\n");
}

TEST(YamlTreeTest, AKeyStandsOnceInAMap) {
  EXPECT_THAT(MessagesOf("a: 1\nb: {a: 2, \"a\": 3}\na: 4\n'b': 5\n"),
              ElementsAre("x.yaml:2:11: error: this key stands in line 2 "
                          "already; keep one of them",
                          "x.yaml:3:1: error: this key stands in line 1 "
                          "already; keep one of them",
                          "x.yaml:4:1: error: this key stands in line 2 "
                          "already; keep one of them"));
}

TEST(YamlTreeTest, AnchorsAliasesTagsAndMergeKeysAreRefused) {
  EXPECT_THAT(
      MessagesOf("a: &x 1\n"
                 "b: *x\n"
                 "c: !!str 2\n"
                 "d: ! 3\n"
                 "e:\n"
                 "  <<: {f: 4}\n"
                 "  '<<': 5\n"
                 "g: !local [h]\n"
                 "i: &y {}\n"
                 "j: &z\n"),
      ElementsAre(
          "x.yaml:1:4: error: anchors are not accepted; write the value out",
          "x.yaml:2:4: error: aliases are not accepted; write the value out",
          "x.yaml:3:4: error: tags are not accepted; remove the tag",
          "x.yaml:4:4: error: tags are not accepted; remove the tag",
          "x.yaml:6:3: error: merge keys are not accepted; write the members "
          "out",
          "x.yaml:8:4: error: tags are not accepted; remove the tag",
          "x.yaml:9:4: error: anchors are not accepted; write the value out",
          "x.yaml:10:4: error: anchors are not accepted; write the value out"));
}

TEST(YamlTreeTest, AnAliasBombIsNotExpanded) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string before = " *a" + std::to_string(i - 1) + ",";
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) bomb += before;
    bomb += "]\n";
  }
  // 12 anchors and 110 aliases: more than are shown.
  EXPECT_THAT(MessagesOf(bomb), SizeIs(kFindingsMax + 1));
}

TEST(YamlTreeTest, AKeyIsAText) {
  EXPECT_THAT(MessagesOf("? [a]\n: b\n? {c: d}\n: e\n: f\n"),
              ElementsAre("x.yaml:1:3: error: a key must be a text; put it in "
                          "quotation marks",
                          "x.yaml:3:3: error: a key must be a text; put it in "
                          "quotation marks",
                          "x.yaml:5:1: error: a key must be a text; put it in "
                          "quotation marks"));
}

TEST(YamlTreeTest, AFileHoldsOneDocument) {
  const char* refusal =
      "a second document begins, and a file holds one; make it a file of its "
      "own";
  EXPECT_THAT(MessagesOf("a: b\n---\nc: d\n"),
              ElementsAre(std::string("x.yaml:2:1: error: ") + refusal));
  EXPECT_THAT(MessagesOf("a: b\n---\n"),
              ElementsAre(std::string("x.yaml:2:1: error: ") + refusal));
  // A mistake in the second is not looked for.
  EXPECT_THAT(MessagesOf("a: b\n---\n: [\n"),
              ElementsAre(std::string("x.yaml:2:1: error: ") + refusal));
}

TEST(YamlTreeTest, AnEmptyDocumentIsRefused) {
  for (const char* text :
       {"", " ", "\n\n", "# only a comment\n", "\xEF\xBB\xBF"}) {
    EXPECT_THAT(MessagesOf(text),
                ElementsAre("x.yaml: error: the document is empty; begin with "
                            "a shipped one (config/)"))
        << text;
  }
}

TEST(YamlTreeTest, TabsAreRefusedOncePerLine) {
  EXPECT_THAT(
      MessagesOf("a:\n\tb:\tc\nd: e\t# f\n"),
      ElementsAre("x.yaml:2:1: error: a tab; use spaces, or \"\\t\" within "
                  "quotation marks",
                  "x.yaml:3:5: error: a tab; use spaces, or \"\\t\" within "
                  "quotation marks"));
  EXPECT_EQ(DumpOf("a: \"b\\tc\"\n"), "1:1 map\n1:1 a=1:4 'b\tc'\n");
}

TEST(YamlTreeTest, WhatIsNoTextIsRefused) {
  EXPECT_THAT(MessagesOf(std::string("a: b\0c\n", 7)),
              ElementsAre("x.yaml:1:5: error: not a text, got a control "
                          "character; is this a binary file?"));
  // yaml-cpp takes this byte for the end of the file.
  EXPECT_THAT(MessagesOf("a: b\n\x04\nc: [\n"),
              ElementsAre("x.yaml:2:1: error: not a text, got a control "
                          "character; is this a binary file?"));
  EXPECT_THAT(MessagesOf("a: b\rc: d\n"),
              ElementsAre("x.yaml:1:5: error: not a text, got a control "
                          "character; is this a binary file?"));
  EXPECT_THAT(
      MessagesOf("a: \xC3\xA4 \xE4\n"),
      ElementsAre("x.yaml:1:6: error: not UTF-8; save the file as UTF-8"));
  EXPECT_THAT(
      MessagesOf(std::string("\xFF\xFE"
                             "a\0:\0",
                             6)),
      ElementsAre("x.yaml:1:1: error: not UTF-8; save the file as UTF-8"));
}

TEST(YamlTreeTest, OneMebibyteIsTheLimit) {
  std::string text = "a: b\n#";
  text.append(kDocumentBytesMax - text.size(), '.');
  EXPECT_THAT(MessagesOf(text), IsEmpty());
  text += '.';
  EXPECT_THAT(MessagesOf(text),
              ElementsAre("x.yaml: error: a document may have at most 1048576 "
                          "bytes, got 1048577"));
}

TEST(YamlTreeTest, NestingHasALimit) {
  const auto nested = [](size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_THAT(MessagesOf(nested(kYamlDepthMax)), IsEmpty());
  EXPECT_THAT(MessagesOf(nested(kYamlDepthMax + 1)),
              ElementsAre("x.yaml:1:33: error: lists and maps go at most 32 "
                          "deep"));
  EXPECT_THAT(MessagesOf(nested(10000)),
              ElementsAre("x.yaml:1:33: error: lists and maps go at most 32 "
                          "deep"));
}

TEST(YamlTreeTest, ASyntaxErrorIsOneFindingWithItsPlace) {
  EXPECT_THAT(MessagesOf("a: [b\nc: d\n"), SizeIs(1));
  EXPECT_THAT(MessagesOf("a: b\n c: d\n"),
              ElementsAre("x.yaml:2:3: error: not YAML: illegal map value"));
  EXPECT_THAT(MessagesOf("a: *nowhere\n"), SizeIs(1));
}

// yaml-cpp lets it pass; a file that was cut off must not.
TEST(YamlTreeTest, AQuotationMarkIsClosed) {
  for (const char* text : {"a: 'b\n", "a: \"b", "a: '", "a: 'b''",
                           "a: \"b\\\"\n\n", "{a: 'b\n}"}) {
    EXPECT_THAT(MessagesOf(text), SizeIs(1)) << text;
  }
  EXPECT_THAT(MessagesOf("a: 'b\n"),
              ElementsAre("x.yaml:1:4: error: not YAML: the quotation mark is "
                          "not closed"));
  for (const char* text :
       {"a: ''", "a: 'b'''", "a: \"b\\\"\"", "a: 'b\n  c'\n# 'd\n"}) {
    EXPECT_THAT(MessagesOf(text), IsEmpty()) << text;
  }
}

// yaml-cpp decodes two escapes to bytes that are not UTF-8.
TEST(YamlTreeTest, DecodedTextsAreUtf8) {
  EXPECT_THAT(MessagesOf("a: \"\\N\"\n\"\\_\": b\n"),
              ElementsAre("x.yaml:1:4: error: the escapes \\N and \\_ are not "
                          "accepted; write \\u0085 or \\u00a0",
                          "x.yaml:2:1: error: the escapes \\N and \\_ are not "
                          "accepted; write \\u0085 or \\u00a0"));
  EXPECT_EQ(DumpOf("a: \"\\xe4\\u20ac\\U0001F600\\L\"\n"),
            "1:1 map\n1:1 a=1:4 '\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"
            "\xE2\x80\xA8'\n");
  EXPECT_THAT(MessagesOf("a: \"\\ud800\"\n"), SizeIs(1));
}

// yaml-cpp takes any line that begins with '%' for a directive, and skips it.
TEST(YamlTreeTest, DirectivesAreRefused) {
  const char* refusal = "error: directives are not accepted; remove the line";
  EXPECT_THAT(MessagesOf("%YAML 1.1\n---\na: b\n"),
              ElementsAre(std::string("x.yaml:1:1: ") + refusal));
  EXPECT_THAT(MessagesOf("a: b\n%c: d\ne: f\n"),
              ElementsAre(std::string("x.yaml:2:1: ") + refusal));
  EXPECT_EQ(DumpOf("a: 100%\n"), "1:1 map\n1:1 a=1:4 100%\n");
}

// Method: texts at the limit of size that make naive parsers slow or deep; the
// test's own time limit is the judge.
TEST(YamlTreeTest, HostileTextsOfFullSizeEndSoon) {
  const auto repeat = [](const std::string& unit) {
    std::string text;
    while (text.size() + unit.size() <= kDocumentBytesMax) text += unit;
    return text;
  };
  for (const char* unit : {"[", "{", "- ", "? ", "a: ", "&a ", "'", "{? ",
                           "a: b\n", "- a\n", "*a ", "[a, "}) {
    SCOPED_TRACE(unit);
    const ParsedYaml parsed = Parse(repeat(unit));
    EXPECT_LE(parsed.messages.size(), kFindingsMax + 1);
  }
}

}  // namespace
}  // namespace nymstream
