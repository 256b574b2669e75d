// Goal: /metrics tells exactly what was committed. Method: seeded transactions
// of random batches beside a plain sum; scrapes while lanes work; promtool.
#include "observe/stage_metrics.h"

#include <sys/wait.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "exposition.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace nymstream {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

StageInfo TwoReleases(int lanes = 1) {
  StageInfo info;
  info.version = "0.1.0";
  info.librdkafka_version = "2.0.2";
  info.pipeline = "web";
  info.pipeline_sha256 = "aa";
  info.policy_sha256 = "bb";
  info.schema_sha256 = "cc";
  info.releases = {"analytics", "abuse"};
  info.input_topics = {"raw"};
  info.output_topics = {"out", "abuse-out", "quarantine"};
  info.lanes = lanes;
  return info;
}

// Counters that add up, as those of the engine do.
Counters RandomBatch(std::mt19937* random) {
  const auto upto = [&](uint64_t most) { return (*random)() % (most + 1); };
  Counters counters;
  counters.received = upto(1000);
  counters.received_bytes = counters.received * 700;
  counters.empty_lines = upto(3);
  uint64_t quarantined = 0;
  for (uint64_t& count : counters.quarantined_by) {
    count = upto((counters.received - quarantined) / 9);
    quarantined += count;
  }
  for (int i = 0; i < 2; ++i) {
    ReleaseCounters release;
    release.received = counters.received;
    release.quarantined = quarantined;
    for (uint64_t& count : release.suppressed_by) {
      count = upto((counters.received - quarantined - release.suppressed) / 5);
      release.suppressed += count;
    }
    release.released =
        release.received - release.quarantined - release.suppressed;
    release.leak_guard_redactions = upto(4);
    release.fields = {{release.released, 0, 0, 0, 0}, {0, 1, 2, 3, 4}};
    EXPECT_TRUE(release.AddUp());
    counters.releases.push_back(release);
  }
  return counters;
}

// One batch of one partition.
class Batch {
 public:
  Batch(const Counters& counters, int32_t partition)
      : counters_(counters), received_(static_cast<size_t>(partition) + 1) {
    received_.back() = counters.received;
    facts_.topic = "raw";
    facts_.received = received_;
  }
  BatchFacts& facts() { return facts_; }
  void In(LaneMetrics* lane) const { lane->Processed(counters_, facts_); }

 private:
  Counters counters_;
  std::vector<uint64_t> received_;
  BatchFacts facts_;
};

void ExpectEachReleaseAddsUp(const Exposition& scrape) {
  const double received = scrape.Sum("nymstream_received_records_total");
  const double quarantined = scrape.Sum("nymstream_quarantined_records_total");
  for (const std::string release : {"analytics", "abuse"}) {
    const std::string with = "release=\"" + release + "\"";
    EXPECT_EQ(received,
              scrape.Sum("nymstream_released_records_total", with) +
                  scrape.Sum("nymstream_suppressed_records_total", with) +
                  quarantined);
  }
}

