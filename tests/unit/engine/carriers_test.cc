// Goal: the key and headers of a Kafka record are treated, guarded and counted
// as its fields are, and a record that grows too large takes nothing with it.
// Method: a schema that classifies them, batches made by hand.
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nymstream/batch.h"
#include "secret/pseudonym_key.h"
#include "support/engine_harness.h"
#include "treatment/ip_address.h"

namespace nymstream {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr char kSchema[] = R"yaml(
schema: test
format: json
event_time: time
fields:
  time: {category: system.operations, type: timestamp}
  ip: {category: user.device.ip_address, type: ip}
  note: {category: user.behavior, type: text}
kafka:
  key: {category: user.device.ip_address, type: ip}
  headers:
    agent: {category: user.device, type: user_agent}
    client: {category: user.device.ip_address, type: ip}
)yaml";

constexpr char kPipeline[] = R"yaml(
pipeline: test
schema: test.yaml
policy: no-ip-2024
keys: {keyring: keyring}
source: {kafka: {brokers: ["b:9092"], topic: raw, group: g}}
quarantine: {kafka: {topic: q}}
releases:
  - name: inside
    use: analytics
    audience: internal
    level: pseudonymized
    epoch: P30D
    output: {kafka: {topic: a, key: pseudonymize, headers: {agent: redact_identifiers}}}
  - name: partners
    use: analytics
    audience: third_party
    level: unlinked_pseudonymized
    epoch: P1D
    output: {kafka: {topic: b}}
)yaml";

std::shared_ptr<const Plan> CarrierPlan() {
  return MakePlan(kPipeline, ShippedText("policies/no-ip-2024"), kSchema);
}

int32_t FieldOf(const Plan& plan, const std::string& name) {
  for (size_t i = 0; i < plan.fields.size(); ++i) {
    if (plan.fields[i].path_text == name) return static_cast<int32_t>(i);
  }
  return -3;
}

class CarriersTest : public testing::Test {
 protected:
  CarriersTest() : plan_(CarrierPlan()), engine_(plan_) {
    raw_.offsets_are_bytes = false;
  }

  // What leaves beside the records of `release`, one after another.
  std::string Carried(int release) {
    std::string all;
    for (const auto& carrier : released_.carriers(release)) {
      all += plan_->fields[static_cast<size_t>(carrier.field)].path_text + "=" +
             std::string(released_.carrier_bytes(release).substr(
                 carrier.begin, carrier.end - carrier.begin)) +
             ";";
    }
    return all;
  }
  void Process() { engine_.deidentifier().Process(raw_, &released_); }
  int32_t Field(const std::string& name) const { return FieldOf(*plan_, name); }

  std::shared_ptr<const Plan> plan_;
  EngineHarness engine_;
  RawBatch raw_;
  ReleasedBatch released_;
};

constexpr char kRecord[] =
    R"({"time":"2026-01-05T10:00:00Z","ip":"203.0.113.9","note":"x"})";

TEST_F(CarriersTest, AKeyHasThePseudonymOfTheSameValueInTheBody) {
  raw_.AddCarrier(Field("(Kafka key)"), "203.0.113.9");
  raw_.Add(kRecord, 1);
  Process();
  const std::string body(released_.bytes(0));
  const std::string token = body.substr(body.find("nym_"), kTokenChars);
  EXPECT_EQ(Carried(0), "(Kafka key)=" + token + ";");
  EXPECT_EQ(Carried(1), "");  // that release names no key
  EXPECT_EQ(released_.counters().releases[1].fields[static_cast<size_t>(Field(
                "(Kafka key)"))][static_cast<size_t>(FieldAction::kSuppressed)],
            1U);
}

TEST_F(CarriersTest, CarriersGoWithTheirOwnSegment) {
  raw_.Add(kRecord, 1);
  raw_.AddCarrier(Field("(Kafka key)"), "203.0.113.9");
  raw_.Add(std::string(kRecord) + "\n" + kRecord, 2);
  Process();
  ASSERT_EQ(released_.records(0).size(), 3U);
  EXPECT_EQ(released_.records(0)[0].carriers_end, 0U);
  EXPECT_EQ(released_.records(0)[1].carriers_end, 1U);
  EXPECT_EQ(released_.records(0)[2].carriers_end, 2U);
  EXPECT_EQ(released_.segment_records()[1], 2U);
}

TEST_F(CarriersTest, WhatTheKeyHoldsLeavesNowhereElse) {
  raw_.AddCarrier(kUnclassifiedCarrier, "maria-phone-77");
  raw_.Add(
      R"({"time":"2026-01-05T10:00:00Z","note":"seen maria-phone-77 here"})",
      1);
  Process();
  EXPECT_EQ(released_.bytes(0).find("maria"), std::string_view::npos);
  EXPECT_NE(released_.bytes(0).find("REDACTED"), std::string_view::npos);
}

TEST_F(CarriersTest, WhatTheBodyHoldsLeavesInNoHeader) {
  raw_.AddCarrier(Field("(Kafka header agent)"), "curl/8.0 device-4711-abc");
  raw_.Add(
      R"({"time":"2026-01-05T10:00:00Z","secret":"device-4711-abc","note":"x"})",
      1);
  Process();
  EXPECT_EQ(Carried(0), "(Kafka header agent)=curl/8.0 REDACTED;");
}

