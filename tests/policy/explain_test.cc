// Goal: the plan can be read in three formats, and names what leaves to whom.
// Method: the small pipeline, whole texts compared.
#include "policy/explain.h"

#include <string>

#include "fixtures.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace nymstream {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Plan SmallPlan() {
  Policy policy = SmallPolicy();
  policy.minors = Minors{14, ClauseOf("Children")};
  policy.retention =
      Retention{Period{2, 0, 0}, RetentionScope::kPersonal, ClauseOf("Keep")};
  policy.rights = {{Right::kErasure, ClauseOf("Choices")}};
  Pipeline pipeline = SmallPipeline({InternalRelease(), PartnerRelease()});
  pipeline.rights = {{Right::kErasure, "subjects.txt", {}}};
  const Compiled compiled = Compile(pipeline, policy);
  return compiled.plan == nullptr ? Plan() : *compiled.plan;
}

std::string Explain(const ExplainOptions& options) {
  const absl::StatusOr<std::string> text = ExplainPlan(SmallPlan(), options);
  EXPECT_TRUE(text.ok());
  return text.ok() ? *text : "";
}

std::string Disclosures(const ExplainOptions& options) {
  const absl::StatusOr<std::string> text =
      ExplainDisclosures(SmallPlan(), options);
  EXPECT_TRUE(text.ok());
  return text.ok() ? *text : "";
}

TEST(ExplainTest, TextHasOneRowPerFieldWithReasonAndClause) {
  EXPECT_EQ(Explain({ExplainFormat::kText, "partners"}),
            R"(pipeline edge, schema small-log, policy small (small.txt)

release partners: marketing.advertising.third_party to third_party at unlinked_pseudonymized, key epoch P1D
granted by "Partners"
records that state an age under 14 are suppressed ("Children")
records older than P2Y are suppressed if anything personal would leave ("Keep")
records of subjects on the list for erasure are suppressed
field                category                treatment     why                                                             clause
time                 system.operations       minute        timestamp at unlinked_pseudonymized is truncated to the minute  Partners
client               user.device.ip_address  pseudonymize  ip at unlinked_pseudonymized is replaced by a keyed pseudonym   Partners
user                 user.account.username   pseudonymize  id at unlinked_pseudonymized is replaced by a keyed pseudonym   Partners
mail                 user.contact.email      suppress      user.contact is in no release under policy small                No contact data
status               system.operations       keep          number at unlinked_pseudonymized leaves as logged               Partners
(every other field)  -                       suppress      not classified                                                  -
)");
}

TEST(ExplainTest, WithoutAReleaseAllAreExplained) {
  const std::string text = Explain({ExplainFormat::kText, ""});
  EXPECT_THAT(text, HasSubstr("release inside: "));
  EXPECT_THAT(text, HasSubstr("release partners: "));
}

