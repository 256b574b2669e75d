// Measures the Kafka stage of a pipeline on the user's own cluster, beside a
// bare passthrough.
#ifndef NYMSTREAM_MEASURE_KAFKA_BENCH_H_
#define NYMSTREAM_MEASURE_KAFKA_BENCH_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "kafka/client_credentials.h"
#include "kafka/stage.h"
#include "measure/bench_report.h"
#include "measure/sample.h"
#include "nymstream/pipeline.h"
#include "nymstream/plan.h"

namespace nymstream {

struct KafkaBenchOptions {
  const Pipeline* pipeline = nullptr;  // borrowed; has a source
  std::shared_ptr<const Plan> plan;
  std::shared_ptr<const ClientCredentials> credentials;
  std::string topics;  // what the names of topics and groups begin with
  int partitions = 4;
  int rounds = 5;
  // The records; called once, in the process that writes them.
  std::function<absl::StatusOr<Sample>()> sample;
  // What a stage needs besides pipeline, topics, metrics, events and control;
  // called once in every process that runs one.
  std::function<absl::StatusOr<StageOptions>()> stage;
  // Set by a signal that the user sends.
  const std::atomic<bool>* stop = nullptr;
  // Called after every run with how much of all is done.
  std::function<void(uint64_t done_bytes, uint64_t all_bytes)> progress;
};

struct KafkaBenchResult {
  // Without what only the caller knows (version, machine, input).
  absl::StatusOr<KafkaBenchReport> report;
  // Names the topics that could not be deleted.
  absl::Status deleted;
};

// Makes topics of its own, fills the input, and in turn runs `rounds` stages
// and passthroughs over all of it, each in a process of its own (see RunApart);
// whatever happens, deletes the topics at the end. kCancelled after a stop;
// otherwise the message says what is wrong and what to do, and
// kInvalidArgument means a document or a flag. No other thread may run.
KafkaBenchResult RunKafkaBench(const KafkaBenchOptions& options);

}  // namespace nymstream

#endif  // NYMSTREAM_MEASURE_KAFKA_BENCH_H_
