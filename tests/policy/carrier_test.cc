// Goal: keys and headers of Kafka records leave only where a release names
// them, and then by the rules of every field. Method: the small pipeline with a
// key and a header; messages are compared whole.
#include <string>
#include <vector>

#include "fixtures.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace nymstream {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Compiled CompileCarriers(const std::vector<FieldOverride>& choices,
                         const Policy& policy = SmallPolicy(),
                         const LogSchema& schema = CarrierSchema()) {
  Release release = InternalRelease();
  release.fields = choices;
  return Compile(SmallPipeline({release}), policy, schema);
}

TEST(CarrierTest, TheyAreFieldsOfThePlanWithNamesOfTheirOwn) {
  const Compiled compiled = CompileCarriers({});
  ASSERT_NE(compiled.plan, nullptr);
  const PlanField& key = compiled.plan->fields[5];
  EXPECT_EQ(key.carrier, Carrier::kKafkaKey);
  EXPECT_EQ(key.path_text, "(Kafka key)");
  EXPECT_EQ(key.domain, "user.account.username/id");
  EXPECT_TRUE(key.personal);
  const PlanField& header = compiled.plan->fields[6];
  EXPECT_EQ(header.carrier, Carrier::kKafkaHeader);
  EXPECT_EQ(header.header, "client-ip");
  EXPECT_EQ(header.path_text, "(Kafka header client-ip)");
  // Equal values in body, key and header become equal pseudonyms.
  EXPECT_EQ(header.domain, compiled.plan->fields[1].domain);
}

TEST(CarrierTest, UnnamedTheyAreSuppressedAtEveryLevel) {
  Release identified = PartnerRelease();
  identified.use = "essential.service.security";
  identified.level = Identifiability::kIdentified;
  identified.epoch.reset();
  const Compiled compiled =
      Compile(SmallPipeline({InternalRelease(), identified}), SmallPolicy(),
              CarrierSchema());
  EXPECT_THAT(compiled.messages, IsEmpty());
  ASSERT_NE(compiled.plan, nullptr);
  for (size_t release = 0; release < 2; ++release) {
    for (const char* name : {"(Kafka key)", "(Kafka header client-ip)"}) {
      const FieldPlan& plan = FieldIn(*compiled.plan, release, name);
      EXPECT_EQ(plan.spec.treatment, Treatment::kSuppress);
      EXPECT_EQ(plan.why,
                "keys and headers leave only where a release names them");
      EXPECT_EQ(plan.clause, "");
    }
  }
}

TEST(CarrierTest, NamedTheyAreTreatedUnderTheGrant) {
  FieldOverride header = HeaderOverride("client-ip", Treatment::kTruncate);
  header.prefix_v4 = 8;
  const Compiled compiled =
      CompileCarriers({KeyOverride(Treatment::kPseudonymize), header});
  EXPECT_THAT(compiled.messages, IsEmpty());
  ASSERT_NE(compiled.plan, nullptr);
  const FieldPlan& key = FieldIn(*compiled.plan, 0, "(Kafka key)");
  EXPECT_EQ(key.spec.treatment, Treatment::kPseudonymize);
  EXPECT_EQ(key.why,
            "chosen by the release: id is replaced by a keyed pseudonym");
  EXPECT_EQ(key.clause, "Inside");
  const FieldPlan& named =
      FieldIn(*compiled.plan, 0, "(Kafka header client-ip)");
  EXPECT_EQ(named.spec.treatment, Treatment::kTruncate);
  EXPECT_EQ(named.spec.prefix_v4, 8);
}

TEST(CarrierTest, APseudonymInAKeyAloneNeedsAnEpoch) {
  Release release = InternalRelease();
  release.level = Identifiability::kPseudonymized;
  release.epoch.reset();
  release.fields = {OverrideOf("client", Treatment::kSuppress),
                    OverrideOf("user", Treatment::kSuppress),
                    KeyOverride(Treatment::kPseudonymize)};
  EXPECT_THAT(
      Compile(SmallPipeline({release}), SmallPolicy(), CarrierSchema())
          .messages,
      ElementsAre("pipeline.yaml:5:5: error: releases[0].epoch: release "
                  "'inside': pseudonyms need a key epoch, and none is given; "
                  "for example epoch: P30D"));
}

TEST(CarrierTest, ATreatmentBelowTheLevelIsRefused) {
  EXPECT_THAT(
      CompileCarriers({KeyOverride(Treatment::kKeep),
                       HeaderOverride("client-ip", Treatment::kMinute)})
          .messages,
      ElementsAre(
          "pipeline.yaml:12:9: error: releases[0].output.kafka.key: release "
          "'inside': (Kafka key): too weak for type id at pseudonymized "
          "(granted by \"Inside\" of small.txt), got keep; choose pseudonymize "
          "or suppress",
          "pipeline.yaml:13:9: error: "
          "releases[0].output.kafka.headers.client-ip: release 'inside': "
          "(Kafka header client-ip): not a treatment for type ip, got minute; "
          "choose prefix_preserving, pseudonymize, pseudonymize_as_address, "
          "truncate, country or suppress"));
}

