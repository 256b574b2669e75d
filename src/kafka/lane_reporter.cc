#include "kafka/lane_reporter.h"

#include <chrono>
#include <string_view>
#include <utility>

#include "kafka/error_word.h"

namespace nymstream {
namespace {

// Of syslog: what librdkafka says at "notice" or below is no news.
constexpr int kWarningLevel = 4;

bool IsPositionGone(const KafkaError& error) {
  return error.name == "_AUTO_OFFSET_RESET" ||
         error.name == "OFFSET_OUT_OF_RANGE";
}

}  // namespace

LaneReporter::LaneReporter(LaneReporterOptions options)
    : options_(std::move(options)) {}

void LaneReporter::OnBeat() {
  options_.watch->beat_ns.store(options_.clock.steady_nanoseconds(),
                                std::memory_order_relaxed);
}

void LaneReporter::OnStarted() {
  OnBeat();
  options_.events->Emit(Event::kLaneStarted, {{"lane", options_.lane}});
}

void LaneReporter::OnEnded(const LaneResult& result) {
  options_.watch->ended = true;
  if (result.end == LaneEnd::kStopped) {
    options_.events->Emit(Event::kLaneStopped, {{"lane", options_.lane}});
    return;
  }
  if (result.end == LaneEnd::kFenced) {
    options_.metrics->Fenced();
    options_.events->Emit(Event::kProducerFenced, {{"lane", options_.lane}});
  }
  if (result.end == LaneEnd::kQuarantineRatio) {
    options_.events->Emit(Event::kQuarantineLimitPassed,
                          {{"lane", options_.lane}});
  }
  if (IsPositionGone(result.error)) {
    options_.events->Emit(
        Event::kPositionMissing,
        {{"lane", options_.lane},
         {"topic", options_.events->Name(options_.input_topic)}});
  }
  if (result.error.topic) {
    const auto index = static_cast<size_t>(*result.error.topic);
    options_.events->Emit(
        Event::kTopicMissing,
        {{"lane", options_.lane},
         {"topic", options_.events->Name(options_.output_topics[index])}});
  }
  options_.events->Emit(
      Event::kLaneFailed,
      {{"lane", options_.lane}, {"error", ErrorWord(result.error)}});
}

void LaneReporter::OnAssigned(std::span<const PartitionOffset> partitions) {
  options_.watch->joined = true;
  std::vector<PartitionName> names;
  for (const PartitionOffset& place : partitions) {
    names.push_back(Name(place.partition));
  }
  options_.metrics->Assigned(names);
  for (const PartitionOffset& place : partitions) {
    OnPosition(place.partition, place.offset);
  }
  TellPositions();
  options_.events->Emit(Event::kPartitionsAssigned,
                        {{"lane", options_.lane},
                         {"topic", options_.events->Name(options_.input_topic)},
                         {"partitions", partitions.size()}});
}

void LaneReporter::OnRevoked(std::span<const int32_t> partitions, bool lost) {
  std::vector<PartitionName> names;
  for (const int32_t partition : partitions) {
    names.push_back(Name(partition));
    if (static_cast<size_t>(partition) < positions_.size()) {
      positions_[static_cast<size_t>(partition)] = {};
    }
  }
  options_.metrics->Revoked(names, lost);
  options_.events->Emit(
      lost ? Event::kPartitionsLost : Event::kPartitionsRevoked,
      {{"lane", options_.lane},
       {"topic", options_.events->Name(options_.input_topic)},
       {"partitions", partitions.size()}});
}

void LaneReporter::OnPosition(int partition, int64_t next) {
  const auto index = static_cast<size_t>(partition);
  if (index >= positions_.size()) positions_.resize(index + 1);
  positions_[index].next = next;
}

void LaneReporter::OnStableOffsets(std::span<const PartitionOffset> offsets) {
  for (const PartitionOffset& place : offsets) {
    const auto index = static_cast<size_t>(place.partition);
    if (index < positions_.size()) positions_[index].end = place.offset;
  }
  TellPositions();
}

void LaneReporter::TellPositions() {
  std::vector<PartitionPosition> positions;
  for (size_t i = 0; i < positions_.size(); ++i) {
    if (positions_[i].next == kOffsetUnknown) continue;
    positions.push_back(
        {Name(static_cast<int32_t>(i)), positions_[i].next, positions_[i].end});
  }
  options_.metrics->Positions(positions);
}

void LaneReporter::OnGap(int, int64_t offsets) {
  options_.metrics->OffsetGaps(static_cast<uint64_t>(offsets));
}

void LaneReporter::Report(const BatchReport& report) {
  BatchFacts facts;
  facts.topic = options_.input_topic;
  facts.received = report.received;
  facts.oldest_timestamp_ms = report.oldest_timestamp_ms == kNoTimestamp
                                  ? kTimestampUnknown
                                  : report.oldest_timestamp_ms;
  facts.transform_time = std::chrono::nanoseconds(report.transform_ns);
  options_.metrics->Processed(*report.counters, facts);
  for (size_t i = 0; i < report.sent_bytes.size(); ++i) {
    if (report.sent_bytes[i] == 0) continue;
    options_.metrics->Sent(options_.output_topics[i], report.sent_bytes[i]);
  }
  held_bytes_ += report.held_bytes;
  options_.metrics->Holds(held_bytes_);
}

void LaneReporter::OnCommitted(const TransactionReport& report) {
  options_.watch->brokers_down = false;
  options_.metrics->Committed(
      {.unix_milliseconds = options_.clock.unix_milliseconds(),
       .transaction_time = std::chrono::nanoseconds(report.duration_ns),
       .commit_time = std::chrono::nanoseconds(report.end_ns)});
  held_bytes_ = 0;
  options_.metrics->Holds(0);
  TellPositions();
}

void LaneReporter::OnAborted(const KafkaError& why) {
  options_.metrics->Aborted();
  held_bytes_ = 0;
  options_.metrics->Holds(0);
  options_.events->Emit(Event::kTransactionAborted,
                        {{"lane", options_.lane}, {"error", ErrorWord(why)}});
}

void LaneReporter::OnProducerOpened() { options_.watch->producer = true; }

void LaneReporter::OnProducerRestart(const KafkaError& why) {
  options_.watch->producer = false;
  const bool unknown = why.name == "end_indefinite";
  options_.metrics->ProducerRestarted(unknown ? ProducerRestart::kOutcomeUnknown
                                              : ProducerRestart::kFatalError);
  if (unknown) {
    options_.events->Emit(Event::kTransactionOutcomeUnknown,
                          {{"lane", options_.lane}});
  }
  options_.events->Emit(Event::kProducerRestarted,
                        {{"lane", options_.lane}, {"reason", ErrorWord(why)}});
}

void LaneReporter::OnRejoin() {
  options_.events->Emit(Event::kGroupRejoined, {{"lane", options_.lane}});
}

void LaneReporter::OnRetry(const KafkaError& why) {
  options_.events->Emit(Event::kCallRetried,
                        {{"lane", options_.lane}, {"error", ErrorWord(why)}});
}

void LaneReporter::OnConnectionError(const KafkaError& error) {
  options_.events->Emit(Event::kClientError,
                        {{"lane", options_.lane}, {"error", ErrorWord(error)}});
}

void LaneReporter::OnAllBrokersDown() {
  options_.watch->brokers_down = true;
  options_.events->Emit(Event::kBrokersDown, {{"lane", options_.lane}});
}

void LaneReporter::OnClientMessage(int level) {
  if (level > kWarningLevel) return;
  options_.events->Emit(Event::kClientMessage,
                        {{"lane", options_.lane}, {"severity", level}});
}

}  // namespace nymstream
