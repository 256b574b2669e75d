// One run of the engine over a sample, timed.
#ifndef NYMSTREAM_MEASURE_ENGINE_RUN_H_
#define NYMSTREAM_MEASURE_ENGINE_RUN_H_

#include <functional>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "measure/sample.h"
#include "nymstream/batch.h"
#include "nymstream/deidentifier.h"
#include "nymstream/plan.h"

namespace nymstream {

// What a Deidentifier gets in every run but its sealer, which serves one only.
struct EngineSetUp {
  DeidentifierOptions options;
  // Empty: receipts only.
  std::function<absl::StatusOr<std::shared_ptr<RecordSealer>>()> make_sealer;
};

// A sample cut into batches as replay cuts its inputs.
class BatchedSample {
 public:
  BatchedSample(const Sample& sample, const Limits& limits);

  std::vector<RawBatch>& warm_up() { return warm_up_; }
  std::vector<RawBatch>& timed() { return timed_; }

 private:
  std::vector<RawBatch> warm_up_;
  std::vector<RawBatch> timed_;
};

struct EngineResult {
  double seconds = 0;  // of CPU, for `passes` times the timed half
  Counters counters;   // of one pass
  struct Batch {
    double seconds;
    uint64_t bytes;
  };
  // Warm-up first, one pass.
  std::vector<Batch> batches;
};

// A new Deidentifier, its memo empty, reads the warm-up and then the timed
// half, `passes` times. What it makes is thrown away. Errors as in
// Deidentifier::Create.
absl::StatusOr<EngineResult> RunEngine(const std::shared_ptr<const Plan>& plan,
                                       const EngineSetUp& set_up,
                                       BatchedSample* sample, int passes);

}  // namespace nymstream

#endif  // NYMSTREAM_MEASURE_ENGINE_RUN_H_
