// Tells metrics, event log and watchdog what a lane does.
#ifndef NYMSTREAM_KAFKA_LANE_REPORTER_H_
#define NYMSTREAM_KAFKA_LANE_REPORTER_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "kafka/client_conf.h"
#include "kafka/lane.h"
#include "kafka/lane_observer.h"
#include "kafka/lane_watch.h"
#include "kafka/release_work.h"
#include "observe/clock.h"
#include "observe/event_log.h"
#include "observe/lane_metrics.h"

namespace nymstream {

struct LaneReporterOptions {
  int lane = 0;
  std::string input_topic;
  std::vector<std::string> output_topics;
  Clock clock;
  LaneMetrics* metrics = nullptr;  // all borrowed
  EventLog* events = nullptr;
  LaneWatch* watch = nullptr;
};

// LaneObserver and Report() on the lane's thread; ConnectionListener on any.
class LaneReporter final : public LaneObserver, public ConnectionListener {
 public:
  explicit LaneReporter(LaneReporterOptions options);

  void OnBeat() override;
  void OnAssigned(std::span<const PartitionOffset> partitions) override;
  void OnRevoked(std::span<const int32_t> partitions, bool lost) override;
  void OnPosition(int partition, int64_t next) override;
  void OnGap(int partition, int64_t offsets) override;
  void OnCommitted(const TransactionReport& report) override;
  void OnAborted(const KafkaError& why) override;
  void OnProducerOpened() override;
  void OnProducerRestart(const KafkaError& why) override;
  void OnRejoin() override;
  void OnRetry(const KafkaError& why) override;

  void OnConnectionError(const KafkaError& error) override;
  void OnAllBrokersDown() override;
  void OnClientMessage(int level) override;

  void Report(const BatchReport& report);
  void OnStableOffsets(std::span<const PartitionOffset> offsets);
  void OnStarted();
  void OnEnded(const LaneResult& result);

 private:
  PartitionName Name(int32_t partition) const {
    return {options_.input_topic, partition};
  }
  void TellPositions();

  const LaneReporterOptions options_;
  struct Position {
    int64_t next = kOffsetUnknown;
    int64_t end = kOffsetUnknown;
  };
  std::vector<Position> positions_;  // by partition
  uint64_t held_bytes_ = 0;          // of the open transaction
};

}  // namespace nymstream

#endif  // NYMSTREAM_KAFKA_LANE_REPORTER_H_
