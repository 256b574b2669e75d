// Goal: the compiler accepts what the policy grants and refuses the rest, each
// refusal with release, field or grant, and clause. Method: one small pipeline
// that compiles, bent in one place per test; messages are compared whole.
#include "policy/compiler.h"

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "fixtures.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace nymstream {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(CompilerTest, WhatThePolicyGrantsCompilesWithoutFindings) {
  const Compiled compiled =
      Compile(SmallPipeline({InternalRelease(), PartnerRelease()}));
  EXPECT_THAT(compiled.messages, IsEmpty());
  ASSERT_NE(compiled.plan, nullptr);
  const Plan& plan = *compiled.plan;
  EXPECT_EQ(plan.event_time_field, 0);
  ASSERT_EQ(plan.releases.size(), 2U);
  EXPECT_EQ(plan.releases[0].epoch, "P30D");
  EXPECT_EQ(plan.releases[0].grant_clause, "Inside");
  EXPECT_EQ(plan.releases[1].epoch, "P1D");
  EXPECT_EQ(plan.releases[1].grant_clause, "Partners");
}

TEST(CompilerTest, EveryFieldSaysWhatItBecomesWhyAndByWhichClause) {
  const Compiled compiled = Compile(SmallPipeline({PartnerRelease()}));
  ASSERT_NE(compiled.plan, nullptr);
  const FieldPlan& client = FieldIn(*compiled.plan, 0, "client");
  EXPECT_EQ(client.spec.treatment, Treatment::kPseudonymize);
  EXPECT_EQ(client.why,
            "ip at unlinked_pseudonymized is replaced by a keyed pseudonym");
  EXPECT_EQ(client.clause, "Partners");
  const FieldPlan& mail = FieldIn(*compiled.plan, 0, "mail");
  EXPECT_EQ(mail.spec.treatment, Treatment::kSuppress);
  EXPECT_EQ(mail.why, "user.contact is in no release under policy small");
  EXPECT_EQ(mail.clause, "No contact data");
  EXPECT_EQ(FieldIn(*compiled.plan, 0, "time").spec.treatment,
            Treatment::kMinute);
}

TEST(CompilerTest, PersonalFieldsAndDomainsFollowCategoryAndKind) {
  LogSchema schema = SmallSchema();
  schema.fields.push_back(
      FieldOf("forwarded", "user.device.ip_address", ValueType::kIpList));
  const Compiled compiled =
      Compile(SmallPipeline({InternalRelease()}), SmallPolicy(), schema);
  ASSERT_NE(compiled.plan, nullptr);
  const std::vector<PlanField>& fields = compiled.plan->fields;
  EXPECT_EQ(fields[1].domain, "user.device.ip_address/ip");
  EXPECT_EQ(fields[5].domain, "user.device.ip_address/ip");
  EXPECT_EQ(fields[2].domain, "user.account.username/id");
  EXPECT_TRUE(fields[1].personal);
  EXPECT_TRUE(fields[2].personal);
  EXPECT_FALSE(fields[4].personal);
}

TEST(CompilerTest, ALevelAboveTheGrantIsRefusedWithTheGrantAndItsClause) {
  Release release = PartnerRelease();
  release.level = Identifiability::kPseudonymized;
  EXPECT_THAT(
      Compile(SmallPipeline({release})).messages,
      ElementsAre("pipeline.yaml:18:12: error: releases[0].level: release "
                  "'partners': policy small grants marketing to third_party, "
                  "at most unlinked_pseudonymized (\"Partners\" of small.txt), "
                  "got pseudonymized; choose unlinked_pseudonymized or less "
                  "identifying"));
}

TEST(CompilerTest, WhatNobodyGrantedIsRefusedWithTheNearestGrants) {
  Release release = PartnerRelease();
  release.use = "analytics";
  EXPECT_THAT(
      Compile(SmallPipeline({release})).messages,
      ElementsAre(
          "pipeline.yaml:15:5: error: releases[0]: release 'partners': policy "
          "small (small.txt) grants nothing for analytics to third_party, got "
          "unlinked_pseudonymized; nearest grants: analytics to internal, at "
          "most pseudonymized (\"Inside\" of small.txt); marketing to "
          "third_party, at most unlinked_pseudonymized (\"Partners\" of "
          "small.txt); essential.service.security to third_party, at most "
          "identified (\"Security\" of small.txt)"));
}

