// Goal: combined lines leave as combined lines, or as JSON on request.
// Method: the shipped schema and a shipped policy; whole lines by hand.
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "support/engine_harness.h"

namespace nymstream {
namespace {

using ::testing::HasSubstr;

std::shared_ptr<const Plan> CombinedPlan(const std::string& release) {
  return MakePlan(
      absl::StrCat("pipeline: test\nschema: combined\npolicy: no-ip-2024\n"
                   "keys: {keyring: keyring}\nreleases:\n  - {name: out, ",
                   release, "}\n"),
      ShippedText("policies/no-ip-2024"), ShippedText("schemas/combined"));
}

constexpr char kAnonymized[] =
    "use: analytics, audience: third_party, level: anonymized";
constexpr char kPseudonymized[] =
    "use: analytics, audience: internal, level: pseudonymized, epoch: P30D";

constexpr char kAgent[] =
    "Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0";

std::string Line(const std::string& address, const std::string& user,
                 const std::string& request, const std::string& referer) {
  return absl::StrCat(address, " - ", user, " [05/Jan/2026:10:11:12 +0100] \"",
                      request, "\" 200 512 \"", referer, "\" \"", kAgent, "\"");
}

TEST(CombinedLinesTest, ASuppressedFieldIsADash) {
  EngineHarness engine(CombinedPlan(kAnonymized));
  EXPECT_EQ(engine.One(Line("192.0.2.1", "someone", "GET /a?b=c HTTP/1.1",
                            "https://www.example.com/x?y=z")),
            "- - - [05/Jan/2026:10:00:00 +0100] \"GET /a HTTP/1.1\" 200 512 "
            "\"https://www.example.com/x\" \"Firefox 121; Linux\"");
}

TEST(CombinedLinesTest, APseudonymStandsWhereTheAddressStood) {
  EngineHarness engine(CombinedPlan(kPseudonymized));
  const std::string out =
      engine.One(Line("192.0.2.1", "someone", "GET /a?b=c HTTP/1.1", "-"));
  EXPECT_TRUE(out.starts_with("nym_")) << out;
  EXPECT_TRUE(out.ends_with(absl::StrCat(
      " [05/Jan/2026:10:11:12 +0100] \"GET /a?b=REDACTED HTTP/1.1\" 200 512 "
      "\"-\" \"",
      kAgent, "\"")))
      << out;
  EXPECT_EQ(out.find("someone"), std::string::npos);
}

TEST(CombinedLinesTest, CommonLinesHaveNoRefererAndNoAgent) {
  EngineHarness engine(CombinedPlan(kAnonymized));
  EXPECT_EQ(engine.One("192.0.2.1 - - [05/Jan/2026:10:11:12 +0000] "
                       "\"GET / HTTP/1.0\" 304 -"),
            "- - - [05/Jan/2026:10:00:00 +0000] \"GET / HTTP/1.0\" 304 -");
}

TEST(CombinedLinesTest, JsonOnRequest) {
  EngineHarness engine(CombinedPlan(absl::StrCat(kAnonymized, ", as: json")));
  EXPECT_EQ(
      engine.One(Line("192.0.2.1", "someone", "GET /\\\"q HTTP/1.1", "-")),
      R"({"time_local":"05/Jan/2026:10:00:00 +0100","request":"REDACTED",)"
      R"("status":200,"body_bytes_sent":512,"http_referer":null,)"
      R"("http_user_agent":"Firefox 121; Linux"})");
}

// A user who calls himself 200 must not make lines that no reader takes.
TEST(CombinedLinesTest, AGuardedNumberIsADash) {
  const std::string line = Line("192.0.2.1", "200", "GET / HTTP/1.1", "-");
  EXPECT_THAT(EngineHarness(CombinedPlan(kPseudonymized)).One(line),
              HasSubstr("\"GET / HTTP/1.1\" - 512 \"-\""));
  EXPECT_EQ(
      EngineHarness(CombinedPlan(absl::StrCat(kAnonymized, ", as: json")))
          .One(line),
      R"({"time_local":"05/Jan/2026:10:00:00 +0100","request":"GET / HTTP/1.1",)"
      R"("body_bytes_sent":512,"http_referer":null,)"
      R"("http_user_agent":"Firefox 121; Linux"})");
}

TEST(CombinedLinesTest, WhatIsNoCombinedLineIsQuarantined) {
  EngineHarness engine(CombinedPlan(kAnonymized));
  for (const char* line : {"hello", "{\"a\":1}", "192.0.2.1 - -",
                           "192.0.2.1 - - [yesterday] \"GET /\" 200 1"}) {
    const Outcome outcome = engine.Run(line);
    EXPECT_EQ(outcome.receipts.size(), 1U) << line;
    EXPECT_EQ(outcome.releases[0], "") << line;
  }
}

}  // namespace
}  // namespace nymstream
