// The records that a bench reads again and again.
#ifndef NYMSTREAM_MEASURE_SAMPLE_H_
#define NYMSTREAM_MEASURE_SAMPLE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "generate/log_generator.h"
#include "nymstream/plan.h"

namespace nymstream {

// Whole records, each with its line end. The first half warms the engine up,
// the second is timed, so that what is measured is a stage in its stride whose
// values are partly known and partly new.
struct Sample {
  std::string warm_up;
  std::string timed;
  // Too little to be cut in halves: both are the whole, so that the engine
  // has seen every value before it is timed.
  bool seen_before = false;
};

// Records below this are not cut in halves.
inline constexpr size_t kSmallSampleBytes = 8 << 20;

// The first `bytes_max` bytes of a file, or of stdin ("-"); plain, .gz or .zst,
// up to the end of a record. Errors name the input and what to do, never a
// record; kInvalidArgument if it holds no record.
absl::StatusOr<Sample> ReadSample(const std::string& input, size_t bytes_max);

// The form that the generator makes records of `plan`'s schema in, if it can.
std::optional<GeneratedFormat> GeneratedFormatOf(const Plan& plan);

// At least `bytes` of generated records, the first at `start` (unix seconds).
Sample GenerateSample(GeneratedFormat format, int64_t start, size_t bytes);

// Cuts `text`, whole records, as above.
Sample CutSample(std::string text);

}  // namespace nymstream

#endif  // NYMSTREAM_MEASURE_SAMPLE_H_
