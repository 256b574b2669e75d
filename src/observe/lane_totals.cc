#include "observe/lane_totals.h"

#include <algorithm>
#include <cstddef>

#include "observe/stage_metrics.h"

namespace nymstream {
namespace {

constexpr double kTransactionSeconds[] = {0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
                                          1,    2.5,   5,    10,  15,   30};
constexpr double kTransactionRecords[] = {1,     10,    100,    1'000,
                                          10000, 50000, 100000, 500000};
constexpr double kCommitSeconds[] = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                     0.1,   0.25,   0.5,   1,    2.5,   15};
constexpr double kTransformSeconds[] = {0.0001, 0.00025, 0.0005, 0.001, 0.0025,
                                        0.005,  0.01,    0.025,  0.1,   1};
constexpr double kDelaySeconds[] = {0.05, 0.1, 0.25, 0.5, 1,   2.5,
                                    5,    10,  30,   60,  300, 3600};

template <typename Numbers>
void AddEach(const Numbers& other, Numbers* sum) {
  for (size_t i = 0; i < sum->size(); ++i) (*sum)[i] += other[i];
}

}  // namespace

std::string_view TransactionOutcomeName(TransactionOutcome outcome) {
  constexpr std::array<std::string_view, kTransactionOutcomeCount> kNames = {
      "committed", "aborted", "fatal"};
  return kNames[static_cast<size_t>(outcome)];
}

void PartitionTotals::Add(const PartitionTotals& other) {
  received += other.received;
  assigned = assigned || other.assigned;
  next_offset = std::max(next_offset, other.next_offset);
  end_offset = std::max(end_offset, other.end_offset);
}

LaneTotals::LaneTotals(const StageInfo& info)
    : sent_bytes(info.output_topics.size()),
      transaction_seconds(kTransactionSeconds),
      transaction_records(kTransactionRecords),
      commit_seconds(kCommitSeconds),
      transform_seconds(kTransformSeconds),
      delay_seconds(kDelaySeconds) {
  counters.releases.resize(info.releases.size());
}

void LaneTotals::Add(const LaneTotals& other) {
  counters.Add(other.counters);
  for (const auto& [key, partition] : other.partitions) {
    partitions[key].Add(partition);
  }
  AddEach(other.sent_bytes, &sent_bytes);
  AddEach(other.transactions, &transactions);
  aborted_records += other.aborted_records;
  transaction_seconds.Add(other.transaction_seconds);
  transaction_records.Add(other.transaction_records);
  commit_seconds.Add(other.commit_seconds);
  transform_seconds.Add(other.transform_seconds);
  delay_seconds.Add(other.delay_seconds);
  last_commit_ms = std::max(last_commit_ms, other.last_commit_ms);
  AddEach(other.producer_restarts, &producer_restarts);
  fenced += other.fenced;
  offset_gaps += other.offset_gaps;
  AddEach(other.rebalances, &rebalances);
  inflight_bytes += other.inflight_bytes;
}

}  // namespace nymstream
