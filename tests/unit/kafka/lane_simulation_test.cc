// Goal: whatever fails, whenever, each input record's outputs are committed
// exactly once, in order, with its offset, and work goes on after the fault.
// Method: lanes on a simulated Kafka with a simulated clock, from a seed:
// faults at every call, deaths, zombies, rebalances. A judge compares every
// committed transaction with the input. Bugs planted on purpose have to be
// found.
//
//   lane_simulation_test --seeds=100000   more of them than the usual 10,000
//   lane_simulation_test --seed=8123      one, and everything that happens in
//   it
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "unit/kafka/sim_world.h"

namespace nymstream {
namespace {

uint64_t g_seeds = 10'000;
uint64_t g_first = 0;
std::optional<uint64_t> g_seed;

TEST(LaneSimulationTest, EveryRecordComesOutExactlyOnceWhateverFails) {
  if (g_seed) {
    EXPECT_EQ(RunSimulation(*g_seed, PlantedBug::kNone, true).violation, "");
    return;
  }
  SimOutcome sum;
  for (uint64_t seed = g_first; seed < g_first + g_seeds; ++seed) {
    const SimOutcome outcome = RunSimulation(seed, PlantedBug::kNone, false);
    ASSERT_EQ(outcome.violation, "") << "replay with --seed=" << seed;
    sum.committed_transactions += outcome.committed_transactions;
    sum.processes += outcome.processes;
    sum.deaths += outcome.deaths;
    sum.rejoins += outcome.rejoins;
    sum.records += outcome.records;
    sum.drain_ms = std::max(sum.drain_ms, outcome.drain_ms);
    for (size_t i = 0; i < std::size(sum.ends); ++i) {
      sum.ends[i] += outcome.ends[i];
    }
  }
  // The faults leave room for work, and the other way round.
  EXPECT_GT(sum.committed_transactions, 10 * g_seeds);
  EXPECT_GT(sum.records, 30 * g_seeds);
  EXPECT_GT(sum.deaths, g_seeds / 10);
  EXPECT_GT(sum.rejoins, g_seeds / 10);
  std::printf(
      "%lu seeds, %lu transactions, %lu records, %lu processes, %lu "
      "deaths, %lu rejoins, ends",
      g_seeds, sum.committed_transactions, sum.records, sum.processes,
      sum.deaths, sum.rejoins);
  for (const uint64_t end : sum.ends) std::printf(" %lu", end);
  std::printf("; drained in %ld ms at most\n", sum.drain_ms);
}

TEST(LaneSimulationTest, TheSameSeedIsTheSameRun) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const SimOutcome one = RunSimulation(seed, PlantedBug::kNone, false);
    const SimOutcome two = RunSimulation(seed, PlantedBug::kNone, false);
    EXPECT_EQ(one.committed_transactions, two.committed_transactions);
    EXPECT_EQ(one.records, two.records);
  }
}

struct Planted {
  PlantedBug bug;
  const char* name;
  uint64_t seeds_max;  // within which it has to be found
};

class PlantedBugTest : public ::testing::TestWithParam<Planted> {};

TEST_P(PlantedBugTest, IsFound) {
  for (uint64_t seed = 0; seed < GetParam().seeds_max; ++seed) {
    const SimOutcome outcome = RunSimulation(seed, GetParam().bug, false);
    if (outcome.violation.empty()) continue;
    std::printf("%s: seed %lu: %s\n", GetParam().name, seed,
                outcome.violation.c_str());
    return;
  }
  FAIL() << "not found";
}

INSTANTIATE_TEST_SUITE_P(
    LaneSimulationTest, PlantedBugTest,
    ::testing::Values(
        Planted{PlantedBug::kCommitBeforeOffsets, "CommitBeforeOffsets", 10},
        Planted{PlantedBug::kNoRewind, "NoRewind", 100},
        Planted{PlantedBug::kNoSeek, "NoSeek", 100},
        Planted{PlantedBug::kIgnoreIndefinite, "IgnoreIndefinite", 200},
        Planted{PlantedBug::kKeepAcrossRebalance, "KeepAcrossRebalance", 200},
        Planted{PlantedBug::kLoseEndsAtRebalance, "LoseEndsAtRebalance", 100},
        Planted{PlantedBug::kEndOfStatistics, "EndOfStatistics", 10},
        Planted{PlantedBug::kRejoinUnconfirmed, "RejoinUnconfirmed", 100},
        Planted{PlantedBug::kMetadataOfNow, "MetadataOfNow", 1000},
        Planted{PlantedBug::kUnstableCommitted, "UnstableCommitted", 1000},
        Planted{PlantedBug::kForgetIndefinite, "ForgetIndefinite", 5000}),
    [](const auto& param) { return std::string(param.param.name); });

bool Flag(std::string_view argument, std::string_view name, uint64_t* value) {
  if (!argument.starts_with(name)) return false;
  *value = std::strtoull(argument.data() + name.size(), nullptr, 10);
  return true;
}

void ReadFlags(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    uint64_t value = 0;
    if (Flag(argv[i], "--seeds=", &value)) g_seeds = value;
    if (Flag(argv[i], "--first=", &value)) g_first = value;
    if (Flag(argv[i], "--seed=", &value)) g_seed = value;
  }
}

}  // namespace
}  // namespace nymstream

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  nymstream::ReadFlags(argc, argv);
  return RUN_ALL_TESTS();
}
