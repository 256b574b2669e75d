// Goal: a cause that stays is no busy loop and no end: a lane whose every
// commit has to be aborted goes on trying, and waits between the tries, 2 s at
// most. But a topic that is gone ends it, and so does a group that takes it for
// two members again and again, while one whose name is confirmed goes on.
// Method: a client with one record that is never committed, and a clock that
// moves only while the lane waits.
#include <atomic>
#include <cstdint>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "kafka/lane.h"

namespace nymstream {
namespace {

constexpr int64_t kNanosecondsPerMillisecond = 1'000'000;
constexpr int64_t kHourMs = 3'600'000;
constexpr int32_t kPartition = 3;
constexpr int64_t kCommitted = 7;

class RefusingClient : public LaneClient {
 public:
  explicit RefusingClient(ErrorClass kind) : error_{kind, "REFUSED"} {}

  KafkaError Subscribe(RebalanceListener* listener) override {
    listener_ = listener;
    return {};
  }
  Polled Poll(int timeout_ms) override {
    now_ns += timeout_ms * kNanosecondsPerMillisecond;
    if (assigns && !std::exchange(assigned_, true)) {
      listener_->OnAssigned(own_);
      return {};
    }
    if (replaced_every_ms != 0) {
      now_ns += replaced_every_ms * kNanosecondsPerMillisecond;
      return {{}, {}, {ErrorClass::kReplaced, "REPLACED"}};
    }
    if (handed_out_) return {};
    handed_out_ = true;
    return {record_, {}, {}};
  }
  KafkaError Committed(std::span<const int32_t> partitions,
                       std::vector<PartitionOffset>* offsets) override {
    *offsets = {{partitions.front(), kCommitted}};
    return {};
  }
  KafkaError Watermarks(int32_t, int64_t*, int64_t*) override { return {}; }
  KafkaError Assign(std::span<const PartitionOffset>) override { return {}; }
  KafkaError Unassign(std::span<const int32_t>) override { return {}; }
  KafkaError Seek(std::span<const PartitionOffset>) override {
    handed_out_ = false;
    return {};
  }
  void Close() override {}
  KafkaError RenewConsumer() override {
    ++renewed;
    if (std::exchange(assigned_, false) && revokes) {
      listener_->OnRevoked(own_, true);
    }
    return {};
  }
  KafkaError OpenProducer() override {
    ++opened;
    indefinite_ = false;
    return {};
  }
  KafkaError ConfirmProducer(const PartitionOffset& committed) override {
    confirmed_with.push_back(committed);
    return confirms;
  }
  KafkaError Begin() override { return {}; }
  KafkaError Produce(const OutputRecord&) override { return {}; }
  void Wait(int) override {}
  KafkaError SendOffsets(std::span<const PartitionOffset>) override {
    return {};
  }
  KafkaError Commit() override {
    tries_ns.push_back(now_ns);
    indefinite_ |= indefinite_commits;
    return error_;
  }
  KafkaError Abort() override {
    indefinite_ |= indefinite_aborts;
    return {};
  }
  bool EndWasIndefinite() const override { return indefinite_; }
  KafkaError CheckTopics() override {
    if (tries_ns.size() < 3) return {};
    gone_asks_ns.push_back(now_ns);
    return gone;
  }

  int64_t now_ns = 0;
  std::vector<int64_t> tries_ns;
  KafkaError gone;  // from the third try on
  std::vector<int64_t> gone_asks_ns;
  int64_t replaced_every_ms = 0;
  bool assigns = true;
  bool revokes = true;  // when the consumer is renewed
  bool indefinite_commits = false;
  bool indefinite_aborts = false;
  KafkaError confirms;
  std::vector<PartitionOffset> confirmed_with;
  int renewed = 0;
  int opened = 0;

 private:
  const KafkaError error_;
  RebalanceListener* listener_ = nullptr;
  const std::vector<int32_t> own_{kPartition};
  bool assigned_ = false;
  bool indefinite_ = false;
  const std::vector<InputRecord> record_{
      InputRecord{kPartition, kCommitted, 0, {}, {}, {}}};
  bool handed_out_ = false;
};

class NoWork : public BatchWork, public LaneObserver {
 public:
  std::span<const OutputRecord> Process(std::span<const InputRecord>) override {
    return {};
  }
  bool MustStop() override { return false; }
  void OnCommitted() override {}
  void OnAborted() override { ++aborted; }
  void OnBeat() override { ++beats; }
  void OnAssigned(std::span<const PartitionOffset>) override {}
  void OnRevoked(std::span<const int32_t> partitions, bool lost) override {
    if (lost) lost_partitions += partitions.size();
  }
  void OnPosition(int, int64_t) override {}
  void OnGap(int, int64_t) override {}
  void OnCommitted(const TransactionReport&) override { ++committed; }
  void OnAborted(const KafkaError&) override {}
  void OnProducerOpened() override {}
  void OnProducerRestart(const KafkaError&) override {}
  void OnRejoin() override {}
  void OnRetry(const KafkaError&) override {}

