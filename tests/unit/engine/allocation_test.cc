// Goal: the hot path allocates nothing per record once warm.
// Method: malloc and operator new of this program are counted; the same log is
// processed twice, and the second time none may be called.
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "generate/log_generator.h"
#include "gtest/gtest.h"
#include "support/engine_harness.h"

namespace {

std::atomic<bool> counting{false};
std::atomic<uint64_t> allocations{0};

void Count() {
  if (counting.load(std::memory_order_relaxed))
    allocations.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

extern "C" {
// glibc's own, under the names it keeps for such wrappers.
void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* pointer, size_t size);
void* __libc_memalign(size_t alignment, size_t size);

void* malloc(size_t size) {
  Count();
  return __libc_malloc(size);
}
void* calloc(size_t count, size_t size) {
  Count();
  return __libc_calloc(count, size);
}
void* realloc(void* pointer, size_t size) {
  Count();
  return __libc_realloc(pointer, size);
}
int posix_memalign(void** out, size_t alignment, size_t size) {
  Count();
  *out = __libc_memalign(alignment, size);
  return *out == nullptr ? ENOMEM : 0;
}
void* aligned_alloc(size_t alignment, size_t size) {
  Count();
  return __libc_memalign(alignment, size);
}
}

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
  allocations = 0;
  counting = true;
  engine.deidentifier().Process(raw, &released);
  counting = false;
  EXPECT_EQ(released.counters().releases[0].released, kRecords);
  EXPECT_EQ(allocations.load(), 0U) << "in " << kRecords << " records";
  // The counter does count.
  counting = true;
  std::free(std::malloc(10));
  counting = false;
  EXPECT_GE(allocations.load(), 1U);
}

}  // namespace
}  // namespace nymstream
