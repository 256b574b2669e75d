// Goal: what the stage makes of a batch: records of each topic with key,
// headers, partition and timestamp, receipts, and what it reports.
#include "kafka/release_work.h"

#include <map>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "quarantine/envelope_opener.h"
#include "quarantine/record_sealer.h"
#include "support/engine_harness.h"

namespace nymstream {
namespace {

constexpr char kSchema[] = R"yaml(
schema: test
format: json
event_time: time
fields:
  time: {category: system.operations, type: timestamp}
  ip: {category: user.device.ip_address, type: ip}
kafka:
  key: {category: user.device.ip_address, type: ip}
)yaml";

constexpr char kPipeline[] = R"yaml(
pipeline: test
schema: test.yaml
policy: no-ip-2024
keys: {keyring: keyring}
source: {kafka: {brokers: ["b:9092"], topic: raw, group: g}}
quarantine: {kafka: {topic: q}}
limits: {quarantine_ratio_max: 0.5}
releases:
  - name: inside
    use: analytics
    audience: internal
    level: pseudonymized
    epoch: P30D
    source_coordinates: true
    output: {kafka: {topic: a, key: pseudonymize}}
  - name: partners
    use: analytics
    audience: third_party
    level: unlinked_pseudonymized
    epoch: P1D
    output: {kafka: {topic: b}}
)yaml";

constexpr char kRecord[] = R"({"time":"2026-01-05T10:00:30Z","ip":"::1"})";
constexpr int64_t kTime = 1767607230987;  // 2026-01-05T10:00:30.987Z

class ReleaseWorkTest : public testing::Test {
 protected:
  ReleaseWorkTest() {
    options_.plan =
        MakePlan(kPipeline, ShippedText("policies/no-ip-2024"), kSchema);
    options_.keyring = keyring_;
    options_.input_topic = "raw";
    options_.partitions = {6, 2, 1};
    options_.clock = SystemClock();
    options_.clock.unix_seconds = [] { return kTestDay; };
    options_.report = [this](const BatchReport& report) {
      received_.assign(report.received.begin(), report.received.end());
      counters_ = *report.counters;
    };
    options_.keyring_refused = [this] { ++keyrings_refused_; };
  }

  std::span<const OutputRecord> Process(
      const std::vector<InputRecord>& records) {
    if (work_ == nullptr) {
      auto made = ReleaseWork::Create(options_);
      EXPECT_TRUE(made.ok()) << made.status();
      work_ = *std::move(made);
    }
    return work_->Process(records);
  }

  static InputRecord Record(int32_t partition, int64_t offset,
                            std::string_view value) {
    InputRecord record;
    record.partition = partition;
    record.offset = offset;
    record.timestamp_ms = kTime;
    record.value = value;
    return record;
  }

  static std::map<std::string, std::string> Headers(
      const OutputRecord& record) {
    std::map<std::string, std::string> headers;
    for (const HeaderView& header : record.headers) {
      headers[std::string(header.name)] = header.value.value_or("");
    }
    return headers;
  }

  const std::shared_ptr<SharedKeyring> keyring_ =
      std::make_shared<SharedKeyring>(TestKeyring());
  ReleaseWorkOptions options_;
  std::unique_ptr<ReleaseWork> work_;
  std::vector<uint64_t> received_;
  Counters counters_;
  int keyrings_refused_ = 0;
};

TEST_F(ReleaseWorkTest, EachReleaseGetsItsOwnKeyHeadersAndTimestamp) {
  InputRecord input = Record(3, 41, kRecord);
  input.key = "203.0.113.9";
  const auto outputs = Process({input});
  ASSERT_EQ(outputs.size(), 2U);
  EXPECT_EQ(outputs[0].topic, 0);
  EXPECT_EQ(outputs[0].key.value_or("").substr(0, 4), "nym_");
  EXPECT_EQ(outputs[0].timestamp_ms, kTime);
  EXPECT_EQ(
      Headers(outputs[0]),
      (std::map<std::string, std::string>{{"nymstream-source", "raw/3/41"}}));
  EXPECT_EQ(outputs[1].topic, 1);
  EXPECT_FALSE(outputs[1].key.has_value());
  EXPECT_EQ(outputs[1].partition, 1);                 // 3 of 2
  EXPECT_EQ(outputs[1].timestamp_ms, 1767607200000);  // the minute
  EXPECT_TRUE(outputs[1].headers.empty());
  EXPECT_EQ(outputs[1].value.value_or("").back(), '}');  // no line end
  EXPECT_EQ(outputs[0].value.value_or("").find("nymstream_source"),
            std::string_view::npos);
}