TEST(CompilerTest, APolicyWithoutGrantsLetsNothingOut) {
  Policy policy = SmallPolicy();
  policy.grants.clear();
  EXPECT_THAT(Compile(SmallPipeline({InternalRelease()}), policy).messages,
              ElementsAre("pipeline.yaml:5:5: error: releases[0]: release "
                          "'inside': policy small (small.txt) grants nothing "
                          "for analytics.reporting to internal, got "
                          "pseudonymized; no grant comes near; remove the "
                          "release"));
}

TEST(CompilerTest, AGrantForAUseDoesNotCoverTheUseAboveItOrBesideIt) {
  Release release = PartnerRelease();
  release.level = Identifiability::kIdentified;
  for (const char* use :
       {"essential", "essential.service", "essential.service.securityx",
        "essential.service.operations"}) {
    release.use = use;
    EXPECT_EQ(Compile(SmallPipeline({release})).plan, nullptr) << use;
  }
}

TEST(CompilerTest, AggregatedReleasesAreRefusedAsNotAvailable) {
  Release release = PartnerRelease();
  release.level = Identifiability::kAggregated;
  EXPECT_THAT(
      Compile(SmallPipeline({release})).messages,
      ElementsAre("pipeline.yaml:18:12: error: releases[0].level: release "
                  "'partners': this version releases records and makes no "
                  "aggregates, got aggregated; granted is marketing to "
                  "third_party, at most unlinked_pseudonymized (\"Partners\" "
                  "of small.txt)"));
}

TEST(CompilerTest, ACapSuppressesItsCategoriesWithItsClause) {
  Policy policy = SmallPolicy();
  Cap cap;
  cap.categories = {"user.device"};
  cap.audiences = {Audience::kThirdParty};
  cap.uses = {"marketing"};
  cap.at_most = Identifiability::kAnonymized;
  cap.clause = ClauseOf("Devices");
  policy.caps = {cap};
  Release security = PartnerRelease();
  security.name = "security";
  security.use = "essential.service.security";
  const Compiled compiled = Compile(
      SmallPipeline({InternalRelease(), PartnerRelease(), security}), policy);
  ASSERT_NE(compiled.plan, nullptr);
  EXPECT_EQ(FieldIn(*compiled.plan, 0, "client").spec.treatment,
            Treatment::kPseudonymize);
  const FieldPlan& capped = FieldIn(*compiled.plan, 1, "client");
  EXPECT_EQ(capped.spec.treatment, Treatment::kSuppress);
  EXPECT_EQ(capped.why,
            "policy small allows user.device at most anonymized here");
  EXPECT_EQ(capped.clause, "Devices");
  EXPECT_EQ(FieldIn(*compiled.plan, 2, "client").spec.treatment,
            Treatment::kPseudonymize);
}

TEST(CompilerTest, CookiesCredentialsAndPaymentNeverLeaveUnderAnyPolicy) {
  LogSchema schema = SmallSchema();
  schema.fields.push_back(
      FieldOf("cookie", "user.device.cookie", ValueType::kText));
  schema.fields.push_back(
      FieldOf("auth", "user.authorization.credentials", ValueType::kId));
  schema.fields.push_back(
      FieldOf("card", "user.financial.credit_card", ValueType::kId));
  schema.fields.push_back(FieldOf("pay", "user.payment", ValueType::kText));
  schema.fields.push_back(
      FieldOf("token", "system.operations", ValueType::kCredential));
  schema.fields.push_back(
      FieldOf("extra", "system.operations", ValueType::kJson));
  Release release = InternalRelease();
  release.use = "essential.service.security";
  release.level = Identifiability::kIdentified;
  release.epoch.reset();
  const Compiled compiled =
      Compile(SmallPipeline({release}), SmallPolicy(), schema);
  ASSERT_NE(compiled.plan, nullptr);
  for (const char* path : {"cookie", "auth", "card", "pay", "token", "extra"}) {
    EXPECT_EQ(FieldIn(*compiled.plan, 0, path).spec.treatment,
              Treatment::kSuppress)
        << path;
  }
  EXPECT_EQ(FieldIn(*compiled.plan, 0, "cookie").why,
            "the contents of a cookie never leave");
  EXPECT_EQ(FieldIn(*compiled.plan, 0, "extra").why,
            "a string that holds JSON may hold anything");
  EXPECT_EQ(FieldIn(*compiled.plan, 0, "client").spec.treatment,
            Treatment::kKeep);
}