  size_t beats = 0;
  size_t aborted = 0;
  size_t lost_partitions = 0;
  size_t committed = 0;
};

LaneOptions Options(RefusingClient* client, std::atomic<bool>* stop,
                    int64_t stop_ms) {
  LaneOptions options;
  options.steady_nanoseconds = [client, stop, stop_ms] {
    *stop = client->now_ns >= stop_ms * kNanosecondsPerMillisecond;
    return client->now_ns;
  };
  options.sleep = [client, stop, stop_ms](int milliseconds) {
    client->now_ns += milliseconds * kNanosecondsPerMillisecond;
    *stop = client->now_ns >= stop_ms * kNanosecondsPerMillisecond;
  };
  return options;
}

TEST(LaneBackOffTest, AbortsInARowWaitTwoSecondsAtMostAndNeverEndTheLane) {
  RefusingClient client(ErrorClass::kAbortable);
  NoWork work;
  std::atomic<bool> stop = false;
  Lane lane(&client, &work, &work, Options(&client, &stop, kHourMs), &stop);
  EXPECT_EQ(lane.Run().end, LaneEnd::kCutShort);
  EXPECT_GE(client.now_ns, kHourMs * kNanosecondsPerMillisecond);
  EXPECT_EQ(work.committed, 0U);
  // 2 s, and the commit interval.
  EXPECT_LT(client.tries_ns.size(), kHourMs / 2000);
  EXPECT_GT(client.tries_ns.size(), kHourMs / 2400);
  EXPECT_EQ(work.aborted, client.tries_ns.size());
  // The first abort, of a rebalance say, costs the commit interval and a poll.
  ASSERT_GT(client.tries_ns.size(), 2U);
  EXPECT_LT(client.tries_ns[1] - client.tries_ns[0],
            400 * kNanosecondsPerMillisecond);
}

TEST(LaneBackOffTest, NewProducersInARowWaitTooAndEndTheLane) {
  RefusingClient client(ErrorClass::kFatal);
  NoWork work;
  std::atomic<bool> stop = false;
  const LaneOptions options = Options(&client, &stop, kHourMs);
  Lane lane(&client, &work, &work, options, &stop);
  EXPECT_EQ(lane.Run().end, LaneEnd::kGaveUp);
  EXPECT_EQ(client.tries_ns.size(),
            static_cast<size_t>(options.restarts_max) + 1);
  EXPECT_GT(client.now_ns, 30'000 * kNanosecondsPerMillisecond);
}

TEST(LaneBackOffTest, ATopicThatIsGoneEndsTheLaneAndIsNamed) {
  for (const ErrorClass kind : {ErrorClass::kAbortable, ErrorClass::kFatal}) {
    RefusingClient client(kind);
    client.gone = {ErrorClass::kRefused, "GONE", 2};
    NoWork work;
    std::atomic<bool> stop = false;
    Lane lane(&client, &work, &work, Options(&client, &stop, kHourMs), &stop);
    const LaneResult result = lane.Run();
    EXPECT_EQ(result.end, LaneEnd::kRefused);
    EXPECT_EQ(result.error.name, "GONE");
    EXPECT_EQ(result.error.topic, 2);
    EXPECT_EQ(client.tries_ns.size(), 3U);
    // Four times, a second apart: a broker that has just started may not know.
    ASSERT_EQ(client.gone_asks_ns.size(), 4U);
    EXPECT_EQ(client.gone_asks_ns[3] - client.gone_asks_ns[0],
              3000 * kNanosecondsPerMillisecond);
    EXPECT_GE(work.beats, 3000U / 50);
  }
}

TEST(LaneBackOffTest, AStopEndsTheQuestionWhetherATopicIsGone) {
  for (const ErrorClass kind : {ErrorClass::kAbortable, ErrorClass::kFatal}) {
    int64_t stop_ms = kHourMs;
    for (const size_t asks : {4U, 1U}) {
      RefusingClient client(kind);
      client.gone = {ErrorClass::kRefused, "GONE", 2};
      NoWork work;
      std::atomic<bool> stop = false;
      Lane lane(&client, &work, &work, Options(&client, &stop, stop_ms), &stop);
      EXPECT_EQ(lane.Run().end,
                asks == 1 ? LaneEnd::kStopped : LaneEnd::kRefused);
      ASSERT_EQ(client.gone_asks_ns.size(), asks);
      // While it waits to ask a second time.
      stop_ms = client.gone_asks_ns[0] / kNanosecondsPerMillisecond + 500;
    }
  }
}

LaneResult RunReplacedTo(RefusingClient* client,
                         size_t* lost_partitions = nullptr) {
  NoWork work;
  std::atomic<bool> stop = false;
  Lane lane(client, &work, &work, Options(client, &stop, kHourMs), &stop);
  const LaneResult result = lane.Run();
  if (lost_partitions != nullptr) *lost_partitions = work.lost_partitions;
  return result;
}

LaneEnd RunReplaced(RefusingClient* client) {
  return RunReplacedTo(client).end;
}

TEST(LaneBackOffTest, AMemberThatIsReplacedJoinsAnewThreeTimesInFiveMinutes) {
  RefusingClient client(ErrorClass::kFatal);
  client.replaced_every_ms = 60'000;
  EXPECT_EQ(RunReplaced(&client), LaneEnd::kFenced);
  EXPECT_EQ(client.renewed, 3);
}

TEST(LaneBackOffTest, AMemberThatIsSeldomReplacedJoinsAnewAllTheTime) {
  RefusingClient client(ErrorClass::kFatal);
  client.replaced_every_ms = 120'000;
  EXPECT_EQ(RunReplaced(&client), LaneEnd::kStopped);
  EXPECT_GE(client.renewed, 25);
}

// librdkafka was seen to close a consumer that was replaced without a revoke.
TEST(LaneBackOffTest, WhatAReplacedMemberHadIsLostWithARevokeOrWithout) {
  for (const bool revokes : {true, false}) {
    RefusingClient client(ErrorClass::kFatal);
    client.replaced_every_ms = 120'000;
    client.revokes = revokes;
    size_t lost_partitions = 0;
    EXPECT_EQ(RunReplacedTo(&client, &lost_partitions).end, LaneEnd::kStopped);
    EXPECT_GE(client.renewed, 25);
    EXPECT_EQ(lost_partitions, static_cast<size_t>(client.renewed));
  }
}

TEST(LaneBackOffTest, AMemberWhoseTransactionalIdIsTakenEnds) {
  RefusingClient client(ErrorClass::kFatal);
  client.replaced_every_ms = 120'000;
  client.confirms = {ErrorClass::kFenced, "FENCED"};
  EXPECT_EQ(RunReplaced(&client), LaneEnd::kFenced);
  EXPECT_EQ(client.renewed, 0);
}

TEST(LaneBackOffTest, ANameIsConfirmedWithWhatTheGroupHasCommitted) {
  for (const bool assigns : {true, false}) {
    RefusingClient client(ErrorClass::kFatal);
    client.replaced_every_ms = 120'000;
    client.assigns = assigns;
    EXPECT_EQ(RunReplaced(&client), LaneEnd::kStopped);
    ASSERT_GE(client.confirmed_with.size(), 25U);
    for (const PartitionOffset& place : client.confirmed_with) {
      EXPECT_EQ(place.partition, assigns ? kPartition : 0);
      EXPECT_EQ(place.offset, kCommitted);
    }
  }
}

TEST(LaneBackOffTest, AbortsThatMayBeSentTwiceDoNotKeepAMemberFromJoiningAnew) {
  RefusingClient client(ErrorClass::kFatal);
  client.replaced_every_ms = 120'000;
  client.indefinite_aborts = true;
  EXPECT_EQ(RunReplaced(&client), LaneEnd::kStopped);
  EXPECT_GE(client.renewed, 25);
  EXPECT_EQ(client.opened, client.renewed + 1);
}

TEST(LaneBackOffTest, ANameIsNotConfirmedAfterACommitThatMayBeSentTwice) {
  RefusingClient client(ErrorClass::kReplaced);
  client.indefinite_commits = true;
  const LaneResult result = RunReplacedTo(&client);
  EXPECT_EQ(result.end, LaneEnd::kGaveUp);
  EXPECT_EQ(result.error.name, "end_indefinite");
  EXPECT_TRUE(client.confirmed_with.empty());
  EXPECT_EQ(client.renewed, 0);
}

}  // namespace
}  // namespace nymstream
