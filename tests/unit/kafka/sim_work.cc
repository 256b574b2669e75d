#include "unit/kafka/sim_work.h"

#include <string_view>

#include "absl/strings/str_format.h"

namespace nymstream {

std::span<const OutputRecord> SimWork::Process(
    std::span<const InputRecord> records) {
  client_.Elapse(kSimMs);
  values_.clear();
  outputs_.clear();
  for (const InputRecord& record : records) {
    Watch(record);
    for (int i = 0; i < OutputsOf(record.partition, record.offset); ++i) {
      values_.push_back({.source_partition = record.partition,
                         .index = i,
                         .source_offset = record.offset});
    }
  }
  for (const SimOutput& value : values_) {
    const uint64_t hash =
        SimRandom::Mix(static_cast<uint64_t>(value.source_offset));
    OutputRecord& output = outputs_.emplace_back();
    output.topic = value.index % kSimTopics;
    output.partition = static_cast<int32_t>(hash % kSimTopicPartitions);
    output.value =
        std::string_view(reinterpret_cast<const char*>(&value), sizeof(value));
  }
  pending_ += records.size();
  return outputs_;
}

void SimWork::Watch(const InputRecord& record) {
  const auto [last, first] = last_.emplace(record.partition, record.offset);
  if (first) return;
  if (record.offset <= last->second) {
    broker_.Violate(absl::StrFormat("processes %d@%d after %d",
                                    record.partition, record.offset,
                                    last->second));
  }
  if (broker_.AnyUncommitted(record.partition, last->second + 1,
                             record.offset)) {
    broker_.Violate(absl::StrFormat("processes %d@%d right after %d",
                                    record.partition, record.offset,
                                    last->second));
  }
  last->second = record.offset;
}

void SimWork::OnCommitted() {
  committed_ += pending_;
  pending_ = 0;
}

void SimWork::OnAborted() {
  pending_ = 0;
  last_.clear();
}

void SimWork::OnCommitted(const TransactionReport& report) {
  reported_ += report.records;
}

}  // namespace nymstream
