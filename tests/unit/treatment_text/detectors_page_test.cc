// Goal: docs/detectors.md tells the truth. Method: its examples are run: rows
// of tables with what becomes of them, `x` becomes `y` in the text, and the
// list of what stays.
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "apply_edits.h"
#include "gtest/gtest.h"
#include "treatment/free_text.h"
#include "treatment/url.h"
#include "treatment/user_agent.h"

namespace nymstream {
namespace {

// The lines of the section under `heading`, up to the next.
std::vector<std::string> Section(const std::string& heading) {
  std::ifstream file(NYMSTREAM_SOURCE_DIR "/docs/detectors.md");
  std::vector<std::string> lines;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("## ", 0) == 0) inside = line == "## " + heading;
    if (inside) lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> CodeSpans(const std::string& text) {
  std::vector<std::string> spans;
  for (size_t open = text.find('`'); open != std::string::npos;) {
    const size_t close = text.find('`', open + 1);
    if (close == std::string::npos) break;
    spans.push_back(text.substr(open + 1, close - open - 1));
    open = text.find('`', close + 1);
  }
  return spans;
}

std::string Text(const std::string& text) {
  EditList edits;
  FindIdentifiers(text, &edits);
  return ApplyEdits(text, edits);
}

TEST(DetectorsPageTest, TheTableOfDetectorsHolds) {
  int rows = 0;
  for (const std::string& line : Section("Free text")) {
    const std::vector<std::string> spans = CodeSpans(line);
    if (line.rfind("| ", 0) != 0 || spans.size() < 2) continue;
    const std::string detector = line.substr(2, line.find(' ', 2) - 2);
    EditList edits;
    FindIdentifiers(spans[0], &edits);
    EXPECT_EQ(ApplyEdits(spans[0], edits), spans[1]);
    ASSERT_EQ(edits.size(), 1U) << line;
    EXPECT_EQ(DetectorName(edits[0].detector), detector) << line;
    ++rows;
  }
  EXPECT_EQ(rows, 15);
}

TEST(DetectorsPageTest, WhatStaysStays) {
  int examples = 0;
  for (const std::string& line : Section("Free text")) {
    if (line.rfind("- ", 0) != 0) continue;
    for (const std::string& span :
         CodeSpans(line.substr(0, line.rfind("`: ") + 1))) {
      EXPECT_EQ(Text(span), span);
      ++examples;
    }
  }
  EXPECT_EQ(examples, 13);
}

TEST(DetectorsPageTest, ExamplesInTheTextHold) {
  EXPECT_EQ(Text("ada%2540example.com"), "REDACTED");
  EXPECT_EQ(Text("v1.2.3.4"), "vREDACTED");
  EXPECT_EQ(Text("202-555-0123"), "202-555-0123");
  EXPECT_EQ(Text("3221225985"), "3221225985");
  for (const auto& [agent, redacted] :
       {std::pair("udid=ABC-1", "udid=REDACTED"),
        std::pair("Chrome/120.0.0.0", "Chrome/120.0.0.0")}) {
    EditList edits;
    FindUserAgentEdits(agent, &edits);
    EXPECT_EQ(ApplyEdits(agent, edits), redacted);
  }
}

TEST(DetectorsPageTest, TheTableOfUrlsHolds) {
  const std::vector<std::string> keep = {"page"};
  int rows = 0;
  for (const std::string& line : Section("URLs")) {
    const std::vector<std::string> spans = CodeSpans(line);
    if (line.rfind("| `", 0) != 0) continue;
    EditList edits;
    FindUrlEdits(spans.front(), UrlTreatment::kRedactParameters, keep, &edits);
    EXPECT_EQ(ApplyEdits(spans.front(), edits), spans.back());
    ++rows;
  }
  EXPECT_EQ(rows, 14);
}

}  // namespace
}  // namespace nymstream
