#include "observe/lane_metrics.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "observe/lane_totals.h"
#include "observe/stage_metrics.h"

namespace nymstream {
namespace {

double Seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

// A transaction that has not ended: seen by the lane's thread alone.
struct Pending {
  explicit Pending(const StageInfo& info)
      : sent_bytes(info.output_topics.size()) {}

  void Clear() {
    counters = {};
    received.clear();
    std::fill(sent_bytes.begin(), sent_bytes.end(), 0);
    oldest_ms.clear();
  }

  Counters counters;
  std::map<PartitionKey, uint64_t> received;
  std::vector<uint64_t> sent_bytes;
  std::vector<int64_t> oldest_ms;  // of each batch that has one
};

size_t IndexIn(const std::vector<std::string>& topics, std::string_view topic) {
  const auto found = std::find(topics.begin(), topics.end(), topic);
  NYM_CHECK(found != topics.end());
  return static_cast<size_t>(found - topics.begin());
}

}  // namespace

std::string_view RebalanceKindName(RebalanceKind kind) {
  constexpr std::array<std::string_view, kRebalanceKindCount> kNames = {
      "assigned", "revoked", "lost"};
  return kNames[static_cast<size_t>(kind)];
}

std::string_view ProducerRestartName(ProducerRestart reason) {
  constexpr std::array<std::string_view, kProducerRestartCount> kNames = {
      "outcome_unknown", "fatal_error", "fenced"};
  return kNames[static_cast<size_t>(reason)];
}

class LaneMetrics::State {
 public:
  explicit State(const StageInfo& stage)
      : info(stage), pending(stage), totals(stage) {}

  PartitionKey Key(const PartitionName& name) const {
    return {IndexIn(info.input_topics, name.topic), name.partition};
  }
  // The caller holds `mutex`.
  void Abandon(TransactionOutcome outcome) {
    ++totals.transactions[static_cast<size_t>(outcome)];
    totals.aborted_records += pending.counters.received;
    pending.Clear();
  }

  const StageInfo& info;
  Pending pending;
  mutable std::mutex mutex;
  LaneTotals totals;  // under mutex
};

LaneMetrics::LaneMetrics(const StageInfo& info)
    : state_(std::make_unique<State>(info)) {}

LaneMetrics::~LaneMetrics() = default;

LaneTotals LaneMetrics::Totals() const {
  const std::lock_guard lock(state_->mutex);
  return state_->totals;
}

void LaneMetrics::Processed(const Counters& counters, const BatchFacts& facts) {
  NYM_CHECK(counters.releases.size() == state_->info.releases.size());
  Pending& pending = state_->pending;
  pending.counters.Add(counters);
  const size_t topic = IndexIn(state_->info.input_topics, facts.topic);
  for (size_t i = 0; i < facts.received.size(); ++i) {
    if (facts.received[i] == 0) continue;
    pending.received[{topic, static_cast<int32_t>(i)}] += facts.received[i];
  }
  if (facts.oldest_timestamp_ms != kTimestampUnknown) {
    pending.oldest_ms.push_back(facts.oldest_timestamp_ms);
  }
  const std::lock_guard lock(state_->mutex);
  state_->totals.transform_seconds.Observe(Seconds(facts.transform_time));
}

void LaneMetrics::Sent(std::string_view topic, uint64_t bytes) {
  const size_t index = IndexIn(state_->info.output_topics, topic);
  state_->pending.sent_bytes[index] += bytes;
}

void LaneMetrics::Holds(uint64_t bytes) {
  const std::lock_guard lock(state_->mutex);
  state_->totals.inflight_bytes = bytes;
}

void LaneMetrics::Committed(const CommitFacts& facts) {
  Pending& pending = state_->pending;
  {
    const std::lock_guard lock(state_->mutex);
    LaneTotals& totals = state_->totals;
    totals.counters.Add(pending.counters);
    for (const auto& [key, received] : pending.received) {
      totals.partitions[key].received += received;
    }
    for (size_t i = 0; i < pending.sent_bytes.size(); ++i) {
      totals.sent_bytes[i] += pending.sent_bytes[i];
    }
    ++totals.transactions[static_cast<size_t>(TransactionOutcome::kCommitted)];
    totals.transaction_seconds.Observe(Seconds(facts.transaction_time));
    totals.transaction_records.Observe(
        static_cast<double>(pending.counters.received));
    totals.commit_seconds.Observe(Seconds(facts.commit_time));
    for (const int64_t oldest_ms : pending.oldest_ms) {
      // A producer's clock may be ahead of ours.
      const int64_t delay_ms =
          std::max<int64_t>(facts.unix_milliseconds - oldest_ms, 0);
      totals.delay_seconds.Observe(static_cast<double>(delay_ms) / 1000);
    }
    totals.last_commit_ms = facts.unix_milliseconds;
  }
  pending.Clear();
}

void LaneMetrics::Aborted() {
  const std::lock_guard lock(state_->mutex);
  state_->Abandon(TransactionOutcome::kAborted);
}

void LaneMetrics::Failed() {
  const std::lock_guard lock(state_->mutex);
  state_->Abandon(TransactionOutcome::kFatal);
}

void LaneMetrics::ProducerRestarted(ProducerRestart reason) {
  const std::lock_guard lock(state_->mutex);
  ++state_->totals.producer_restarts[static_cast<size_t>(reason)];
}

void LaneMetrics::Fenced() {
  const std::lock_guard lock(state_->mutex);
  ++state_->totals.fenced;
}

void LaneMetrics::Assigned(std::span<const PartitionName> partitions) {
  const std::lock_guard lock(state_->mutex);
  LaneTotals& totals = state_->totals;
  ++totals.rebalances[static_cast<size_t>(RebalanceKind::kAssigned)];
  for (const PartitionName& name : partitions) {
    totals.partitions[state_->Key(name)].assigned = true;
  }
}

void LaneMetrics::Revoked(std::span<const PartitionName> partitions,
                          bool lost) {
  const std::lock_guard lock(state_->mutex);
  LaneTotals& totals = state_->totals;
  const RebalanceKind kind =
      lost ? RebalanceKind::kLost : RebalanceKind::kRevoked;
  ++totals.rebalances[static_cast<size_t>(kind)];
  for (const PartitionName& name : partitions) {
    PartitionTotals& partition = totals.partitions[state_->Key(name)];
    partition.assigned = false;
    partition.next_offset = kOffsetUnknown;
    partition.end_offset = kOffsetUnknown;
  }
}

void LaneMetrics::Positions(std::span<const PartitionPosition> positions) {
  const std::lock_guard lock(state_->mutex);
  for (const PartitionPosition& position : positions) {
    PartitionTotals& partition =
        state_->totals.partitions[state_->Key(position.name)];
    if (!partition.assigned) continue;
    partition.next_offset = position.next_offset;
    partition.end_offset = position.end_offset;
  }
}

void LaneMetrics::OffsetGaps(uint64_t count) {
  const std::lock_guard lock(state_->mutex);
  state_->totals.offset_gaps += count;
}

}  // namespace nymstream