TEST_F(ReleaseWorkTest, ReceiptsSayWhereAndWhyAndNothingElse) {
  const auto outputs =
      Process({Record(5, 7, std::string_view("{\"time\":1}\nsecret", 17))});
  ASSERT_EQ(outputs.size(), 2U);
  EXPECT_EQ(outputs[1].topic, 2);
  EXPECT_EQ(outputs[1].partition, 0);
  EXPECT_EQ(outputs[1].value, "");
  EXPECT_FALSE(outputs[1].key.has_value());
  EXPECT_EQ(outputs[1].timestamp_ms, 1767607200000);  // the hour
  EXPECT_EQ(Headers(outputs[1]), (std::map<std::string, std::string>{
                                     {"nymstream-source", "raw/5/7"},
                                     {"nymstream-record", "1"},
                                     {"nymstream-reason", "not_json"},
                                     {"nymstream-bytes", "6"}}));
}

TEST_F(ReleaseWorkTest, EachTransactionSealsWithASessionKeyOfItsOwn) {
  auto key = GenerateQuarantineKey();
  ASSERT_TRUE(key.ok());
  const QuarantinePublicKey public_key = key->public_key;
  options_.make_sealer = [public_key] { return MakeRecordSealer(public_key); };
  auto opener = EnvelopeOpener::Create(*std::move(key));
  ASSERT_TRUE(opener.ok());
  const auto seal = [&] {
    return std::string(*Process({Record(0, 1, "secret")})[0].value);
  };
  const std::string first = seal();
  const std::string second = seal();
  work_->OnCommitted();
  const std::string third = seal();
  // The sealed session key (docs/cryptography.md, bytes 13 to 93).
  EXPECT_EQ(first.substr(13, 80), second.substr(13, 80));
  EXPECT_NE(first.substr(13, 80), third.substr(13, 80));
  for (const std::string& envelope : {first, second, third}) {
    const auto opened = opener->Open(envelope);
    ASSERT_TRUE(opened.ok()) << opened.status();
    EXPECT_EQ(opened->record, "secret");
  }
}

TEST_F(ReleaseWorkTest, ReceivedRecordsAreCountedByPartition) {
  const std::string two = std::string(kRecord) + "\n" + kRecord;
  InputRecord tombstone = Record(1, 9, "");
  tombstone.value.reset();
  Process(
      {Record(0, 1, kRecord), Record(2, 4, two), tombstone, Record(1, 10, "")});
  EXPECT_EQ(received_, (std::vector<uint64_t>{1, 0, 2}));
  EXPECT_EQ(counters_.received, 3U);
  EXPECT_EQ(counters_.tombstones, 1U);
}

TEST_F(ReleaseWorkTest, TooManyQuarantinedRecordsStopTheLane) {
  std::vector<InputRecord> records(200, Record(0, 1, "bad"));
  Process(records);
  EXPECT_TRUE(work_->MustStop());
  work_->OnAborted();
  EXPECT_FALSE(work_->MustStop());
}

TEST_F(ReleaseWorkTest, ANewKeyringIsTakenWithTheNextBatch) {
  const std::string before(*Process({Record(0, 1, kRecord)})[0].value);
  keyring_->Replace(MakeKeyring(kTestDay - 4 * 86400, 31, 2));
  const std::string after(*Process({Record(0, 2, kRecord)})[0].value);
  EXPECT_NE(before, after);
  keyring_->Replace(nullptr);
  EXPECT_EQ(Process({Record(0, 3, kRecord)})[0].value, after);
  EXPECT_EQ(keyrings_refused_, 1);
}

TEST_F(ReleaseWorkTest, RetentionIsJudgedAsOfNow) {
  int64_t now = kTestDay;
  options_.clock.unix_seconds = [&now] { return now; };
  EXPECT_EQ(Process({Record(0, 1, kRecord)}).size(), 2U);
  now = kTestDay + int64_t{3} * 365 * 86400;  // the policy keeps two years
  EXPECT_EQ(Process({Record(0, 2, kRecord)}).size(), 0U);
}

}  // namespace
}  // namespace nymstream
