// Goal: what is told of a run is what it did, and every end of it is told
// apart.
#include "measure/run_watch.h"

#include <vector>

#include "gtest/gtest.h"

namespace nymstream {
namespace {

WatchOptions Options(std::function<Seen()> look, const std::atomic<bool>* stop,
                     const std::atomic<bool>* ended) {
  WatchOptions options;
  options.records = 100;
  options.look = std::move(look);
  options.stop = stop;
  options.ended = ended;
  options.stall_seconds = 0;
  return options;
}

TEST(RunWatchTest, ARunEndsWithItsLastCommit) {
  const std::atomic<bool> no{false};
  std::vector<Seen> states = {{false, 0}, {true, 0}, {true, 40}, {true, 100}};
  size_t next = 0;
  WatchOptions options = Options([&] { return states[next++]; }, &no, &no);
  options.stall_seconds = 60;
  const auto run = WatchRun(options);
  ASSERT_TRUE(run.ok());
  ASSERT_EQ(run->commits.size(), 2u);
  EXPECT_EQ(run->commits[0].records, 40u);
  EXPECT_EQ(run->commits[1].records, 100u);
  EXPECT_EQ(run->seconds, run->commits[1].seconds);
  EXPECT_GT(run->seconds, 0);
  EXPECT_GT(run->cpu_seconds, 0);
  EXPECT_GT(run->peak_bytes, 1u << 20);
}

TEST(RunWatchTest, WhatEndsBeforeIsNoRun) {
  const std::atomic<bool> yes{true};
  const std::atomic<bool> no{false};
  const auto idle = [] { return Seen{}; };
  EXPECT_TRUE(absl::IsCancelled(WatchRun(Options(idle, &yes, &no)).status()));
  EXPECT_TRUE(absl::IsAborted(WatchRun(Options(idle, &no, &yes)).status()));
  EXPECT_TRUE(absl::IsUnavailable(WatchRun(Options(idle, &no, &no)).status()));
}

MovedRun Steady(double seconds, uint64_t records_per_second) {
  MovedRun run;
  run.seconds = seconds;
  for (double at = 0.25; at <= seconds; at += 0.25) {
    run.commits.push_back(
        {at,
         static_cast<uint64_t>(at * static_cast<double>(records_per_second))});
  }
  return run;
}

TEST(SpeedOverTimeTest, AStepIsTheMeanOfItsCommitsAndOfTheRunsThatLasted) {
  const std::vector<SpeedAt> speeds =
      SpeedOverTime({Steady(1, 4000), Steady(2, 8000)});
  ASSERT_EQ(speeds.size(), 4u);
  EXPECT_DOUBLE_EQ(speeds[0].records_per_second.min, 4000);
  EXPECT_DOUBLE_EQ(speeds[0].records_per_second.max, 8000);
  EXPECT_DOUBLE_EQ(speeds[3].records_per_second.min, 8000);
  EXPECT_DOUBLE_EQ(speeds[3].seconds, 2);
}

TEST(SpeedOverTimeTest, ShortRunsHaveNone) {
  EXPECT_TRUE(SpeedOverTime({Steady(0.25, 4000)}).empty());
  EXPECT_TRUE(SpeedOverTime({}).empty());
}

}  // namespace
}  // namespace nymstream