TEST(StageMetricsTest, ReceivedIsReleasedPlusSuppressedPlusQuarantined) {
  std::mt19937 random(8123);
  StageMetrics stage(TwoReleases(2));
  Counters committed;
  uint64_t aborted = 0;
  for (int i = 0; i < 200; ++i) {
    LaneMetrics& lane = stage.lane(i % 2);
    Counters transaction;
    for (uint64_t batches = random() % 4; batches > 0; --batches) {
      const Counters batch = RandomBatch(&random);
      transaction.Add(batch);
      Batch(batch, static_cast<int32_t>(random() % 3)).In(&lane);
    }
    if (random() % 3 == 0) {
      lane.Aborted();
      aborted += transaction.received;
    } else {
      lane.Committed({});
      committed.Add(transaction);
    }
    ExpectEachReleaseAddsUp(Exposition(stage.Text()));
  }
  const Exposition scrape(stage.Text());
  EXPECT_EQ(scrape.Sum("nymstream_received_records_total"),
            static_cast<double>(committed.received));
  EXPECT_EQ(scrape.At("nymstream_received_bytes_total"),
            static_cast<double>(committed.received_bytes));
  EXPECT_EQ(scrape.At("nymstream_empty_lines_total"),
            static_cast<double>(committed.empty_lines));
  EXPECT_EQ(scrape.At("nymstream_aborted_records_total"),
            static_cast<double>(aborted));
  for (int i = 0; i < kQuarantineReasonCount; ++i) {
    const auto reason = static_cast<QuarantineReason>(i);
    EXPECT_EQ(
        scrape.Sum(
            "nymstream_quarantined_records_total",
            "reason=\"" + std::string(QuarantineReasonText(reason).name)),
        static_cast<double>(committed.quarantined_by[static_cast<size_t>(i)]));
  }
  for (size_t i = 0; i < 2; ++i) {
    const ReleaseCounters& release = committed.releases[i];
    const std::string label = "{release=\"" + TwoReleases().releases[i] + "\"}";
    EXPECT_EQ(scrape.At("nymstream_released_records_total" + label),
              static_cast<double>(release.released));
    EXPECT_EQ(scrape.At("nymstream_leak_guard_redactions_total" + label),
              static_cast<double>(release.leak_guard_redactions));
    for (int reason = 0; reason < kSuppressionReasonCount; ++reason) {
      const auto name = std::string(
          SuppressionReasonText(static_cast<SuppressionReason>(reason)).name);
      EXPECT_EQ(
          scrape.At("nymstream_suppressed_records_total{release=\"" +
                    TwoReleases().releases[i] + "\",reason=\"" + name + "\"}"),
          static_cast<double>(
              release.suppressed_by[static_cast<size_t>(reason)]));
    }
  }
}

TEST(StageMetricsTest, FieldActionsAreSummedOverFields) {
  StageMetrics stage(TwoReleases());
  Counters batch;
  batch.releases.resize(2);
  batch.releases[0].fields = {{1, 2, 3, 4, 5}, {10, 20, 30, 40, 50}};
  Batch(batch, 0).In(&stage.lane(0));
  stage.lane(0).Committed({});
  const Exposition scrape(stage.Text());
  const std::string name = "nymstream_field_actions_total{release=";
  EXPECT_EQ(scrape.At(name + "\"analytics\",action=\"kept\"}"), 11);
  EXPECT_EQ(scrape.At(name + "\"analytics\",action=\"part_redacted\"}"), 44);
  EXPECT_EQ(scrape.At(name + "\"abuse\",action=\"kept\"}"), 0);
}

TEST(StageMetricsTest, NothingOfATransactionShowsBeforeItIsCommitted) {
  StageMetrics stage(TwoReleases());
  LaneMetrics& lane = stage.lane(0);
  Counters batch;
  batch.received = 7;
  batch.releases.resize(2);
  lane.Assigned(std::vector<PartitionName>{{"raw", 0}});
  batch.tombstones = 2;
  Batch(batch, 0).In(&lane);
  lane.Sent("out", 100);
  const std::string received =
      "nymstream_received_records_total{topic=\"raw\",partition=\"0\"}";
  EXPECT_EQ(Exposition(stage.Text()).At(received), 0);
  lane.Committed({});
  const Exposition scrape(stage.Text());
  EXPECT_EQ(scrape.At(received), 7);
  EXPECT_EQ(scrape.At("nymstream_tombstones_total"), 2);
  EXPECT_EQ(scrape.At("nymstream_sent_bytes_total{topic=\"out\"}"), 100);
  EXPECT_EQ(scrape.At("nymstream_sent_bytes_total{topic=\"quarantine\"}"), 0);
}