TEST(CompilerTest, AnOverrideMayBeStronger) {
  Release release = InternalRelease();
  release.fields = {OverrideOf("client", Treatment::kTruncate),
                    OverrideOf("user", Treatment::kSuppress),
                    OverrideOf("mail", Treatment::kSuppress)};
  release.fields[0].prefix_v4 = 8;
  const Compiled compiled = Compile(SmallPipeline({release}));
  ASSERT_NE(compiled.plan, nullptr);
  const FieldPlan& client = FieldIn(*compiled.plan, 0, "client");
  EXPECT_EQ(client.spec.treatment, Treatment::kTruncate);
  EXPECT_EQ(client.spec.prefix_v4, 8);
  EXPECT_EQ(client.spec.prefix_v6, 32);
  EXPECT_EQ(client.why, "chosen by the release: ip is cut to its network");
  EXPECT_THAT(
      compiled.messages,
      ElementsAre("pipeline.yaml:5:5: warning: releases[0].epoch: release "
                  "'inside': nothing in it is pseudonymized, so epoch P30D has "
                  "no effect; remove it"));
}

std::vector<std::string> MessagesOfOverride(Release release,
                                            const FieldOverride& choice) {
  release.fields = {choice};
  return Compile(SmallPipeline({release})).messages;
}

TEST(CompilerTest, AWeakerOverrideIsRefusedWithFieldAndClause) {
  EXPECT_THAT(
      MessagesOfOverride(PartnerRelease(),
                         OverrideOf("client", Treatment::kPrefixPreserving)),
      ElementsAre("pipeline.yaml:11:9: error: releases[0].fields.client: "
                  "release 'partners': client: too weak for type ip at "
                  "unlinked_pseudonymized (granted by \"Partners\" of "
                  "small.txt), got prefix_preserving; choose pseudonymize, "
                  "pseudonymize_as_address, truncate, country or suppress"));
}

TEST(CompilerTest, ATreatmentOfAnotherTypeIsRefused) {
  EXPECT_THAT(MessagesOfOverride(InternalRelease(),
                                 OverrideOf("client", Treatment::kMinute)),
              ElementsAre("pipeline.yaml:11:9: error: "
                          "releases[0].fields.client: release 'inside': "
                          "client: not a treatment for type ip, got minute; "
                          "choose prefix_preserving, pseudonymize, "
                          "pseudonymize_as_address, truncate, country or "
                          "suppress"));
}

TEST(CompilerTest, AnOverrideCannotBringBackWhatThePolicyWithholds) {
  EXPECT_THAT(MessagesOfOverride(InternalRelease(),
                                 OverrideOf("mail", Treatment::kPseudonymize)),
              ElementsAre("pipeline.yaml:11:9: error: releases[0].fields.mail: "
                          "release 'inside': mail: user.contact is in no "
                          "release under policy small (\"No contact data\" of "
                          "small.txt), got pseudonymize; remove the override "
                          "or choose suppress"));
}

TEST(CompilerTest, AnOverrideOfAnUnknownFieldSuggestsTheNearest) {
  EXPECT_THAT(MessagesOfOverride(InternalRelease(),
                                 OverrideOf("cleint", Treatment::kSuppress)),
              ElementsAre("pipeline.yaml:11:9: error: "
                          "releases[0].fields.cleint: release 'inside': "
                          "cleint: not a field of schema small-log; did you "
                          "mean 'client'?"));
}

TEST(CompilerTest, AFieldOverriddenTwiceIsRefused) {
  Release release = InternalRelease();
  release.fields = {OverrideOf("status", Treatment::kSuppress),
                    OverrideOf("status", Treatment::kKeep)};
  EXPECT_THAT(Compile(SmallPipeline({release})).messages,
              ElementsAre("pipeline.yaml:11:9: error: "
                          "releases[0].fields.status: release 'inside': "
                          "status: named twice; keep one of them"));
}

TEST(CompilerTest, ANetworkFinerThanTheTableAllowsIsRefused) {
  FieldOverride choice = OverrideOf("client", Treatment::kTruncate);
  choice.prefix_v4 = 24;
  choice.prefix_v6 = 33;
  EXPECT_THAT(
      MessagesOfOverride(InternalRelease(), choice),
      ElementsAre("pipeline.yaml:11:9: error: releases[0].fields.client: "
                  "release 'inside': client: prefix_v4 must be 1 to 16, got "
                  "24; a finer network points to a household or a person",
                  "pipeline.yaml:11:9: error: releases[0].fields.client: "
                  "release 'inside': client: prefix_v6 must be 1 to 32, got "
                  "33; a finer network points to a household or a person"));
}

