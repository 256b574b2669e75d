#include "observe/stage_metrics.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "nymstream/verdict.h"
#include "observe/lane_totals.h"
#include "observe/metrics_text.h"
#include "observe/process_usage.h"

namespace nymstream {
namespace {

// Exact up to 2^53.
double Number(uint64_t count) { return static_cast<double>(count); }
double Number(int64_t count) { return static_cast<double>(count); }

constexpr double kInfo = 1;  // the value of an _info metric

// Calls `add(name, count)` for each value of an enumeration.
template <typename Enum, size_t kCount, typename Name, typename Add>
void ForEach(const std::array<uint64_t, kCount>& counts, Name name, Add add) {
  for (size_t i = 0; i < kCount; ++i) {
    add(name(static_cast<Enum>(i)), Number(counts[i]));
  }
}

std::string_view QuarantineName(QuarantineReason reason) {
  return QuarantineReasonText(reason).name;
}
std::string_view SuppressionName(SuppressionReason reason) {
  return SuppressionReasonText(reason).name;
}

void AddRelease(std::string_view release, const ReleaseCounters& counters,
                MetricsText* text) {
  text->Add(Metric::kReleasedRecords, {release}, Number(counters.released));
  ForEach<SuppressionReason>(
      counters.suppressed_by, SuppressionName,
      [&](std::string_view reason, double count) {
        text->Add(Metric::kSuppressedRecords, {release, reason}, count);
      });
  text->Add(Metric::kLeakGuardRedactions, {release},
            Number(counters.leak_guard_redactions));
  std::array<uint64_t, kFieldActionCount> actions{};
  for (const auto& field : counters.fields) {
    for (size_t i = 0; i < field.size(); ++i) actions[i] += field[i];
  }
  ForEach<FieldAction>(
      actions, FieldActionName, [&](std::string_view action, double count) {
        text->Add(Metric::kFieldActions, {release, action}, count);
      });
}

void AddPartition(std::string_view topic, int32_t number,
                  const PartitionTotals& partition, MetricsText* text) {
  const std::string label = std::to_string(number);
  text->Add(Metric::kReceivedRecords, {topic, label},
            Number(partition.received));
  if (partition.next_offset == kOffsetUnknown) return;
  text->Add(Metric::kConsumerPosition, {topic, label},
            Number(partition.next_offset));
  if (partition.end_offset == kOffsetUnknown) return;
  // An end that was asked for earlier may lie behind.
  text->Add(Metric::kConsumerLag, {topic, label},
            Number(std::max<int64_t>(
                partition.end_offset - partition.next_offset, 0)));
}

// What differs from lane to lane.
void AddLane(int index, const LaneTotals& lane, MetricsText* text) {
  const std::string label = std::to_string(index);
  ForEach<TransactionOutcome>(
      lane.transactions, TransactionOutcomeName,
      [&](std::string_view outcome, double count) {
        text->Add(Metric::kTransactions, {label, outcome}, count);
      });
  text->Add(Metric::kLastCommit, {label}, Number(lane.last_commit_ms) / 1000);
}

void AddFlow(const StageInfo& info, const LaneTotals& sum, MetricsText* text) {
  text->Add(Metric::kReceivedBytes, {}, Number(sum.counters.received_bytes));
  text->Add(Metric::kEmptyLines, {}, Number(sum.counters.empty_lines));
  text->Add(Metric::kTombstones, {}, Number(sum.counters.tombstones));
  ForEach<QuarantineReason>(sum.counters.quarantined_by, QuarantineName,
                            [&](std::string_view reason, double count) {
                              text->Add(Metric::kQuarantinedRecords, {reason},
                                        count);
                            });
  for (size_t i = 0; i < info.releases.size(); ++i) {
    AddRelease(info.releases[i], sum.counters.releases[i], text);
  }
  for (size_t i = 0; i < info.output_topics.size(); ++i) {
    text->Add(Metric::kSentBytes, {info.output_topics[i]},
              Number(sum.sent_bytes[i]));
  }
  text->Add(Metric::kAbortedRecords, {}, Number(sum.aborted_records));
  text->Add(Metric::kInflightBytes, {}, Number(sum.inflight_bytes));
}

void AddTimes(const LaneTotals& sum, MetricsText* text) {
  text->Add(Metric::kTransactionDuration, sum.transaction_seconds);
  text->Add(Metric::kTransactionRecords, sum.transaction_records);
  text->Add(Metric::kCommitDuration, sum.commit_seconds);
  text->Add(Metric::kTransformDuration, sum.transform_seconds);
  text->Add(Metric::kEndToEndDelay, sum.delay_seconds);
}

void AddKafka(const StageInfo& info, const LaneTotals& sum, MetricsText* text) {
  uint64_t assigned = 0;
  for (const auto& [key, partition] : sum.partitions) {
    AddPartition(info.input_topics[key.first], key.second, partition, text);
    if (partition.assigned) ++assigned;
  }
  text->Add(Metric::kAssignedPartitions, {}, Number(assigned));
  ForEach<ProducerRestart>(sum.producer_restarts, ProducerRestartName,
                           [&](std::string_view reason, double count) {
                             text->Add(Metric::kProducerRestarts, {reason},
                                       count);
                           });
  ForEach<RebalanceKind>(sum.rebalances, RebalanceKindName,
                         [&](std::string_view kind, double count) {
                           text->Add(Metric::kRebalances, {kind}, count);
                         });
  text->Add(Metric::kFenced, {}, Number(sum.fenced));
  text->Add(Metric::kOffsetGaps, {}, Number(sum.offset_gaps));
}

void AddIfKnown(Metric metric, std::optional<double> value, MetricsText* text) {
  if (value) text->Add(metric, {}, *value);
}

void AddProcess(const ProcessUsage& usage, MetricsText* text) {
  AddIfKnown(Metric::kProcessCpu, usage.cpu_seconds, text);
  AddIfKnown(Metric::kProcessResidentMemory, usage.resident_memory_bytes, text);
  AddIfKnown(Metric::kProcessVirtualMemory, usage.virtual_memory_bytes, text);
  AddIfKnown(Metric::kProcessOpenFds, usage.open_fds, text);
  AddIfKnown(Metric::kProcessMaxFds, usage.max_fds, text);
  AddIfKnown(Metric::kProcessStartTime, usage.start_time_seconds, text);
}

}  // namespace

class StageMetrics::Impl {
 public:
  explicit Impl(StageInfo stage) : info(std::move(stage)) {}

