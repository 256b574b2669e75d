// Goal: nothing in a document means one thing to us and another to a YAML 1.1
// reader. Method: one trap per place where a text, a truth value, a number or a
// size is expected.
#include <string>

#include "document_support.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace nymstream {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr char kPolicy[] = R"(policy: small
document: small.txt
personal: [user.name]
linked_is_personal: true
minors: {under: 16}
grants:
  - {use: analytics, audience: internal, at_most: anonymized, clause: Inside}
)";

Messages PolicyWith(std::string_view old, std::string_view instead) {
  return ParseWith<Policy>(ParsePolicy, With(kPolicy, old, instead)).messages;
}

constexpr char kPipeline[] = R"(pipeline: small
schema: nginx-json
policy: hosting
releases:
  - {name: inside, use: analytics, audience: internal, level: anonymized}
limits: {record_bytes_max: 1MiB, depth_max: 64, quarantine_ratio_max: 0.5}
)";

Messages PipelineWith(std::string_view old, std::string_view instead) {
  return ParseWith<Pipeline>(ParsePipeline, With(kPipeline, old, instead))
      .messages;
}

TEST(YamlTrapsTest, ATextThatReadsAsMoreMustBeQuoted) {
  const std::string place = "x.yaml:2:11: error: document: ";
  const std::string hint = "; if it is meant, put it in quotation marks: ";
  EXPECT_THAT(PolicyWith("small.txt", "no"),
              ElementsAre(place +
                          "must be a line of text, got 'no', which YAML "
                          "readers take for a yes or no" +
                          hint + "\"no\""));
  EXPECT_THAT(PolicyWith("small.txt", "0600"),
              ElementsAre(place +
                          "must be a line of text, got '0600', which YAML "
                          "readers take for a number" +
                          hint + "\"0600\""));
  EXPECT_THAT(PolicyWith("small.txt", "2024-11-06"),
              ElementsAre(place +
                          "must be a line of text, got '2024-11-06', which "
                          "YAML readers take for a date" +
                          hint + "\"2024-11-06\""));
  for (const char* quoted : {"\"no\"", "'0600'", "\"2024-11-06\"", "'~'"})
    EXPECT_THAT(PolicyWith("small.txt", quoted), IsEmpty()) << quoted;
}

TEST(YamlTrapsTest, AKeyThatReadsAsMoreMustBeQuoted) {
  const std::string schema =
      "schema: s\nformat: json\nevent_time: t\nfields:\n"
      "  t: {category: system.operations, type: timestamp}\n";
  const std::string field = ": {category: user.name, type: text}\n";
  const auto messages = [&](const std::string& key) {
    return ParseWith<LogSchema>(ParseLogSchema, schema + "  " + key + field)
        .messages;
  };
  EXPECT_THAT(messages("no"),
              ElementsAre("x.yaml:6:3: error: fields.no: must be the path of a "
                          "field, got 'no', which YAML readers take for a yes "
                          "or no; if it is meant, put it in quotation marks: "
                          "\"no\""));
  EXPECT_THAT(messages("12"),
              ElementsAre(StartsWith("x.yaml:6:3: error: fields.12: must be")));
  EXPECT_THAT(messages("'no'"), IsEmpty());
}

TEST(YamlTrapsTest, OnlyTrueAndFalseAreTruthValues) {
  const std::string place = "x.yaml:4:21: error: linked_is_personal: ";
  const auto with = [](std::string_view value) {
    return PolicyWith("true", value);
  };
  EXPECT_THAT(with("false"), IsEmpty());
  for (const char* yes : {"yes", "on", "True", "Y"}) {
    EXPECT_THAT(with(yes), ElementsAre(place + "must be true or false, got '" +
                                       yes + "'; write true"));
  }
  for (const char* no : {"no", "off", "FALSE", "n"}) {
    EXPECT_THAT(with(no), ElementsAre(place + "must be true or false, got '" +
                                      no + "'; write false"));
  }
  EXPECT_THAT(with("\"true\""),
              ElementsAre(place + "must be true or false, got 'true'; remove "
                                  "the quotation marks"));
  EXPECT_THAT(with("1"), ElementsAre(place + "must be true or false, got '1'"));
  EXPECT_THAT(with(""),
              ElementsAre("x.yaml:4:1: error: linked_is_personal: must be true "
                          "or false, got nothing"));
  EXPECT_THAT(with("[true]"),
              ElementsAre(place + "must be true or false, got a list"));
}