TEST(CompilerTest, BucketsMustAscend) {
  FieldOverride choice = OverrideOf("status", Treatment::kBuckets);
  const std::string refusal =
      "pipeline.yaml:11:9: error: releases[0].fields.status: release 'inside': "
      "status: buckets must be lower bounds in ascending order; for example "
      "buckets: [0, 100, 1000]";
  EXPECT_THAT(MessagesOfOverride(InternalRelease(), choice),
              ElementsAre(refusal));
  choice.buckets = {0, 200, 200};
  EXPECT_THAT(MessagesOfOverride(InternalRelease(), choice),
              ElementsAre(refusal));
  choice.buckets = {0, 200, 400};
  EXPECT_THAT(MessagesOfOverride(InternalRelease(), choice), IsEmpty());
}

TEST(CompilerTest, CountryOfAnAddressNeedsADatabase) {
  Release release = InternalRelease();
  release.fields = {OverrideOf("client", Treatment::kCountry)};
  Pipeline pipeline = SmallPipeline({release});
  EXPECT_THAT(Compile(pipeline).messages,
              ElementsAre("pipeline.yaml:5:5: error: "
                          "releases[0].fields.client: release 'inside': "
                          "country of an address needs a MaxMind database; set "
                          "country_database to the path of an .mmdb file"));
  pipeline.country_database = "country.mmdb";
  EXPECT_THAT(Compile(pipeline).messages, IsEmpty());
}

TEST(CompilerTest, EventTimeMustBeATimestampField) {
  LogSchema schema = SmallSchema();
  schema.event_time = PathOf("tme");
  EXPECT_THAT(Compile(SmallPipeline({InternalRelease()}), SmallPolicy(), schema)
                  .messages,
              ElementsAre("schema.yaml:3:13: error: event_time: not a field of "
                          "schema small-log, got tme; did you mean 'time'?"));
  schema.event_time = PathOf("status");
  EXPECT_THAT(Compile(SmallPipeline({InternalRelease()}), SmallPolicy(), schema)
                  .messages,
              ElementsAre("schema.yaml:3:13: error: event_time: must be a "
                          "field of type timestamp, got status of type number; "
                          "there are time"));
  schema.fields[0].path = PathOf("times[*]");
  schema.event_time = PathOf("times[*]");
  EXPECT_THAT(Compile(SmallPipeline({InternalRelease()}), SmallPolicy(), schema)
                  .messages,
              ElementsAre("schema.yaml:3:13: error: event_time: must name one "
                          "value, got times[*]; did you mean 'times[*]'?"));
}

TEST(CompilerTest, TheEventTimeIsInTheRecordItself) {
  LogSchema schema = SmallSchema();
  schema.fields[0].carrier = Carrier::kKafkaKey;
  schema.fields[0].path = {};
  schema.event_time = {};
  EXPECT_THAT(Compile(SmallPipeline({InternalRelease()}), SmallPolicy(), schema)
                  .messages,
              ElementsAre("schema.yaml:3:13: error: event_time: not a field of "
                          "schema small-log, got ; classify a field as type "
                          "timestamp"));
}

TEST(CompilerTest, PseudonymsNeedAnEpoch) {
  Release inside = InternalRelease();
  inside.epoch.reset();
  Release partners = PartnerRelease();
  partners.epoch.reset();
  EXPECT_THAT(
      Compile(SmallPipeline({inside, partners})).messages,
      ElementsAre("pipeline.yaml:5:5: error: releases[0].epoch: release "
                  "'inside': pseudonyms need a key epoch, and none is given; "
                  "for example epoch: P30D",
                  "pipeline.yaml:15:5: error: releases[1].epoch: release "
                  "'partners': pseudonyms need a key epoch, and none is given; "
                  "for example epoch: P1D (P7D at most at this level)"));
}

