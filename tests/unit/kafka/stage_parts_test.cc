// Goal: the stage's small rules: error classes, timestamps, partitions, names,
// settings, the circuit breaker, stable offsets.
#include <librdkafka/rdkafka.h>

#include <map>
#include <string>

#include "gtest/gtest.h"
#include "kafka/client_properties.h"
#include "kafka/error_class.h"
#include "kafka/error_word.h"
#include "kafka/partitioning.h"
#include "kafka/quarantine_ratio.h"
#include "kafka/record_time.h"
#include "kafka/refusal_text.h"
#include "kafka/stable_offsets.h"

namespace nymstream {
namespace {

std::map<std::string, std::string> Last(const Properties& properties) {
  std::map<std::string, std::string> last;
  for (const auto& [name, value] : properties) last[name] = value;
  return last;
}

KafkaSource Source() {
  KafkaSource source;
  source.brokers = {"a:1", "b:2"};
  source.topic = "raw";
  source.group = "g";
  return source;
}

TEST(ErrorClassTest, WhatAnOperatorHasToMendIsRefused) {
  for (const rd_kafka_resp_err_t code :
       {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
        RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET,
        RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
        RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE}) {
    EXPECT_EQ(ConsumerError(code).kind, ErrorClass::kRefused);
    EXPECT_EQ(ProduceError(code).kind, ErrorClass::kRefused);
    EXPECT_NE(RefusalText(ConsumerError(code)).find(rd_kafka_err2name(code)),
              std::string::npos);
  }
}

TEST(ErrorClassTest, ANameThatSomebodyTookIsFenced) {
  EXPECT_EQ(ConsumerError(RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID).kind,
            ErrorClass::kReplaced);
  EXPECT_EQ(ProduceError(RD_KAFKA_RESP_ERR_PRODUCER_FENCED).kind,
            ErrorClass::kFenced);
}

TEST(ErrorClassTest, WhatPassesIsTriedAgain) {
  EXPECT_EQ(ConsumerError(RD_KAFKA_RESP_ERR__TRANSPORT).kind,
            ErrorClass::kRetriable);
  EXPECT_EQ(ConsumerError(RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT).kind,
            ErrorClass::kRetriable);
  EXPECT_EQ(ProduceError(RD_KAFKA_RESP_ERR__QUEUE_FULL).kind,
            ErrorClass::kRetriable);
  EXPECT_EQ(ProduceError(RD_KAFKA_RESP_ERR__STATE).kind,
            ErrorClass::kAbortable);
  EXPECT_TRUE(ConsumerError(RD_KAFKA_RESP_ERR_NO_ERROR).ok());
}

TEST(ErrorClassTest, EveryRefusalAndFenceHasAWordForTheLog) {
  for (int code = -200; code < 120; ++code) {
    const auto error = static_cast<rd_kafka_resp_err_t>(code);
    const ErrorClass kind = FixedClass(error);
    if (kind == ErrorClass::kNone) continue;
    EXPECT_NE(ErrorWord({kind, rd_kafka_err2name(error)}).text(), "other")
        << rd_kafka_err2name(error);
  }
}

TEST(RecordTimeTest, ATimestampIsAsCoarseAsTheEventTime) {
  const int64_t time = 1767607384987;  // 2026-01-05T10:03:04.987Z
  EXPECT_EQ(CoarseTimestamp(Treatment::kKeep, time), time);
  EXPECT_EQ(CoarseTimestamp(Treatment::kMinute, time), 1767607380000);
  EXPECT_EQ(CoarseTimestamp(Treatment::kHour, time), 1767607200000);
  EXPECT_EQ(CoarseTimestamp(Treatment::kSuppress, time), 1767571200000);
  EXPECT_EQ(CoarseTimestamp(Treatment::kHour, 5), 1);  // 0 would mean "now"
}

TEST(PartitioningTest, WithoutAKeyTheInputPartitionIsFollowed) {
  EXPECT_EQ(OutputPartition(std::nullopt, 5, 4), 1);
  EXPECT_EQ(OutputPartition(std::nullopt, 3, 4), 3);
}

// From Kafka's own UtilsTest: murmur2("foobar") is -790332482.
TEST(PartitioningTest, AKeyGoesWhereJavaPutsIt) {
  EXPECT_EQ(OutputPartition("foobar", 0, 1000),
            (static_cast<uint32_t>(-790332482) & 0x7fffffff) % 1000);
}

TEST(ClientPropertiesTest, NoOwnSettingOverridesWhatExactlyOnceNeeds) {
  KafkaSource source = Source();
  source.librdkafka = {{"isolation.level", "read_uncommitted"},
                       {"enable.auto.commit", "true"},
                       {"auto.offset.reset", "latest"},
                       {"bootstrap.servers", "evil:1"},
                       {"transactional.id", "x"},
                       {"fetch.wait.max.ms", "7"}};
  const LaneIdentity identity{"g", "pod-3", 1};
  const auto consumer = Last(ConsumerProperties(source, identity));
  EXPECT_EQ(consumer.at("isolation.level"), "read_committed");
  EXPECT_EQ(consumer.at("enable.auto.commit"), "false");
  EXPECT_EQ(consumer.at("auto.offset.reset"), "error");
  EXPECT_EQ(consumer.at("bootstrap.servers"), "a:1,b:2");
  EXPECT_EQ(consumer.at("group.instance.id"), "pod-3-1");
  EXPECT_EQ(consumer.at("fetch.wait.max.ms"), "7");
  const auto producer = Last(ProducerProperties(source, identity, 5000));
  EXPECT_EQ(producer.at("transactional.id"), "g-pod-3-1");
  EXPECT_EQ(producer.at("message.max.bytes"), "5000");
}

TEST(ClientPropertiesTest, ADynamicMemberHasNoInstanceId) {
  KafkaSource source = Source();
  source.membership = Membership::kDynamic;
  EXPECT_EQ(Last(ConsumerProperties(source, {"g", "pod-3", 1}))
                .count("group.instance.id"),
            0U);
}

TEST(QuarantineRatioTest, AFewRecordsSayNothing) {
  QuarantineRatio ratio(0.1);
  ratio.Add(QuarantineRatio::kRecordsMin - 1, QuarantineRatio::kRecordsMin - 1);
  EXPECT_FALSE(ratio.Exceeded());
  ratio.Add(1, 1);
  EXPECT_TRUE(ratio.Exceeded());
}

TEST(QuarantineRatioTest, WhatIsAbortedDoesNotCount) {
  QuarantineRatio ratio(0.1);
  ratio.Add(1000, 1000);
  ratio.Abort();
  ratio.Add(1000, 10);
  EXPECT_FALSE(ratio.Exceeded());
}

TEST(QuarantineRatioTest, OldRecordsAreForgotten) {
  QuarantineRatio ratio(0.1);
  for (int i = 0; i < 20; ++i) {
    ratio.Add(1000, 0);
    ratio.Commit();
  }
  for (int i = 0; i < 3 && !ratio.Exceeded(); ++i) {
    ratio.Add(1000, 1000);
    ratio.Commit();
  }
  EXPECT_TRUE(ratio.Exceeded());
}

TEST(QuarantineRatioTest, ALimitOfOneNeverStops) {
  QuarantineRatio ratio(1.0);
  ratio.Add(5000, 5000);
  EXPECT_FALSE(ratio.Exceeded());
}

TEST(StableOffsetsTest, ReadsTheLastStableOffsetOfEachPartition) {
  const std::string statistics =
      R"({"topics":{"raw":{"partitions":{
        "0":{"partition":0,"ls_offset":42,"hi_offset":50},
        "1":{"partition":1,"ls_offset":-1001},
        "-1":{"partition":-1,"ls_offset":7}}},"other":{"partitions":{}}}})";
  EXPECT_EQ(StableOffsets(statistics, "raw"),
            (std::vector<PartitionOffset>{{0, 42}}));
  EXPECT_TRUE(StableOffsets("not json", "raw").empty());
  EXPECT_TRUE(StableOffsets("{}", "raw").empty());
}

}  // namespace
}  // namespace nymstream
