// Goal: chunks are written in order, each once, whatever the threads do.
// Method: workers that sleep by a seed; failures at every place.
#include "replay/ordered_pool.h"

#include <chrono>
#include <random>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace nymstream {
namespace {

using ::testing::HasSubstr;

struct Outcome {
  absl::Status status;
  std::vector<uint64_t> written;
};

struct Script {
  size_t slots = 4;
  int workers = 3;
  uint64_t chunks = 200;
  std::optional<uint64_t> read_fails_at;
  std::optional<uint64_t> write_fails_at;
};

Outcome RunScript(const Script& script) {
  Outcome outcome;
  PoolOptions options;
  options.slots = script.slots;
  for (int i = 0; i < script.workers; ++i) {
    auto random = std::make_shared<std::mt19937>(static_cast<uint32_t>(i));
    options.workers.emplace_back([random](ChunkSlot& slot) {
      if ((*random)() % 4 == 0) {
        std::this_thread::sleep_for(
            std::chrono::microseconds((*random)() % 300));
      }
      slot.after.raw.bytes = slot.after.decoded * 2;
    });
  }
  uint64_t next = 0;
  options.read = [&](ChunkSlot& slot) -> absl::StatusOr<bool> {
    if (script.read_fails_at == next) return absl::DataLossError("read");
    slot.after.decoded = next++;
    return next <= script.chunks;
  };
  options.write = [&](ChunkSlot& slot) -> absl::Status {
    if (script.write_fails_at == slot.after.decoded) {
      return absl::ResourceExhaustedError("write");
    }
    EXPECT_EQ(slot.after.raw.bytes, slot.after.decoded * 2) << "not processed";
    outcome.written.push_back(slot.after.decoded);
    return absl::OkStatus();
  };
  outcome.status = RunOrdered(options);
  return outcome;
}

std::vector<uint64_t> FirstNumbers(uint64_t count) {
  std::vector<uint64_t> numbers;
  for (uint64_t i = 0; i < count; ++i) numbers.push_back(i);
  return numbers;
}

TEST(OrderedPoolTest, WritesEveryChunkOnceInOrder) {
  for (const unsigned slots : {1u, 2u, 3u, 16u}) {
    for (const int workers : {1, 2, 7}) {
      const Outcome outcome = RunScript({slots, workers, 200, {}, {}});
      EXPECT_TRUE(outcome.status.ok());
      EXPECT_EQ(outcome.written, FirstNumbers(200));
    }
  }
}

TEST(OrderedPoolTest, NoChunksAreFine) {
  const Outcome outcome = RunScript({4, 3, 0, {}, {}});
  EXPECT_TRUE(outcome.status.ok());
  EXPECT_TRUE(outcome.written.empty());
}

TEST(OrderedPoolTest, WhatWasReadBeforeAnErrorIsWritten) {
  for (const unsigned at : {0u, 1u, 2u, 50u}) {
    const Outcome outcome = RunScript({4, 3, 200, at, {}});
    EXPECT_THAT(outcome.status.ToString(), HasSubstr("DATA_LOSS: read"));
    EXPECT_EQ(outcome.written, FirstNumbers(at));
  }
}

TEST(OrderedPoolTest, AnErrorOfWritingEndsItAtOnce) {
  for (const unsigned at : {0u, 1u, 50u}) {
    const Outcome outcome = RunScript({4, 3, 1'000'000, {}, at});
    EXPECT_THAT(outcome.status.ToString(), HasSubstr("write"));
    EXPECT_EQ(outcome.written, FirstNumbers(at));
  }
}

}  // namespace
}  // namespace nymstream
