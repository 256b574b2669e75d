// Goal: a policy document becomes the Policy it states, and every mistake in it
// is placed exactly. Method: the shipped documents, and hand-made ones.
#include <string>

#include "document_support.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nymstream/policy.h"
#include "policy/reference_page.h"

namespace nymstream {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Parsed<Policy> Parse(const std::string& text) {
  return ParseWith<Policy>(ParsePolicy, text);
}

constexpr char kSmall[] = R"(policy: small
document: small.txt
personal: [user.name]
grants:
  - use: analytics
    audience: internal
    at_most: pseudonymized
    clause: Inside
)";

TEST(PolicyDocumentTest, EveryRuleArrivesWithItsClause) {
  const Parsed<Policy> parsed =
      Parse(ReadSourceFile("config/policies/no-ip-2024.yaml"));
  ASSERT_TRUE(parsed.document.has_value());
  const Policy& policy = *parsed.document;
  EXPECT_EQ(policy.document, "001_6d05a5aec5df20c8.txt");
  EXPECT_EQ(policy.title, "No-IP privacy policy, archived 2024-11-06");
  EXPECT_THAT(policy.personal, SizeIs(12));
  EXPECT_EQ(policy.personal_clause.heading, "What Does This Policy Cover?");
  EXPECT_TRUE(policy.linked_is_personal);
  ASSERT_TRUE(policy.minors.has_value());
  EXPECT_EQ(policy.minors->under, 18);
  EXPECT_EQ(policy.minors->clause.heading, "Children");
  ASSERT_TRUE(policy.retention.has_value());
  EXPECT_EQ(policy.retention->period, (Period{.years = 2}));
  EXPECT_EQ(policy.retention->of, RetentionScope::kPersonal);
  EXPECT_EQ(policy.retention->clause.note.substr(0, 34),
            "Two years run from the end of use,");
  ASSERT_THAT(policy.rights, SizeIs(4));
  EXPECT_EQ(policy.rights[1].right, Right::kOptOutOfThirdPartyDisclosure);
  EXPECT_EQ(policy.rights[1].clause.heading, "Your Choices");
  ASSERT_THAT(policy.grants, SizeIs(13));
  const Grant& grant = policy.grants[10];
  EXPECT_EQ(grant.use, "marketing");
  EXPECT_EQ(grant.audience, Audience::kThirdParty);
  EXPECT_EQ(grant.at_most, Identifiability::kUnlinkedPseudonymized);
  EXPECT_EQ(grant.clause.heading,
            "Sharing Or Disclosing Information, item 2 (iii)");
  ASSERT_THAT(policy.caps, SizeIs(1));
  EXPECT_THAT(policy.caps[0].categories, ElementsAre("user.location.precise"));
  EXPECT_EQ(policy.caps[0].at_most, Identifiability::kAggregated);
  ASSERT_THAT(policy.never, SizeIs(3));
  EXPECT_THAT(policy.never[0].categories,
              ElementsAre("user.financial", "user.payment"));
  EXPECT_EQ(policy.never[2].clause.heading, "Confidentiality And Security");
}

TEST(PolicyDocumentTest, ACapNamesItsUsesAndAudiences) {
  const Parsed<Policy> parsed =
      Parse(ReadSourceFile("config/policies/no-ip-2013.yaml"));
  ASSERT_TRUE(parsed.document.has_value());
  ASSERT_THAT(parsed.document->caps, SizeIs(2));
  EXPECT_THAT(
      parsed.document->caps[0].uses,
      ElementsAre("analytics", "marketing", "functional", "personalize"));
  EXPECT_THAT(parsed.document->caps[1].audiences,
              ElementsAre(Audience::kAffiliate, Audience::kThirdParty,
                          Audience::kPublic));
}

TEST(PolicyDocumentTest, RightsAndProhibitionsHaveAShortForm) {
  const Parsed<Policy> parsed =
      Parse(std::string(kSmall) +
            "rights: [erasure, disclosure_list]\n"
            "never: [user.financial, user.payment]\n");
  EXPECT_THAT(parsed.messages, IsEmpty());
  ASSERT_TRUE(parsed.document.has_value());
  ASSERT_THAT(parsed.document->rights, SizeIs(2));
  EXPECT_EQ(parsed.document->rights[1].right, Right::kDisclosureList);
  EXPECT_EQ(parsed.document->rights[1].clause.heading, "");
  EXPECT_EQ(parsed.document->rights[1].clause.position.column, 19);
  ASSERT_THAT(parsed.document->never, SizeIs(2));
  EXPECT_THAT(parsed.document->never[0].categories,
              ElementsAre("user.financial"));
}

