// All metrics of the Kafka stage, and their Prometheus text.
#ifndef NYMSTREAM_OBSERVE_STAGE_METRICS_H_
#define NYMSTREAM_OBSERVE_STAGE_METRICS_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "nymstream/keyring.h"
#include "observe/lane_metrics.h"

namespace nymstream {

struct LaneTotals;

// Every label value that can occur comes from here, partition numbers aside:
// the number of series is bounded by the configuration.
struct StageInfo {
  std::string version;             // of nymstream
  std::string librdkafka_version;  // of the library in use
  std::string pipeline;            // its name
  std::string pipeline_sha256;     // of the documents, in hex
  std::string policy_sha256;
  std::string schema_sha256;
  std::vector<std::string> releases;  // in the order of Counters::releases
  std::vector<std::string> input_topics;
  std::vector<std::string> output_topics;  // releases' and quarantine's
  int lanes = 1;
};

// Threads: lane(i) as LaneMetrics says; the rest from any number of threads.
class StageMetrics {
 public:
  explicit StageMetrics(StageInfo info);
  ~StageMetrics();
  StageMetrics(const StageMetrics&) = delete;
  StageMetrics& operator=(const StageMetrics&) = delete;

  // 0 to lanes - 1. Lives as long as this.
  LaneMetrics& lane(int index);

  // Replaces what was said before. `in_use`: the epochs of now, one per series,
  // not all of the keyring.
  void KeysLoaded(std::span<const KeyEpoch> in_use, int64_t unix_seconds);
  void MemoryLocked(bool locked);

  // What all lanes have committed; as Text() has it.
  LaneTotals Totals() const;

  // The text of /metrics, process_* included. A lane waits for a copy of its
  // numbers at most. Cost: 1.3 ms and 26 kB for 10 releases, 4 lanes and 32
  // partitions.
  std::string Text() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_OBSERVE_STAGE_METRICS_H_
