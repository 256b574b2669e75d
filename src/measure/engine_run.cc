#include "measure/engine_run.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "base/status_macros.h"
#include "measure/rounds.h"
#include "quarantine/record_sealer.h"
#include "replay/byte_source.h"
#include "replay/chunker.h"

namespace nymstream {
namespace {

class MemorySource : public ByteSource {
 public:
  explicit MemorySource(std::string_view bytes) : bytes_(bytes) {}

  absl::StatusOr<size_t> Read(char* to, size_t size) override {
    const size_t got = std::min(size, bytes_.size());
    std::memcpy(to, bytes_.data(), got);
    bytes_.remove_prefix(got);
    return got;
  }

 private:
  std::string_view bytes_;
};

std::vector<RawBatch> Cut(std::string_view records, const Limits& limits) {
  MemorySource source(records);
  ChunkLimits chunk_limits;
  chunk_limits.record_bytes_max = limits.record_bytes_max;
  Chunker chunker(&source, chunk_limits, 0);
  std::vector<RawBatch> batches;
  while (true) {
    RawBatch batch;
    batch.source = "bench";
    const absl::StatusOr<bool> more = chunker.Next(&batch);
    NYM_CHECK(more.ok());  // memory can be read
    if (!*more) return batches;
    batches.push_back(std::move(batch));
  }
}

}  // namespace

BatchedSample::BatchedSample(const Sample& sample, const Limits& limits)
    : warm_up_(Cut(sample.warm_up, limits)),
      timed_(Cut(sample.timed, limits)) {}

absl::StatusOr<EngineResult> RunEngine(const std::shared_ptr<const Plan>& plan,
                                       const EngineSetUp& set_up,
                                       BatchedSample* sample, int passes) {
  DeidentifierOptions options = set_up.options;
  if (set_up.make_sealer) {
    NYM_ASSIGN_OR_RETURN(options.sealer, set_up.make_sealer());
  }
  NYM_ASSIGN_OR_RETURN(const std::unique_ptr<Deidentifier> deidentifier,
                       Deidentifier::Create(plan, std::move(options)));
  ReleasedBatch released;
  EngineResult result;
  double last = ThreadCpuSeconds();
  const auto process = [&](RawBatch& batch) {
    deidentifier->Process(batch, &released);
    const double now = ThreadCpuSeconds();
    result.batches.push_back({now - last, released.counters().received_bytes});
    last = now;
  };
  for (RawBatch& batch : sample->warm_up()) process(batch);
  const double begin = last;
  for (RawBatch& batch : sample->timed()) {
    process(batch);
    result.counters.Add(released.counters());
  }
  for (int pass = 1; pass < passes; ++pass) {
    for (RawBatch& batch : sample->timed()) {
      deidentifier->Process(batch, &released);
    }
  }
  result.seconds = ThreadCpuSeconds() - begin;
  return result;
}

}  // namespace nymstream
