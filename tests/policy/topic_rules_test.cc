// Goal: a pipeline that starts on Kafka loses nothing, mixes nothing and keeps
// nothing longer than was promised. Method: the small pipeline with a source;
// messages are compared whole.
#include "policy/topic_rules.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "fixtures.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace nymstream {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

KafkaSink SinkOf(const std::string& topic, int line) {
  KafkaSink sink;
  sink.topic = topic;
  sink.position = {"pipeline.yaml", line, 13};
  return sink;
}

Pipeline KafkaPipeline() {
  Pipeline pipeline = SmallPipeline({InternalRelease(), PartnerRelease()});
  pipeline.source.emplace();
  pipeline.source->topic = "raw";
  pipeline.source->security.position = {"pipeline.yaml", 4, 20};
  pipeline.releases[0].output = SinkOf("one", 12);
  pipeline.releases[1].output = SinkOf("two", 22);
  pipeline.quarantine = SinkOf("held", 30);
  return pipeline;
}

TEST(TopicRulesTest, APipelineWithATopicForEverythingCompiles) {
  EXPECT_THAT(Compile(KafkaPipeline()).messages, IsEmpty());
}

TEST(TopicRulesTest, WithASourceEverythingNeedsATopic) {
  Pipeline pipeline = KafkaPipeline();
  pipeline.releases[0].output.reset();
  pipeline.releases[1].output.reset();
  pipeline.quarantine.reset();
  EXPECT_THAT(
      Compile(pipeline).messages,
      ElementsAre(
          "pipeline.yaml:5:5: error: releases[0].output: release 'inside': the "
          "pipeline has a source, and the release goes nowhere; add output: "
          "{kafka: {topic: NAME}}",
          "pipeline.yaml:15:5: error: releases[1].output: release 'partners': "
          "the pipeline has a source, and the release goes nowhere; add "
          "output: {kafka: {topic: NAME}}",
          "pipeline.yaml:1:1: error: quarantine.kafka: the pipeline has a "
          "source, and records that can't be processed go nowhere; add "
          "quarantine: {kafka: {topic: NAME}}"));
  pipeline.source.reset();
  EXPECT_THAT(Compile(pipeline).messages, IsEmpty());
}

TEST(TopicRulesTest, NoTopicHasTwoUses) {
  Pipeline pipeline = KafkaPipeline();
  pipeline.releases[1].output->topic = "one";
  EXPECT_THAT(
      Compile(pipeline).messages,
      ElementsAre("pipeline.yaml:22:13: error: "
                  "releases[1].output.kafka.topic: release 'partners': topic "
                  "'one' belongs to release 'inside' already; give every "
                  "release and the quarantine a topic of their own"));
  pipeline.releases[0].output->topic = "raw";
  pipeline.releases[1].output->topic = "held";
  EXPECT_THAT(
      Compile(pipeline).messages,
      ElementsAre("pipeline.yaml:12:13: error: "
                  "releases[0].output.kafka.topic: release 'inside': topic "
                  "'raw' belongs to the source already; give every release and "
                  "the quarantine a topic of their own",
                  "pipeline.yaml:22:13: error: "
                  "releases[1].output.kafka.topic: release 'partners': topic "
                  "'held' belongs to the quarantine already; give every "
                  "release and the quarantine a topic of their own"));
  pipeline = KafkaPipeline();
  pipeline.quarantine->topic = "raw";
  EXPECT_THAT(Compile(pipeline).messages,
              ElementsAre("pipeline.yaml:30:13: error: quarantine.kafka.topic: "
                          "the quarantine: topic 'raw' belongs to the source "
                          "already; give every release and the quarantine a "
                          "topic of their own"));
}

TEST(TopicRulesTest, WhatCanBeReadOnItsWayIsWarnedOf) {
  Pipeline pipeline = KafkaPipeline();
  pipeline.source->security.protocol = SecurityProtocol::kSaslPlaintext;
  const Compiled compiled = Compile(pipeline);
  EXPECT_NE(compiled.plan, nullptr);
  EXPECT_THAT(compiled.messages,
              ElementsAre("pipeline.yaml:4:20: warning: "
                          "source.kafka.security.protocol: raw records, and "
                          "with PLAIN or OAUTHBEARER the password or token, "
                          "can be read on their way, got sasl_plaintext; "
                          "choose sasl_ssl"));
}

Policy PolicyThatKeeps(const Period& period, RetentionScope of) {
  Policy policy = SmallPolicy();
  policy.retention = Retention{period, of, ClauseOf("Keep")};
  return policy;
}

TopicCreation CreationOf(const Period& retention) {
  TopicCreation creation;
  creation.retention = retention;
  return creation;
}