TEST(CarrierTest, WhatThePolicyWithholdsStaysWithheld) {
  Policy policy = SmallPolicy();
  policy.never.push_back({{"user.account"}, ClauseOf("No accounts")});
  Cap cap;
  cap.categories = {"user.device"};
  cap.at_most = Identifiability::kAnonymized;
  cap.clause = ClauseOf("Devices");
  policy.caps = {cap};
  const Compiled unnamed = CompileCarriers({}, policy);
  ASSERT_NE(unnamed.plan, nullptr);
  EXPECT_EQ(FieldIn(*unnamed.plan, 0, "(Kafka key)").clause, "No accounts");
  EXPECT_THAT(
      CompileCarriers({KeyOverride(Treatment::kPseudonymize),
                       HeaderOverride("client-ip", Treatment::kPseudonymize)},
                      policy)
          .messages,
      ElementsAre(
          "pipeline.yaml:12:9: error: releases[0].output.kafka.key: release "
          "'inside': (Kafka key): user.account is in no release under policy "
          "small (\"No accounts\" of small.txt), got pseudonymize; remove the "
          "override or choose suppress",
          "pipeline.yaml:13:9: error: "
          "releases[0].output.kafka.headers.client-ip: release 'inside': "
          "(Kafka header client-ip): policy small allows user.device at most "
          "anonymized here (\"Devices\" of small.txt), got pseudonymize; "
          "remove the override or choose suppress",
          HasSubstr("warning: releases[0].epoch")));
}

TEST(CarrierTest, ACredentialInAHeaderNeverLeaves) {
  LogSchema schema = CarrierSchema();
  schema.fields[6].type = ValueType::kCredential;
  schema.fields[6].category = "user.device";
  const Compiled compiled = CompileCarriers({}, SmallPolicy(), schema);
  ASSERT_NE(compiled.plan, nullptr);
  EXPECT_EQ(FieldIn(*compiled.plan, 0, "(Kafka header client-ip)").why,
            "a credential never leaves");
  EXPECT_EQ(CompileCarriers({HeaderOverride("client-ip", Treatment::kKeep)},
                            SmallPolicy(), schema)
                .plan,
            nullptr);
}

TEST(CarrierTest, NamesAreComparedExactlyAndWithinTheirCarrier) {
  EXPECT_THAT(
      CompileCarriers({HeaderOverride("Client-IP", Treatment::kPseudonymize),
                       HeaderOverride("user", Treatment::kPseudonymize),
                       OverrideOf("client-ip", Treatment::kPseudonymize)})
          .messages,
      ElementsAre(
          "pipeline.yaml:13:9: error: "
          "releases[0].output.kafka.headers.Client-IP: release 'inside': "
          "(Kafka header Client-IP): not a field of schema small-log; did you "
          "mean 'client-ip'?",
          "pipeline.yaml:13:9: error: releases[0].output.kafka.headers.user: "
          "release 'inside': (Kafka header user): not a field of schema "
          "small-log; there are client-ip",
          "pipeline.yaml:11:9: error: releases[0].fields.client-ip: release "
          "'inside': client-ip: not a field of schema small-log; did you mean "
          "'client'?"));
}

TEST(CarrierTest, WhatTheSchemaDoesNotClassifyIsToldHowTo) {
  EXPECT_THAT(
      CompileCarriers({KeyOverride(Treatment::kPseudonymize),
                       HeaderOverride("client-ip", Treatment::kPseudonymize)},
                      SmallPolicy(), SmallSchema())
          .messages,
      ElementsAre(
          "pipeline.yaml:12:9: error: releases[0].output.kafka.key: release "
          "'inside': (Kafka key): not a field of schema small-log; classify it "
          "there: kafka: {key: {category: ..., type: ...}}",
          "pipeline.yaml:13:9: error: "
          "releases[0].output.kafka.headers.client-ip: release 'inside': "
          "(Kafka header client-ip): not a field of schema small-log; classify "
          "it there: kafka: {headers: {NAME: {category: ..., type: ...}}}"));
}

TEST(CarrierTest, AHeaderNamedTwiceIsRefused) {
  EXPECT_THAT(
      CompileCarriers({HeaderOverride("client-ip", Treatment::kSuppress),
                       HeaderOverride("client-ip", Treatment::kPseudonymize)})
          .messages,
      ElementsAre("pipeline.yaml:13:9: error: "
                  "releases[0].output.kafka.headers.client-ip: release "
                  "'inside': (Kafka header client-ip): named twice; keep one "
                  "of them"));
}

TEST(CarrierTest, CountryOfAHeaderNeedsADatabase) {
  EXPECT_THAT(
      CompileCarriers({HeaderOverride("client-ip", Treatment::kCountry)})
          .messages,
      ElementsAre("pipeline.yaml:5:5: error: "
                  "releases[0].output.kafka.headers.client-ip: release "
                  "'inside': country of an address needs a MaxMind database; "
                  "set country_database to the path of an .mmdb file"));
}

}  // namespace
}  // namespace nymstream