TEST(CompilerTest, UnlinkedEpochsLastAWeekAtMost) {
  Release release = PartnerRelease();
  release.epoch = Period{0, 0, 7};
  EXPECT_THAT(Compile(SmallPipeline({release})).messages, IsEmpty());
  release.epoch = Period{0, 0, 8};
  EXPECT_THAT(
      Compile(SmallPipeline({release})).messages,
      ElementsAre("pipeline.yaml:15:5: error: releases[0].epoch: release "
                  "'partners': at unlinked_pseudonymized a key lives P7D at "
                  "most, got P8D; within an epoch a subject can be followed; "
                  "the level promises that this ends soon"));
  release.epoch = Period{0, 1, 0};
  EXPECT_EQ(Compile(SmallPipeline({release})).plan, nullptr);
}

TEST(CompilerTest, PseudonymsNeedAKeyring) {
  Pipeline pipeline = SmallPipeline({InternalRelease(), PartnerRelease()});
  pipeline.keyring.clear();
  EXPECT_THAT(
      Compile(pipeline).messages,
      ElementsAre("pipeline.yaml:1:1: error: keys.keyring: releases that "
                  "pseudonymize need a keyring, and none is given: inside, "
                  "partners; make one with nymstream keys generate"));
}

TEST(CompilerTest, WithoutAnyPseudonymNoKeyringIsNeeded) {
  Release release = InternalRelease();
  release.level = Identifiability::kAnonymized;
  release.epoch.reset();
  Pipeline pipeline = SmallPipeline({release});
  pipeline.keyring.clear();
  EXPECT_THAT(Compile(pipeline).messages, IsEmpty());
}

TEST(CompilerTest, ReleasesWithOneNameWouldShareKeysAndAreRefused) {
  EXPECT_THAT(
      Compile(SmallPipeline({InternalRelease(), InternalRelease()})).messages,
      ElementsAre("pipeline.yaml:5:5: error: releases[1].name: release "
                  "'inside': releases[0] has this name already, and keys are "
                  "derived from it; give every release a name of its own"));
}

TEST(CompilerTest, AReleaseCannotTakeTheQuarantinesFile) {
  Release release = InternalRelease();
  release.name = "quarantine";
  EXPECT_THAT(Compile(SmallPipeline({release})).messages,
              ElementsAre("pipeline.yaml:5:5: error: releases[0].name: "
                          "'quarantine' is the name of the receipts' file; "
                          "choose another name"));
}

TEST(CompilerTest, SourceCoordinatesStayInside) {
  Release inside = InternalRelease();
  inside.source_coordinates = true;
  EXPECT_THAT(Compile(SmallPipeline({inside})).messages, IsEmpty());
  inside.level = Identifiability::kUnlinkedPseudonymized;
  inside.epoch = Period{0, 0, 1};
  EXPECT_EQ(Compile(SmallPipeline({inside})).plan, nullptr);
  Release partners = PartnerRelease();
  partners.source_coordinates = true;
  EXPECT_THAT(
      Compile(SmallPipeline({partners})).messages,
      ElementsAre("pipeline.yaml:15:5: error: releases[0].source_coordinates: "
                  "release 'partners': source coordinates lead back to the raw "
                  "record; they are for identified or pseudonymized releases "
                  "to internal, got unlinked_pseudonymized to third_party; "
                  "remove source_coordinates"));
}

TEST(CompilerTest, MoreReleasesThanBitsAreRefused) {
  std::vector<Release> releases;
  for (int i = 0; i <= kReleasesMax; ++i) {
    releases.push_back(InternalRelease());
    releases.back().name = absl::StrFormat("inside-%d", i);
  }
  EXPECT_THAT(Compile(SmallPipeline(releases)).messages,
              ElementsAre("pipeline.yaml:1:1: error: releases: at most 32 "
                          "releases, got 33; split the pipeline"));
  releases.pop_back();
  EXPECT_THAT(Compile(SmallPipeline(releases)).messages, IsEmpty());
}

TEST(CompilerTest, MinorsRetentionAndLinkageReachEveryReleaseWithTheirClauses) {
  Policy policy = SmallPolicy();
  policy.minors = Minors{14, ClauseOf("Children")};
  policy.retention =
      Retention{Period{2, 0, 0}, RetentionScope::kPersonal, ClauseOf("Keep")};
  policy.linked_is_personal = true;
  const Compiled compiled =
      Compile(SmallPipeline({InternalRelease(), PartnerRelease()}), policy);
  EXPECT_THAT(compiled.messages, IsEmpty());  // a schema without age is fine
  ASSERT_NE(compiled.plan, nullptr);
  for (const ReleasePlan& release : compiled.plan->releases) {
    EXPECT_EQ(release.minors_under, 14);
    EXPECT_EQ(release.minors_clause, "Children");
    ASSERT_TRUE(release.retention.has_value());
    EXPECT_EQ(release.retention->period, (Period{2, 0, 0}));
    EXPECT_EQ(release.retention->clause.heading, "Keep");
    EXPECT_TRUE(release.linked_is_personal);
  }
}