TEST(StageMetricsTest, AnAbortedTransactionLeavesNothingToTheNext) {
  StageMetrics stage(TwoReleases());
  LaneMetrics& lane = stage.lane(0);
  Counters batch;
  batch.received = 7;
  batch.releases.resize(2);
  batch.tombstones = 2;
  Batch facts(batch, 0);
  facts.facts().oldest_timestamp_ms = 0;
  for (const bool fatal : {false, true}) {
    facts.In(&lane);
    lane.Sent("out", 100);
    fatal ? lane.Failed() : lane.Aborted();
  }
  lane.Committed({});
  const Exposition scrape(stage.Text());
  EXPECT_EQ(scrape.Sum("nymstream_received_records_total"), 0);
  EXPECT_EQ(scrape.At("nymstream_tombstones_total"), 0);
  EXPECT_EQ(scrape.Sum("nymstream_sent_bytes_total"), 0);
  EXPECT_EQ(scrape.At("nymstream_end_to_end_delay_seconds_count"), 0);
  EXPECT_EQ(scrape.At("nymstream_aborted_records_total"), 14);
  for (const std::string outcome : {"committed", "aborted", "fatal"}) {
    EXPECT_EQ(scrape.At("nymstream_transactions_total{lane=\"0\",outcome=\"" +
                        outcome + "\"}"),
              1);
  }
}