TEST_F(CarriersTest, BytesThatAreNoTextDoNotLeave) {
  raw_.AddCarrier(Field("(Kafka header agent)"), "curl/8.0 \xff");
  raw_.Add(kRecord, 1);
  Process();
  EXPECT_EQ(Carried(0), "");
  EXPECT_EQ(released_.counters().releases[0].released, 1U);
}

TEST_F(CarriersTest, ATombstoneLeavesWhereItsKeyDoes) {
  raw_.AddCarrier(Field("(Kafka key)"), "203.0.113.9");
  raw_.AddTombstone(kTestDay, 7);
  raw_.AddTombstone(kTestDay, 8);  // deletes no key
  Process();
  ASSERT_EQ(released_.records(0).size(), 1U);
  EXPECT_TRUE(released_.records(0)[0].tombstone);
  EXPECT_TRUE(released_.bytes(0).empty());
  EXPECT_EQ(Carried(0).substr(0, 16), "(Kafka key)=nym_");
  EXPECT_TRUE(released_.records(1).empty());
  EXPECT_EQ(released_.counters().tombstones, 2U);
  EXPECT_EQ(released_.counters().received, 0U);
}

// What one header withholds another one must not hold, with no body as well.
TEST_F(CarriersTest, TheLeakGuardLooksAtTombstones) {
  raw_.AddCarrier(Field("(Kafka key)"), "203.0.113.9");
  raw_.AddCarrier(kUnclassifiedCarrier, "q7fGv1uBxz");
  raw_.AddCarrier(Field("(Kafka header agent)"),
                  "Mozilla/5.0 (id q7fGv1uBxz) Firefox/1.0");
  raw_.AddTombstone(kTestDay, 7);
  Process();
  ASSERT_EQ(released_.records(0).size(), 1U);
  EXPECT_THAT(Carried(0), HasSubstr("Mozilla/5.0 (id REDACTED) Firefox/1.0"));
  EXPECT_THAT(Carried(0), Not(HasSubstr("q7fGv1uBxz")));
  EXPECT_EQ(released_.counters().releases[0].leak_guard_redactions, 1U);
}

TEST_F(CarriersTest, ATombstoneThatDeletesNothingCountsNoField) {
  raw_.AddCarrier(Field("(Kafka header agent)"), "Mozilla/5.0");
  raw_.AddTombstone(kTestDay, 7);
  Process();
  EXPECT_TRUE(released_.records(0).empty());
  EXPECT_EQ(Carried(0), "");
  for (const auto& actions : released_.counters().releases[0].fields) {
    for (const uint64_t count : actions) EXPECT_EQ(count, 0U);
  }
}

TEST_F(CarriersTest, ATombstoneBeforeTheFirstEpochLeavesNothing) {
  raw_.AddCarrier(Field("(Kafka key)"), "203.0.113.9");
  raw_.AddTombstone(0, 7);
  Process();
  EXPECT_TRUE(released_.records(0).empty());
}

TEST(CarrierRightsTest, ASubjectInTheKeyIsFoundAndCounted) {
  const auto plan =
      MakePlan(std::string(kPipeline) +
                   "rights:\n  - {right: erasure, subjects: erased.txt}\n",
               ShippedText("policies/no-ip-2024"), kSchema);
  const auto keyring = TestKeyring();
  auto key = keyring->Derive(keyring->FindEpoch("subjects", kTestDay),
                             "subjects", "user.device.ip_address/ip");
  ASSERT_TRUE(key.ok());
  std::string token(kTokenChars, 0);
  key->Token(ParseIpAddress("203.0.113.77")->Canonical(), token.data());
  DeidentifierOptions options;
  options.subjects = {{token}};
  EngineHarness engine(plan, std::move(options));
  RawBatch raw;
  raw.offsets_are_bytes = false;
  raw.AddCarrier(FieldOf(*plan, "(Kafka key)"), "203.0.113.77");
  raw.Add(kRecord, 1);
  ReleasedBatch released;
  engine.deidentifier().Process(raw, &released);
  for (const ReleaseCounters& release : released.counters().releases) {
    EXPECT_EQ(release.suppressed, 1U);
    EXPECT_THAT(release.suppressed_by_list, ElementsAre(1));
  }
}

TEST(ReleasedTooLargeTest, ARecordThatGrewTooMuchIsQuarantinedWhole) {
  DeidentifierOptions options;
  options.released_bytes_max = 60;
  EngineHarness engine(CarrierPlan(), options);
  // 37 bytes of pseudonym for an address of 2: too large in both releases.
  const std::string grown = R"({"time":"2026-01-05T10:00:00Z","ip":"::"})";
  const std::string good = R"({"time":"2026-01-05T10:00:00Z","note":"x"})";
  const Outcome outcome = engine.Run(good + "\n" + grown + "\n" + good + "\n");
  ASSERT_EQ(outcome.receipts.size(), 1U);
  EXPECT_EQ(outcome.receipts[0].reason, QuarantineReason::kReleasedTooLarge);
  EXPECT_EQ(outcome.releases[0].find("nym_"), std::string::npos);
  EXPECT_EQ(outcome.counters.received, 3U);
  for (const ReleaseCounters& release : outcome.counters.releases) {
    EXPECT_TRUE(release.AddUp());
    EXPECT_EQ(release.released, 2U);
    EXPECT_EQ(release.quarantined, 1U);
    for (const auto& actions : release.fields) {
      uint64_t sum = 0;
      for (const uint64_t count : actions) sum += count;
      EXPECT_LE(sum, 2U);  // nothing of the record that was taken back
    }
  }
}

}  // namespace
}  // namespace nymstream