RightsRule RuleOf(Right right) {
  return {right, "subjects.txt", {"pipeline.yaml", 25, 5}};
}

Policy PolicyWithRights(const std::vector<Right>& rights) {
  Policy policy = SmallPolicy();
  for (const Right right : rights)
    policy.rights.push_back({right, ClauseOf("Your choices")});
  return policy;
}

TEST(CompilerTest, SuppressionListsCoverTheReleasesThatTheirRightCovers) {
  const Policy policy =
      PolicyWithRights({Right::kErasure, Right::kOptOutOfThirdPartyDisclosure,
                        Right::kOptOutOfMarketing});
  Release security = PartnerRelease();
  security.name = "security";
  security.use = "essential.service.security";
  Pipeline pipeline =
      SmallPipeline({InternalRelease(), PartnerRelease(), security});
  pipeline.rights = {RuleOf(Right::kErasure),
                     RuleOf(Right::kOptOutOfThirdPartyDisclosure),
                     RuleOf(Right::kOptOutOfMarketing)};
  const Compiled compiled = Compile(pipeline, policy);
  EXPECT_THAT(compiled.messages, IsEmpty());
  ASSERT_NE(compiled.plan, nullptr);
  EXPECT_THAT(compiled.plan->releases[0].rights, ElementsAre(0));
  EXPECT_THAT(compiled.plan->releases[1].rights, ElementsAre(0, 1, 2));
  EXPECT_THAT(compiled.plan->releases[2].rights, ElementsAre(0, 1));
}

TEST(CompilerTest, ARightWithoutASuppressionListIsAWarning) {
  const Compiled compiled = Compile(SmallPipeline({InternalRelease()}),
                                    PolicyWithRights({Right::kErasure}));
  EXPECT_NE(compiled.plan, nullptr);
  EXPECT_THAT(
      compiled.messages,
      ElementsAre("pipeline.yaml:5:5: warning: releases[0]: release 'inside': "
                  "policy small grants erasure (\"Your choices\" of "
                  "small.txt), which covers this release, and no suppression "
                  "list serves it; add rights: [{right: erasure, subjects: "
                  "FILE}]"));
}

TEST(CompilerTest, ASuppressionListMustServeARightOfThePolicy) {
  Pipeline pipeline = SmallPipeline({InternalRelease()});
  pipeline.rights = {RuleOf(Right::kErasure)};
  EXPECT_THAT(
      Compile(pipeline, PolicyWithRights({Right::kDisclosureList})).messages,
      ElementsAre("pipeline.yaml:25:5: error: rights[0].right: policy small "
                  "(small.txt) grants no such right, got erasure; its rights: "
                  "disclosure_list"));
  pipeline.rights = {RuleOf(Right::kDisclosureList)};
  EXPECT_THAT(
      Compile(pipeline, PolicyWithRights({Right::kDisclosureList})).messages,
      ElementsAre("pipeline.yaml:25:5: error: rights[0].right: "
                  "disclosure_list needs no suppression list; it is answered "
                  "by nymstream explain --disclosures"));
}

TEST(CompilerTest, MoreSuppressionListsThanBitsAreRefused) {
  const Policy policy = PolicyWithRights({Right::kErasure});
  Pipeline pipeline = SmallPipeline({InternalRelease()});
  pipeline.rights.assign(kListsMax + 1, RuleOf(Right::kErasure));
  EXPECT_THAT(Compile(pipeline, policy).messages,
              ElementsAre("pipeline.yaml:25:5: error: rights: at most 64 "
                          "suppression lists, got 65; join lists of the same "
                          "right"));
  pipeline.rights.pop_back();
  EXPECT_THAT(Compile(pipeline, policy).messages, IsEmpty());
}

