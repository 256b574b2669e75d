// Every metric of the stage: name, type, labels, meaning. What /metrics shows
// and docs/reference/metrics.md are made of this table.
#ifndef NYMSTREAM_OBSERVE_METRIC_TABLE_H_
#define NYMSTREAM_OBSERVE_METRIC_TABLE_H_

#include <array>
#include <cstdint>
#include <string_view>

namespace nymstream {

enum class MetricType : uint8_t { kCounter, kGauge, kHistogram };
std::string_view MetricTypeName(MetricType type);

enum class Metric : uint8_t {
  kReceivedRecords,
  kReceivedBytes,
  kEmptyLines,
  kTombstones,
  kReleasedRecords,
  kSuppressedRecords,
  kQuarantinedRecords,
  kSentBytes,
  kLeakGuardRedactions,
  kFieldActions,
  kTransactions,
  kAbortedRecords,
  kTransactionDuration,
  kTransactionRecords,
  kCommitDuration,
  kTransformDuration,
  kEndToEndDelay,
  kLastCommit,
  kProducerRestarts,
  kFenced,
  kConsumerLag,
  kConsumerPosition,
  kOffsetGaps,
  kRebalances,
  kAssignedPartitions,
  kInflightBytes,
  kMemoryLocked,
  kKeyEpochInfo,
  kKeyLoaded,
  kBuildInfo,
  kConfigInfo,
  kProcessCpu,
  kProcessResidentMemory,
  kProcessVirtualMemory,
  kProcessOpenFds,
  kProcessMaxFds,
  kProcessStartTime,
};
inline constexpr int kMetricCount =
    static_cast<int>(Metric::kProcessStartTime) + 1;

inline constexpr size_t kMetricLabelsMax = 4;

struct MetricText {
  std::string_view name;
  MetricType type;
  // Names, in the order in which values are given; the unused are empty.
  std::array<std::string_view, kMetricLabelsMax> labels;
  std::string_view help;
};
const MetricText& TextOf(Metric metric);

}  // namespace nymstream

#endif  // NYMSTREAM_OBSERVE_METRIC_TABLE_H_
