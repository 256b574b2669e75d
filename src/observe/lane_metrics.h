// What a lane tells of its work, for /metrics.
#ifndef NYMSTREAM_OBSERVE_LANE_METRICS_H_
#define NYMSTREAM_OBSERVE_LANE_METRICS_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "nymstream/verdict.h"

namespace nymstream {

class StageMetrics;
struct LaneTotals;
struct StageInfo;

// Views in these structs need to live for the call only.
struct PartitionName {
  std::string_view topic;  // an input topic of StageInfo
  int32_t partition = 0;
};

inline constexpr int64_t kOffsetUnknown = -1;

struct PartitionPosition {
  PartitionName name;
  int64_t next_offset = 0;  // of the record that the lane reads next
  // One beyond the last record that a read_committed consumer may read (the
  // last stable offset); kOffsetUnknown drops the lag.
  int64_t end_offset = kOffsetUnknown;
};

inline constexpr int64_t kTimestampUnknown = -1;

struct BatchFacts {
  std::string_view topic;  // an input topic of StageInfo
  // Records of the batch, by partition of that topic; their sum is
  // Counters::received.
  std::span<const uint64_t> received;
  // The least timestamp of its records, Unix milliseconds.
  int64_t oldest_timestamp_ms = kTimestampUnknown;
  std::chrono::nanoseconds transform_time{0};
};

struct CommitFacts {
  int64_t unix_milliseconds = 0;                 // now, as the clock has it
  std::chrono::nanoseconds transaction_time{0};  // from its first batch
  std::chrono::nanoseconds commit_time{0};  // send offsets and commit alone
};

enum class RebalanceKind : uint8_t { kAssigned, kRevoked, kLost };
inline constexpr int kRebalanceKindCount = 3;
std::string_view RebalanceKindName(RebalanceKind kind);

enum class ProducerRestart : uint8_t {
  kOutcomeUnknown,  // of a commit or an abort
  kFatalError,
  kFenced,
};
inline constexpr int kProducerRestartCount = 3;
std::string_view ProducerRestartName(ProducerRestart reason);

// Counts of one lane. What a transaction did stays with the lane until
// Committed(), and then shows all at once: what /metrics counts is what readers
// of the releases see, and in every scrape
//   received = released + suppressed + quarantined, for each release.
//
// Threads: the lane's thread alone calls it; scrapes may run meanwhile.
// Cost: 0.2 us for a batch and 3 us for a commit with 2 releases of 25 fields,
//   7 us each with 10 of 40; call it per batch and per transaction, never per
//   record. No call fails.
// Lifetime: dies with its StageMetrics.
class LaneMetrics {
 public:
  ~LaneMetrics();
  LaneMetrics(const LaneMetrics&) = delete;
  LaneMetrics& operator=(const LaneMetrics&) = delete;

  // --- Within a transaction ---
  // `counters` of ReleasedBatch, of this batch alone.
  void Processed(const Counters& counters, const BatchFacts& facts);
  // Bytes of keys, values and headers produced to one output topic (or the
  // quarantine topic) of StageInfo.
  void Sent(std::string_view topic, uint64_t bytes);
  // Bytes that the lane holds: read, not yet committed. Any time.
  void Holds(uint64_t bytes);

  // --- Its end: exactly one of these ---
  void Committed(const CommitFacts& facts);
  // Its records come again: they count as aborted records only.
  void Aborted();
  // The producer is beyond use; the transaction, if any, counts as aborted.
  void Failed();

  // --- Producer ---
  void ProducerRestarted(ProducerRestart reason);
  void Fenced();

  // --- Consumer ---
  void Assigned(std::span<const PartitionName> partitions);
  // Drops their position and lag. `lost`: they may have another owner already.
  void Revoked(std::span<const PartitionName> partitions, bool lost);
  // After each commit and each fetch of end offsets. Partitions that are not
  // assigned are ignored.
  void Positions(std::span<const PartitionPosition> positions);
  // Offsets that held no record for us.
  void OffsetGaps(uint64_t count);

 private:
  friend class StageMetrics;
  class State;
  explicit LaneMetrics(const StageInfo& info);
  LaneTotals Totals() const;
  std::unique_ptr<State> state_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_OBSERVE_LANE_METRICS_H_