TEST(CompilerTest, ASuppressionListThatCoversNothingIsAWarning) {
  Pipeline pipeline = SmallPipeline({InternalRelease()});
  pipeline.rights = {RuleOf(Right::kOptOutOfMarketing)};
  const Compiled compiled =
      Compile(pipeline, PolicyWithRights({Right::kOptOutOfMarketing}));
  EXPECT_NE(compiled.plan, nullptr);
  EXPECT_THAT(compiled.messages,
              ElementsAre("pipeline.yaml:25:5: warning: rights[0]: "
                          "opt_out_of_marketing covers no release of this "
                          "pipeline; remove the list"));
}

TEST(CompilerTest, ASuppressionListNeedsAFieldThatNamesTheSubject) {
  LogSchema schema = SmallSchema();
  schema.fields = {schema.fields[0], schema.fields[4]};
  Release release = InternalRelease();
  release.epoch.reset();
  Pipeline pipeline = SmallPipeline({release});
  pipeline.rights = {RuleOf(Right::kErasure)};
  EXPECT_THAT(
      Compile(pipeline, PolicyWithRights({Right::kErasure}), schema).messages,
      ElementsAre("pipeline.yaml:25:5: error: rights: schema small-log has no "
                  "field of type ip, id, mac or email, so no record can be "
                  "matched to a subject; classify the field that names the "
                  "subject"));
}

TEST(CompilerTest, AKeyOrAHeaderDoesNotMatchARecordToItsSubject) {
  LogSchema schema = CarrierSchema();
  schema.fields = {schema.fields[0], schema.fields[5], schema.fields[6]};
  Pipeline pipeline = SmallPipeline({InternalRelease()});
  pipeline.releases[0].epoch.reset();
  pipeline.rights = {RuleOf(Right::kErasure)};
  EXPECT_EQ(Compile(pipeline, PolicyWithRights({Right::kErasure}), schema).plan,
            nullptr);
}

TEST(CompilerTest, AnAddressOfAnotherCategoryIsAWarning) {
  LogSchema schema = CarrierSchema();
  schema.fields[1].category = "user.device";
  schema.fields[1].position = {"schema.yaml", 6, 3};
  schema.fields[6].category = "user.unique_id";
  schema.fields.push_back(
      FieldOf("upstream", "system.operations", ValueType::kIpList));
  EXPECT_THAT(
      Compile(SmallPipeline({InternalRelease()}), SmallPolicy(), schema)
          .messages,
      ElementsAre(
          "schema.yaml:6:3: warning: fields.client.category: an address of a "
          "user (type ip) is user.device.ip_address, and what the policy says "
          "of that does not hold here, got user.device; write category: "
          "user.device.ip_address",
          HasSubstr("kafka.headers.client-ip.category: ")));
}

TEST(CompilerTest, SuppressionListsNeedAKeyringToo) {
  Release release = InternalRelease();
  release.level = Identifiability::kAnonymized;
  release.epoch.reset();
  Pipeline pipeline = SmallPipeline({release});
  pipeline.keyring.clear();
  pipeline.rights = {RuleOf(Right::kErasure)};
  EXPECT_THAT(
      Compile(pipeline, PolicyWithRights({Right::kErasure})).messages,
      ElementsAre("pipeline.yaml:1:1: error: keys.keyring: suppression lists "
                  "need a keyring, and none is given; make one with nymstream "
                  "keys generate"));
}

TEST(CompilerTest, APromisedListOfRecipientsNeedsTheirNames) {
  Release release = PartnerRelease();
  release.recipient.clear();
  const Compiled compiled = Compile(SmallPipeline({InternalRelease(), release}),
                                    PolicyWithRights({Right::kDisclosureList}));
  EXPECT_NE(compiled.plan, nullptr);
  EXPECT_THAT(
      compiled.messages,
      ElementsAre("pipeline.yaml:15:5: warning: releases[1].recipient: release "
                  "'partners': policy small promises a list of recipients "
                  "(\"Your choices\" of small.txt), and this release names "
                  "none; name who gets it"));
}

TEST(CompilerTest, AllFindingsComeAtOnce) {
  Release refused = PartnerRelease();
  refused.use = "train_ai_system";
  Release weak = InternalRelease();
  weak.fields = {OverrideOf("client", Treatment::kKeep),
                 OverrideOf("nobody", Treatment::kKeep)};
  LogSchema schema = SmallSchema();
  schema.event_time = PathOf("status");
  EXPECT_EQ(Compile(SmallPipeline({refused, weak}), SmallPolicy(), schema)
                .messages.size(),
            4U);
}

}  // namespace
}  // namespace nymstream