TEST(YamlTrapsTest, AWholeNumberIsWrittenInDigits) {
  const std::string place = "x.yaml:5:17: error: minors.under: ";
  const auto with = [](std::string_view value) {
    return PolicyWith("16", value);
  };
  EXPECT_THAT(
      with("016"),
      ElementsAre(place + "must be an age in years, got '016'; write it "
                          "without the leading 0, which some readers take for "
                          "octal"));
  EXPECT_THAT(with("1_6"), ElementsAre(place + "must be an age in years, got "
                                               "'1_6'; write it without '_'"));
  for (const char* other : {"0x10", "16.0", "1e1", "+16", "1:30"}) {
    EXPECT_THAT(
        with(other),
        ElementsAre(StartsWith(place + "must be an age in years, got '" +
                               other + "'; write it")));
  }
  EXPECT_THAT(with("'16'"), ElementsAre(place + "must be an age in years, got "
                                                "'16'; remove the quotation "
                                                "marks"));
  EXPECT_THAT(with("sixteen"),
              ElementsAre(place + "must be an age in years, got 'sixteen'"));
  EXPECT_THAT(with("121"), ElementsAre(place + "must be 1 to 120, got 121"));
  EXPECT_THAT(with("{}"),
              ElementsAre(place + "must be an age in years, got a map"));
}

TEST(YamlTrapsTest, ANumberIsWrittenAsInJson) {
  const std::string place = "x.yaml:6:71: error: limits.quarantine_ratio_max: ";
  const auto with = [](std::string_view value) {
    return PipelineWith("0.5", value);
  };
  EXPECT_THAT(with("5e-1"), IsEmpty());
  for (const char* other : {".5", "0_1", ".inf", ".nan", "00.5"}) {
    EXPECT_THAT(with(other), ElementsAre(StartsWith(place +
                                                    "must be a number, "
                                                    "got '" +
                                                    other + "'; write it")));
  }
}

TEST(YamlTrapsTest, ASizeIsANumberOrHasAUnit) {
  const auto with = [](std::string_view value) {
    return PipelineWith("1MiB", value);
  };
  EXPECT_THAT(with("65536"), IsEmpty());
  EXPECT_THAT(with("\"64KiB\""), IsEmpty());
  EXPECT_THAT(with("1_048_576"),
              ElementsAre("x.yaml:6:28: error: limits.record_bytes_max: must "
                          "be a number of bytes, or a size like 1MiB, got "
                          "'1_048_576'; write it without '_'"));
  EXPECT_THAT(with("1GiB"), ElementsAre("x.yaml:6:28: error: "
                                        "limits.record_bytes_max: must be 1 to "
                                        "67108864, got 1GiB"));
}

TEST(YamlTrapsTest, TextsAreOneLineWithoutControlCharacters) {
  EXPECT_THAT(PolicyWith("small.txt", "|\n  two\n  lines"),
              ElementsAre("x.yaml:2:11: error: document: must be one line "
                          "without control characters, got 'two\\x0Alines\\x0A'"
                          "; to spread it over lines of the file, write >- "
                          "before it"));
  EXPECT_THAT(PolicyWith("small.txt", "\"\\e[2J\""),
              ElementsAre(StartsWith("x.yaml:2:11: error: document: must be "
                                     "one line without control characters, "
                                     "got '\\x1B[2J'")));
  EXPECT_THAT(PolicyWith("small.txt", ">-\n  two\n  lines"), IsEmpty());
}

TEST(YamlTrapsTest, ADocumentIsAMap) {
  for (const char* text : {"- a\n", "a\n", "[]\n", "~\n"}) {
    const Messages messages = ParseWith<Policy>(ParsePolicy, text).messages;
    EXPECT_THAT(
        messages,
        ElementsAre(StartsWith("x.yaml:1:1: error: must be a policy, got ")))
        << text;
  }
}

TEST(YamlTrapsTest, MistakesBeyondAHundredAreNotListed) {
  std::string text = kPolicy;
  for (int i = 0; i < 500; ++i) text += "x" + std::to_string(i) + ": 1\n";
  const Messages messages = ParseWith<Policy>(ParsePolicy, text).messages;
  ASSERT_EQ(messages.size(), 101U);
  EXPECT_EQ(messages.back(),
            "x.yaml: error: too many mistakes to show them all; mend these "
            "first");
}

TEST(YamlTrapsTest, WhatTheAuthorWroteCannotBreakTheMessage) {
  EXPECT_THAT(PolicyWith("policy:", "\"a\\nb: error\": c\npolicy:"),
              ElementsAre(StartsWith("x.yaml:1:1: error: a\\x0Ab: error: "
                                     "unknown key")));
}

}  // namespace
}  // namespace nymstream