TEST(PolicyDocumentTest, WhatIsAbsentHasItsDefault) {
  const Parsed<Policy> parsed = Parse(kSmall);
  ASSERT_TRUE(parsed.document.has_value());
  const Policy& policy = *parsed.document;
  EXPECT_FALSE(policy.linked_is_personal);
  EXPECT_FALSE(policy.minors.has_value());
  EXPECT_FALSE(policy.retention.has_value());
  EXPECT_THAT(policy.rights, IsEmpty());
  EXPECT_THAT(policy.caps, IsEmpty());
  EXPECT_THAT(policy.never, IsEmpty());
}

TEST(PolicyDocumentTest, AllMistakesAreReportedAtOnceInOrderOfPosition) {
  const Parsed<Policy> parsed = Parse(R"(policy: Small
documnet: small.txt
personal: [user.nam, user.contact.emial]
linked_is_personal: yes
minors: {under: 0}
retention: {period: 2Y, of: personel, clause: Keeping}
grants:
  - use: advertising
    audience: partners
    at_most: anonymised
    clause: "Sharing"
never: user.payment
)");
  EXPECT_THAT(
      parsed.messages,
      ElementsAre(
          "x.yaml:1:1: error: document: is missing; add document: a line of "
          "text",
          "x.yaml:1:9: error: policy: must be at most 64 of a-z, 0-9, '_' and "
          "'-', and not begin with '-', got 'Small'",
          "x.yaml:2:1: error: documnet: unknown key; did you mean 'document'?",
          "x.yaml:3:12: error: personal[0]: must be a data category, got "
          "'user.nam'; did you mean 'user.name'?",
          "x.yaml:3:22: error: personal[1]: must be a data category, got "
          "'user.contact.emial'; did you mean 'user.contact.email'?",
          "x.yaml:4:21: error: linked_is_personal: must be true or false, got "
          "'yes'; write true",
          "x.yaml:5:17: error: minors.under: must be 1 to 120, got 0",
          "x.yaml:6:21: error: retention.period: must be a period of years, "
          "months, weeks or days, got '2Y'; for example P30D, P6M or P2Y",
          "x.yaml:6:29: error: retention.of: must be a scope, got 'personel'; "
          "did you mean 'personal'?",
          "x.yaml:8:10: error: grants[0].use: must be a data use, got "
          "'advertising'; did you mean 'marketing.advertising'?",
          "x.yaml:9:15: error: grants[0].audience: must be an audience, got "
          "'partners'; one of internal, processor, affiliate, third_party, "
          "authority, public",
          "x.yaml:10:14: error: grants[0].at_most: must be a level, got "
          "'anonymised'; did you mean 'anonymized'?",
          "x.yaml:12:8: error: never: must be a list of prohibitions, got "
          "'user.payment'; write it in brackets: [...]"));
}

TEST(PolicyDocumentTest, AGrantNeedsUseAudienceLevelAndClause) {
  const Parsed<Policy> parsed =
      Parse("policy: p\ndocument: d\npersonal: [user]\ngrants:\n  - {}\n");
  EXPECT_THAT(parsed.messages,
              ElementsAre("x.yaml:5:5: error: grants[0].use: is missing; add "
                          "use: a data use",
                          "x.yaml:5:5: error: grants[0].audience: is missing; "
                          "add audience: an audience",
                          "x.yaml:5:5: error: grants[0].at_most: is missing; "
                          "add at_most: a level",
                          "x.yaml:5:5: error: grants[0].clause: is missing; "
                          "add clause: a line of text"));
}

TEST(PolicyDocumentTest, AListNamesNothingTwice) {
  const Parsed<Policy> parsed = Parse(
      With(kSmall, "[user.name]", "[user.name, user.contact,\n  user.name]"));
  EXPECT_THAT(parsed.messages,
              ElementsAre("x.yaml:4:3: error: personal[2]: 'user.name' stands "
                          "in line 3 already; keep one of them"));
}

}  // namespace
}  // namespace nymstream
