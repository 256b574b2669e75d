// What a lane has counted since it began, as plain numbers.
#ifndef NYMSTREAM_OBSERVE_LANE_TOTALS_H_
#define NYMSTREAM_OBSERVE_LANE_TOTALS_H_

#include <array>
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "nymstream/verdict.h"
#include "observe/histogram.h"
#include "observe/lane_metrics.h"

namespace nymstream {

enum class TransactionOutcome : uint8_t { kCommitted, kAborted, kFatal };
inline constexpr int kTransactionOutcomeCount = 3;
std::string_view TransactionOutcomeName(TransactionOutcome outcome);

struct PartitionTotals {
  uint64_t received = 0;
  bool assigned = false;
  int64_t next_offset = kOffsetUnknown;
  int64_t end_offset = kOffsetUnknown;

  void Add(const PartitionTotals& other);
};

// Index into StageInfo::input_topics, and partition.
using PartitionKey = std::pair<size_t, int32_t>;

struct LaneTotals {
  explicit LaneTotals(const StageInfo& info);

  // Sums, but for last_commit_ms: the latest.
  void Add(const LaneTotals& other);

  Counters counters;
  std::map<PartitionKey, PartitionTotals> partitions;
  std::vector<uint64_t> sent_bytes;  // parallel to StageInfo::output_topics
  std::array<uint64_t, kTransactionOutcomeCount> transactions{};
  uint64_t aborted_records = 0;
  Histogram transaction_seconds;
  Histogram transaction_records;
  Histogram commit_seconds;
  Histogram transform_seconds;
  Histogram delay_seconds;
  int64_t last_commit_ms = 0;
  std::array<uint64_t, kProducerRestartCount> producer_restarts{};
  uint64_t fenced = 0;
  uint64_t offset_gaps = 0;
  std::array<uint64_t, kRebalanceKindCount> rebalances{};
  uint64_t inflight_bytes = 0;
};

}  // namespace nymstream

#endif  // NYMSTREAM_OBSERVE_LANE_TOTALS_H_