TEST(TopicRulesTest, ATopicKeepsNoLongerThanThePolicy) {
  const Policy policy = PolicyThatKeeps({2, 0, 0}, RetentionScope::kPersonal);
  Pipeline pipeline = KafkaPipeline();
  pipeline.releases[0].output->create = CreationOf({2, 0, 1});
  EXPECT_THAT(
      Compile(pipeline, policy).messages,
      ElementsAre("pipeline.yaml:12:13: error: "
                  "releases[0].output.kafka.create.retention: release "
                  "'inside': policy small keeps what is personal for P2Y "
                  "(\"Keep\" of small.txt), got P2Y1D; choose P2Y or less, or "
                  "leave it out"));
  for (const Period& period :
       {Period{2, 0, 0}, Period{0, 24, 0}, Period{0, 0, 730}}) {
    pipeline.releases[0].output->create = CreationOf(period);
    EXPECT_THAT(Compile(pipeline, policy).messages, IsEmpty())
        << PeriodText(period);
  }
  pipeline.releases[0].output->create = TopicCreation();
  EXPECT_THAT(Compile(pipeline, policy).messages, IsEmpty());
}

TEST(TopicRulesTest, WhatIsNotPersonalIsKeptAsLongAsTheScopeSays) {
  Release release = InternalRelease();
  release.fields = {OverrideOf("client", Treatment::kSuppress),
                    OverrideOf("user", Treatment::kSuppress)};
  release.epoch.reset();
  Pipeline pipeline = KafkaPipeline();
  pipeline.releases = {release};
  pipeline.releases[0].output = SinkOf("one", 12);
  pipeline.releases[0].output->create = CreationOf({3, 0, 0});
  EXPECT_THAT(
      Compile(pipeline, PolicyThatKeeps({2, 0, 0}, RetentionScope::kPersonal))
          .messages,
      IsEmpty());
  EXPECT_THAT(
      Compile(pipeline, PolicyThatKeeps({2, 0, 0}, RetentionScope::kAll))
          .messages,
      ElementsAre("pipeline.yaml:12:13: error: "
                  "releases[0].output.kafka.create.retention: release "
                  "'inside': policy small keeps records for P2Y (\"Keep\" of "
                  "small.txt), got P3Y; choose P2Y or less, or leave it out"));
}

TEST(TopicRulesTest, APseudonymIsPersonalWhereThePolicySaysThatItLinks) {
  Release release = InternalRelease();
  release.fields = {OverrideOf("client", Treatment::kSuppress)};
  Policy policy = PolicyThatKeeps({2, 0, 0}, RetentionScope::kPersonal);
  policy.personal = {"user.device.ip_address"};  // the user is not
  Pipeline pipeline = KafkaPipeline();
  pipeline.releases = {release};
  pipeline.releases[0].output = SinkOf("one", 12);
  pipeline.releases[0].output->create = CreationOf({3, 0, 0});
  EXPECT_THAT(Compile(pipeline, policy).messages, IsEmpty());
  policy.linked_is_personal = true;
  EXPECT_EQ(Compile(pipeline, policy).plan, nullptr);
}

TEST(TopicRulesTest, ASealedRecordIsKeptNoLongerThanARawOne) {
  const Policy policy = PolicyThatKeeps({0, 0, 30}, RetentionScope::kPersonal);
  Pipeline pipeline = KafkaPipeline();
  pipeline.quarantine->create = CreationOf({0, 0, 31});
  EXPECT_THAT(Compile(pipeline, policy).messages, IsEmpty());
  pipeline.seal_to = "quarantine.pub";
  EXPECT_THAT(
      Compile(pipeline, policy).messages,
      ElementsAre("pipeline.yaml:30:13: error: "
                  "quarantine.kafka.create.retention: the quarantine: policy "
                  "small keeps what is personal for P30D (\"Keep\" of "
                  "small.txt), got P31D; choose P30D or less, or leave it "
                  "out"));
}

// Against every date of eight years.
TEST(TopicRulesTest, ThePeriodsMillisecondsAreTheFewestThatItCanMean) {
  constexpr int64_t kDay = 86400;
  for (const Period& period :
       {Period{0, 0, 1}, Period{0, 1, 0}, Period{0, 2, 0}, Period{0, 3, 0},
        Period{0, 4, 0}, Period{0, 5, 0}, Period{0, 6, 0}, Period{0, 7, 0},
        Period{0, 8, 0}, Period{0, 9, 0}, Period{0, 10, 0}, Period{0, 11, 0},
        Period{0, 12, 0}, Period{1, 0, 0}, Period{1, 6, 3}, Period{3, 0, 0}}) {
    int64_t fewest = INT64_MAX;
    for (int64_t day = 18262; day < 18262 + 8 * 365; ++day) {
      fewest =
          std::min(fewest, ShiftByPeriod(day * kDay, period, 1) - day * kDay);
    }
    EXPECT_EQ(PeriodMillisecondsMin(period), fewest * 1000)
        << PeriodText(period);
  }
}

}  // namespace
}  // namespace nymstream
