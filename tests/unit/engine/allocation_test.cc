// Goal: the hot path allocates nothing per record once warm.
// Method: what asks for memory is counted; the same log is processed until the
// engine is warm and once more, and then nothing may.
#include <cstdint>
#include <cstdlib>
#include <new>
#include <string>

#include "generate/log_generator.h"
#include "gtest/gtest.h"
#include "support/allocation_counter.h"
#include "support/engine_harness.h"

namespace nymstream {
namespace {

constexpr char kPipeline[] = R"yaml(
pipeline: test
schema: nginx-json
policy: no-ip-2024
keys: {keyring: keyring}
releases:
  - {name: inside, use: analytics, audience: internal, level: pseudonymized, epoch: P30D, source_coordinates: true}
  - {name: partners, use: analytics, audience: third_party, level: unlinked_pseudonymized, epoch: P1D}
  - name: published
    use: analytics
    audience: third_party
    level: anonymized
    fields:
      remote_addr: {treatment: truncate, prefix_v4: 16, prefix_v6: 32}
)yaml";

TEST(AllocationTest, NothingIsAllocatedPerRecordOnceWarm) {
  LogGenerator generator({});
  std::string log;
  constexpr uint64_t kRecords = 5000;
  for (uint64_t i = 0; i < kRecords; ++i) generator.AppendRecord(&log);
  log += "{\"broken\":\n";
  EngineHarness engine(MakePlan(kPipeline, ShippedText("policies/no-ip-2024"),
                                ShippedText("schemas/nginx-json")));
  RawBatch raw;
  raw.source = "test";
  ReleasedBatch released;
  raw.Add(log, 0);
  for (int warm = 0; warm < 2; ++warm) {
    engine.deidentifier().Process(raw, &released);
  }
  EXPECT_EQ(
      CountAllocations([&] { engine.deidentifier().Process(raw, &released); }),
      0U)
      << "in " << kRecords << " records";
  EXPECT_EQ(released.counters().releases[0].released, kRecords);
}

TEST(AllocationTest, ShapesThatTakeEachOthersPlaceAllocateNothing) {
  std::string log;
  constexpr int kShapes = 20;
  for (int i = 0; i < kShapes; ++i) {
    const std::string name = "member" + std::to_string(100 + i);
    for (int twice = 0; twice < 2; ++twice) {
      log +=
          R"({"time_iso8601":"2026-01-05T10:11:12Z","status":200,"host":"a",")" +
          name + "\":\"x\"}\n";
    }
  }
  EngineHarness engine(MakePlan(kPipeline, ShippedText("policies/no-ip-2024"),
                                ShippedText("schemas/nginx-json")));
  RawBatch raw;
  ReleasedBatch released;
  raw.Add(log, 0);
  for (int warm = 0; warm < 20; ++warm) {
    engine.deidentifier().Process(raw, &released);
  }
  EXPECT_EQ(
      CountAllocations([&] { engine.deidentifier().Process(raw, &released); }),
      0U);
  EXPECT_EQ(released.counters().releases[0].released, 2U * kShapes);
}

TEST(AllocationTest, EveryWayToAskForMemoryIsCounted) {
  // Kept where the compiler can't see that nobody uses it.
  void* volatile kept = nullptr;
  EXPECT_EQ(CountAllocations([&] {
              kept = std::malloc(10);
              kept = std::realloc(kept, 100);
              std::free(kept);
              kept = std::calloc(10, 10);
              std::free(kept);
              kept = std::aligned_alloc(64, 64);
              std::free(kept);
              void* aligned = nullptr;
              EXPECT_EQ(posix_memalign(&aligned, 64, 64), 0);
              std::free(aligned);
              kept = ::operator new(10);
              ::operator delete(kept);
            }),
            6U);
  EXPECT_EQ(CountAllocations([] {}), 0U);
}

}  // namespace
}  // namespace nymstream