TEST(StageMetricsTest, TimesOfATransactionAreObservedInSeconds) {
  StageMetrics stage(TwoReleases());
  LaneMetrics& lane = stage.lane(0);
  Counters batch;
  batch.received = 500;
  batch.releases.resize(2);
  const int64_t now_ms = 1'700'000'000'250;
  Batch first(batch, 0);
  first.facts().oldest_timestamp_ms = now_ms - 2000;
  first.facts().transform_time = milliseconds(3);
  first.In(&lane);
  // The producer's clock is ahead.
  Batch second(batch, 1);
  second.facts().oldest_timestamp_ms = now_ms + 1000;
  second.facts().transform_time = milliseconds(4);
  second.In(&lane);
  lane.Committed({.unix_milliseconds = now_ms,
                  .transaction_time = milliseconds(250),
                  .commit_time = milliseconds(20)});
  const Exposition scrape(stage.Text());
  EXPECT_EQ(scrape.At("nymstream_transform_duration_seconds_count"), 2);
  EXPECT_NEAR(scrape.At("nymstream_transform_duration_seconds_sum"), 0.007,
              1e-9);
  EXPECT_EQ(scrape.At("nymstream_end_to_end_delay_seconds_count"), 2);
  EXPECT_EQ(scrape.At("nymstream_end_to_end_delay_seconds_sum"), 2);
  EXPECT_EQ(scrape.At("nymstream_transaction_records_sum"), 1000);
  EXPECT_EQ(scrape.At("nymstream_transaction_duration_seconds_sum"), 0.25);
  EXPECT_EQ(scrape.At("nymstream_commit_duration_seconds_sum"), 0.02);
  EXPECT_EQ(scrape.At("nymstream_commit_duration_seconds_bucket{le=\"0.01\"}"),
            0);
  EXPECT_EQ(scrape.At("nymstream_commit_duration_seconds_bucket{le=\"0.025\"}"),
            1);
  EXPECT_EQ(scrape.At("nymstream_commit_duration_seconds_bucket{le=\"+Inf\"}"),
            1);
  EXPECT_EQ(scrape.At("nymstream_last_commit_timestamp_seconds{lane=\"0\"}"),
            1'700'000'000.25);
}

TEST(StageMetricsTest, ARevokedPartitionHasNoPositionAndKeepsItsCount) {
  StageMetrics stage(TwoReleases());
  LaneMetrics& lane = stage.lane(0);
  const std::vector<PartitionName> both = {{"raw", 0}, {"raw", 1}};
  lane.Assigned(both);
  const std::vector<PartitionPosition> positions = {
      {.name = both[0], .next_offset = 90, .end_offset = 100},
      {.name = both[1], .next_offset = 50}};
  lane.Positions(positions);
  const std::string zero = "{topic=\"raw\",partition=\"0\"}";
  const std::string one = "{topic=\"raw\",partition=\"1\"}";
  Exposition scrape(stage.Text());
  EXPECT_EQ(scrape.At("nymstream_assigned_partitions"), 2);
  EXPECT_EQ(scrape.At("nymstream_consumer_position" + zero), 90);
  EXPECT_EQ(scrape.At("nymstream_consumer_lag_records" + zero), 10);
  EXPECT_EQ(scrape.At("nymstream_consumer_position" + one), 50);
  EXPECT_FALSE(scrape.Has("nymstream_consumer_lag_records" + one));

  lane.Revoked(std::vector<PartitionName>{both[0]}, /*lost=*/false);
  lane.Positions(positions);  // told too late
  scrape = Exposition(stage.Text());
  EXPECT_EQ(scrape.At("nymstream_assigned_partitions"), 1);
  EXPECT_FALSE(scrape.Has("nymstream_consumer_position" + zero));
  EXPECT_FALSE(scrape.Has("nymstream_consumer_lag_records" + zero));
  EXPECT_TRUE(scrape.Has("nymstream_consumer_position" + one));
  EXPECT_TRUE(scrape.Has("nymstream_received_records_total" + zero));
  lane.Revoked(std::vector<PartitionName>{both[1]}, /*lost=*/true);
  scrape = Exposition(stage.Text());
  for (const std::string kind : {"assigned", "revoked", "lost"}) {
    EXPECT_EQ(scrape.At("nymstream_rebalances_total{kind=\"" + kind + "\"}"),
              1);
  }
}

TEST(StageMetricsTest, APartitionThatMovesBetweenLanesIsOneSeries) {
  StageMetrics stage(TwoReleases(2));
  const std::vector<PartitionName> partition = {{"raw", 0}};
  Counters batch;
  batch.received = 5;
  batch.releases.resize(2);
  for (int i = 0; i < 2; ++i) {
    stage.lane(i).Assigned(partition);
    Batch(batch, 0).In(&stage.lane(i));
    stage.lane(i).Committed({});
    stage.lane(i).Revoked(partition, false);
  }
  EXPECT_EQ(Exposition(stage.Text())
                .At("nymstream_received_records_total{topic=\"raw\",partition="
                    "\"0\"}"),
            10);
}

TEST(StageMetricsTest, AnEndThatWasAskedForEarlierIsNoNegativeLag) {
  StageMetrics stage(TwoReleases());
  stage.lane(0).Assigned(std::vector<PartitionName>{{"raw", 0}});
  stage.lane(0).Positions(std::vector<PartitionPosition>{
      {.name = {"raw", 0}, .next_offset = 12, .end_offset = 10}});
  EXPECT_EQ(Exposition(stage.Text()).Sum("nymstream_consumer_lag_records"), 0);
}

TEST(StageMetricsTest, WhatTheStageIsStandsThere) {
  StageMetrics stage(TwoReleases());
  KeyEpoch epoch;
  epoch.id = "abc234";
  epoch.series = "P1D";
  stage.KeysLoaded(std::vector<KeyEpoch>{epoch}, 1'700'000'000);
  stage.MemoryLocked(true);
  LaneMetrics& lane = stage.lane(0);
  lane.Holds(4096);
  lane.Fenced();
  lane.OffsetGaps(3);
  lane.ProducerRestarted(ProducerRestart::kOutcomeUnknown);
  const Exposition scrape(stage.Text());
  EXPECT_EQ(scrape.At("nymstream_build_info{version=\"0.1.0\","
                      "librdkafka=\"2.0.2\"}"),
            1);
  EXPECT_EQ(scrape.At("nymstream_config_info{pipeline=\"web\",pipeline_sha256="
                      "\"aa\",policy_sha256=\"bb\",schema_sha256=\"cc\"}"),
            1);
  EXPECT_EQ(
      scrape.At("nymstream_key_epoch_info{series=\"P1D\",epoch=\"abc234\"}"),
      1);
  EXPECT_EQ(scrape.At("nymstream_key_loaded_timestamp_seconds"), 1.7e9);
  EXPECT_EQ(scrape.At("nymstream_memory_locked"), 1);
  EXPECT_EQ(scrape.At("nymstream_inflight_bytes"), 4096);
  EXPECT_EQ(scrape.At("nymstream_fenced_total"), 1);
  EXPECT_EQ(scrape.At("nymstream_offset_gaps_total"), 3);
  EXPECT_EQ(
      scrape.At(
          "nymstream_producer_restarts_total{reason=\"outcome_unknown\"}"),
      1);
  EXPECT_GT(scrape.At("process_resident_memory_bytes"), 1e6);
}

// Every series that the configuration bounds is there from the start, so that a
// rate sees the first event.
TEST(StageMetricsTest, CountersStartAtZero) {
  StageMetrics stage(TwoReleases());
  const Exposition scrape(stage.Text());
  EXPECT_EQ(
      scrape.At("nymstream_quarantined_records_total{reason=\"too_deep\"}"), 0);
  EXPECT_EQ(scrape.At("nymstream_transactions_total{lane=\"0\",outcome="
                      "\"fatal\"}"),
            0);
  EXPECT_EQ(scrape.At("nymstream_last_commit_timestamp_seconds{lane=\"0\"}"),
            0);
}

TEST(StageMetricsTest, CountsBeyondSixDigitsAreExact) {
  StageMetrics stage(TwoReleases());
  Counters batch;
  batch.received_bytes = 9'007'199'254'740'991;  // 2^53 - 1
  batch.releases.resize(2);
  Batch(batch, 0).In(&stage.lane(0));
  stage.lane(0).Committed({});
  EXPECT_THAT(stage.Text(),
              HasSubstr("nymstream_received_bytes_total 9007199254740991\n"));
}

TEST(StageMetricsTest, AScrapeSeesATransactionWholeOrNotAtAll) {
  StageMetrics stage(TwoReleases(2));
  std::atomic<bool> done = false;
  std::vector<std::thread> lanes;
  for (int i = 0; i < 2; ++i) {
    lanes.emplace_back([&, i] {
      LaneMetrics& lane = stage.lane(i);
      std::mt19937 random(static_cast<unsigned>(i));
      const std::vector<PartitionName> mine = {{"raw", i}};
      while (!done) {
        lane.Assigned(mine);
        Batch(RandomBatch(&random), i).In(&lane);
        lane.Sent("out", 10);
        lane.Holds(random());
        lane.Positions(std::vector<PartitionPosition>{
            {.name = mine[0], .next_offset = 1, .end_offset = 2}});
        random() % 4 == 0 ? lane.Aborted() : lane.Committed({});
        lane.Revoked(mine, false);
      }
    });
  }
  for (int i = 0; i < 200; ++i)
    ExpectEachReleaseAddsUp(Exposition(stage.Text()));
  done = true;
  for (std::thread& lane : lanes) lane.join();
}

// The same tool that operators have; it also judges names and units.
TEST(StageMetricsTest, PromtoolAcceptsTheText) {
  StageMetrics stage(TwoReleases(2));
  std::mt19937 random(1);
  LaneMetrics& lane = stage.lane(0);
  lane.Assigned(std::vector<PartitionName>{{"raw", 0}});
  lane.Positions(std::vector<PartitionPosition>{
      {.name = {"raw", 0}, .next_offset = 1, .end_offset = 2}});
  Batch(RandomBatch(&random), 0).In(&lane);
  lane.Committed({});
  KeyEpoch epoch;
  epoch.id = "abc234";
  stage.KeysLoaded(std::vector<KeyEpoch>{epoch}, 1);
  const std::string path = testing::TempDir() + "nymstream_metrics.txt";
  std::ofstream(path) << stage.Text();
  FILE* tool =
      popen(("promtool check metrics < " + path + " 2>&1").c_str(), "r");
  ASSERT_NE(tool, nullptr);
  std::string findings;
  for (int c = std::fgetc(tool); c != EOF; c = std::fgetc(tool)) {
    findings += static_cast<char>(c);
  }
  const int status = pclose(tool);
  EXPECT_EQ(findings, "");
  EXPECT_EQ(WEXITSTATUS(status), 0) << "promtool is in Debian's prometheus";
  std::remove(path.c_str());
}

TEST(StageMetricsDeathTest, ATopicThatIsNotConfiguredIsOurBug) {
  StageMetrics stage(TwoReleases());
  EXPECT_DEATH(stage.lane(0).Sent("elsewhere", 1), "check failed");
}

}  // namespace
}  // namespace nymstream