  // What is said of the stage as a whole.
  void AddIdentity(MetricsText* text) const {
    text->Add(Metric::kBuildInfo, {info.version, info.librdkafka_version},
              kInfo);
    text->Add(Metric::kConfigInfo,
              {info.pipeline, info.pipeline_sha256, info.policy_sha256,
               info.schema_sha256},
              kInfo);
    const std::lock_guard lock(mutex);
    text->Add(Metric::kMemoryLocked, {}, memory_locked ? 1 : 0);
    text->Add(Metric::kKeyLoaded, {}, Number(keys_loaded));
    for (const auto& [series, epoch] : key_epochs) {
      text->Add(Metric::kKeyEpochInfo, {series, epoch}, kInfo);
    }
  }

  const StageInfo info;
  std::vector<std::unique_ptr<LaneMetrics>> lanes;  // fixed once made
  mutable std::mutex mutex;
  // Under mutex.
  bool memory_locked = false;
  int64_t keys_loaded = 0;
  std::vector<std::pair<std::string, std::string>> key_epochs;
};

StageMetrics::StageMetrics(StageInfo info)
    : impl_(std::make_unique<Impl>(std::move(info))) {
  for (int i = 0; i < impl_->info.lanes; ++i) {
    impl_->lanes.emplace_back(new LaneMetrics(impl_->info));
  }
}

StageMetrics::~StageMetrics() = default;

LaneMetrics& StageMetrics::lane(int index) {
  NYM_CHECK(index >= 0 && index < impl_->info.lanes);
  return *impl_->lanes[static_cast<size_t>(index)];
}

void StageMetrics::KeysLoaded(std::span<const KeyEpoch> in_use,
                              int64_t unix_seconds) {
  const std::lock_guard lock(impl_->mutex);
  impl_->keys_loaded = unix_seconds;
  impl_->key_epochs.clear();
  for (const KeyEpoch& epoch : in_use) {
    impl_->key_epochs.emplace_back(epoch.series, epoch.id);
  }
}

void StageMetrics::MemoryLocked(bool locked) {
  const std::lock_guard lock(impl_->mutex);
  impl_->memory_locked = locked;
}

LaneTotals StageMetrics::Totals() const {
  LaneTotals sum(impl_->info);
  for (const auto& lane : impl_->lanes) sum.Add(lane->Totals());
  return sum;
}

std::string StageMetrics::Text() const {
  MetricsText text;
  LaneTotals sum(impl_->info);
  for (size_t i = 0; i < impl_->lanes.size(); ++i) {
    const LaneTotals lane = impl_->lanes[i]->Totals();
    AddLane(static_cast<int>(i), lane, &text);
    sum.Add(lane);
  }
  AddFlow(impl_->info, sum, &text);
  AddTimes(sum, &text);
  AddKafka(impl_->info, sum, &text);
  impl_->AddIdentity(&text);
  AddProcess(ReadProcessUsage(), &text);
  return text.Text();
}

}  // namespace nymstream