TEST(ExplainTest, AnUnknownReleaseIsNamedWithThoseThereAre) {
  const absl::StatusOr<std::string> text =
      ExplainPlan(SmallPlan(), {ExplainFormat::kText, "nobody"});
  EXPECT_EQ(text.status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(text.status().message(),
            "pipeline edge has no release 'nobody'; its releases: inside, "
            "partners");
}

TEST(ExplainTest, JsonIsOneObjectWithEveryFieldOfEveryRelease) {
  const auto json = nlohmann::json::parse(Explain({ExplainFormat::kJson, ""}));
  EXPECT_EQ(json["policy"], "small");
  EXPECT_EQ(json["document"], "small.txt");
  ASSERT_EQ(json["releases"].size(), 2U);
  const auto& partners = json["releases"][1];
  EXPECT_EQ(partners["release"], "partners");
  EXPECT_EQ(partners["recipient"], "Example Partners");
  EXPECT_EQ(partners["rules"].size(), 3U);
  ASSERT_EQ(partners["fields"].size(), 5U);
  EXPECT_EQ(partners["fields"][1]["field"], "client");
  EXPECT_EQ(partners["fields"][1]["treatment"], "pseudonymize");
  EXPECT_EQ(partners["fields"][1]["personal"], true);
  EXPECT_EQ(partners["fields"][3]["clause"], "No contact data");
  EXPECT_EQ(partners["other_fields"], "suppress");
}

TEST(ExplainTest, QueryParametersThatStayAreNamed) {
  LogSchema schema = SmallSchema();
  schema.fields.push_back(
      FieldOf("url", "user.behavior.browsing_history", ValueType::kUrl));
  schema.fields.back().keep_parameters = {"page", "lang"};
  const auto explain = [&](const Release& release) {
    const Compiled compiled =
        Compile(SmallPipeline({release}), SmallPolicy(), schema);
    return compiled.plan == nullptr
               ? ""
               : *ExplainPlan(*compiled.plan, {ExplainFormat::kText, ""});
  };
  const std::string what =
      "keeps its path, query values (except page, lang) and identifiers are "
      "redacted";
  EXPECT_THAT(explain(InternalRelease()),
              HasSubstr("url at pseudonymized " + what));
  Release chosen = InternalRelease();
  chosen.fields = {OverrideOf("url", Treatment::kRedactParameters)};
  EXPECT_THAT(explain(chosen), HasSubstr("chosen by the release: url " + what));
  chosen.fields = {OverrideOf("url", Treatment::kPathOnly)};
  EXPECT_THAT(explain(chosen), Not(HasSubstr("page")));
}

TEST(ExplainTest, MarkdownTablesEscapeBars) {
  Plan plan = SmallPlan();
  plan.releases[0].fields[0].clause = "Left | right";
  const absl::StatusOr<std::string> text =
      ExplainPlan(plan, {ExplainFormat::kMarkdown, "inside"});
  ASSERT_TRUE(text.ok());
  EXPECT_THAT(*text, HasSubstr("## Release inside\n"));
  EXPECT_THAT(*text, HasSubstr("| --- | --- | --- | --- | --- |\n"
                               "| time | system.operations | keep | timestamp "
                               "at pseudonymized leaves as logged | Left \\| "
                               "right |\n"));
}

TEST(ExplainTest, DisclosuresNameCategoryFormRecipientAndGrant) {
  EXPECT_EQ(
      Disclosures({ExplainFormat::kMarkdown, "partners"}),
      "# Disclosures of pipeline edge under policy small\n\n"
      "| release | recipient | audience | use | category | form | level | "
      "granted by |\n"
      "| --- | --- | --- | --- | --- | --- | --- | --- |\n"
      "| partners | Example Partners | third_party | "
      "marketing.advertising.third_party | system.operations | minute, keep | "
      "unlinked_pseudonymized | Partners |\n"
      "| partners | Example Partners | third_party | "
      "marketing.advertising.third_party | user.account.username | "
      "pseudonymize | unlinked_pseudonymized | Partners |\n"
      "| partners | Example Partners | third_party | "
      "marketing.advertising.third_party | user.device.ip_address | "
      "pseudonymize | unlinked_pseudonymized | Partners |\n");
}

TEST(ExplainTest, WhatIsSuppressedIsNotDisclosed) {
  EXPECT_THAT(Disclosures({ExplainFormat::kText, ""}),
              Not(HasSubstr("user.contact")));
}

TEST(ExplainTest, DisclosuresAsJsonGroupCategoriesByRelease) {
  const auto json =
      nlohmann::json::parse(Disclosures({ExplainFormat::kJson, ""}));
  ASSERT_EQ(json["disclosures"].size(), 2U);
  const auto& partners = json["disclosures"][1];
  EXPECT_EQ(partners["audience"], "third_party");
  EXPECT_EQ(partners["grant_clause"], "Partners");
  ASSERT_EQ(partners["categories"].size(), 3U);
  EXPECT_EQ(partners["categories"][0]["category"], "system.operations");
  EXPECT_EQ(partners["categories"][0]["forms"],
            (nlohmann::json{"minute", "keep"}));
}

TEST(ExplainTest, KeysAndHeadersHaveRowsAndAreToldApartInDisclosures) {
  Release release = PartnerRelease();
  release.fields = {HeaderOverride("client-ip", Treatment::kPseudonymize)};
  const Compiled compiled =
      Compile(SmallPipeline({release}), SmallPolicy(), CarrierSchema());
  ASSERT_NE(compiled.plan, nullptr);
  const absl::StatusOr<std::string> text =
      ExplainPlan(*compiled.plan, {ExplainFormat::kText, ""});
  ASSERT_TRUE(text.ok());
  EXPECT_THAT(
      *text,
      HasSubstr(
          "(Kafka key)               user.account.username   suppress      "
          "keys and headers leave only where a release names them          "
          "-\n"
          "(Kafka header client-ip)  user.device.ip_address  pseudonymize  "
          "chosen by the release: ip is replaced by a keyed pseudonym      "
          "Partners\n"));
  const absl::StatusOr<std::string> disclosures =
      ExplainDisclosures(*compiled.plan, {ExplainFormat::kMarkdown, ""});
  ASSERT_TRUE(disclosures.ok());
  EXPECT_THAT(*disclosures,
              HasSubstr("| user.device.ip_address | pseudonymize, pseudonymize "
                        "in (Kafka header client-ip) |"));
  EXPECT_THAT(*disclosures, Not(HasSubstr("(Kafka key)")));
}

}  // namespace
}  // namespace nymstream
