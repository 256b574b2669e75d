// What a lane tells about itself: for metrics, the event log and the watchdog.
#ifndef NYMSTREAM_KAFKA_LANE_OBSERVER_H_
#define NYMSTREAM_KAFKA_LANE_OBSERVER_H_

#include <cstdint>
#include <span>

#include "kafka/kafka_error.h"
#include "kafka/lane_client.h"

namespace nymstream {

struct TransactionReport {
  uint64_t records = 0;     // of the input
  uint64_t outputs = 0;     // records of all output topics
  int64_t duration_ns = 0;  // from its first record to its end
  int64_t end_ns = 0;       // of that, ending it
};

// Called on the lane's thread.
class LaneObserver {
 public:
  virtual ~LaneObserver() = default;
  // The loop is alive: at least once per Poll() and per try of a call.
  virtual void OnBeat() = 0;
  // A rebalance gave these partitions, each with its next record, or took them.
  // There may be none.
  virtual void OnAssigned(std::span<const PartitionOffset> partitions) = 0;
  virtual void OnRevoked(std::span<const int32_t> partitions, bool lost) = 0;
  // The partition's next record is `next`; once per batch.
  virtual void OnPosition(int partition, int64_t next) = 0;
  // Offsets that held no record for us: control records, aborted or compacted
  // ones, or lost ones.
  virtual void OnGap(int partition, int64_t offsets) = 0;
  virtual void OnCommitted(const TransactionReport& report) = 0;
  virtual void OnAborted(const KafkaError& why) = 0;
  virtual void OnProducerOpened() = 0;
  virtual void OnProducerRestart(const KafkaError& why) = 0;
  // The group had taken us for two; we join it anew.
  virtual void OnRejoin() = 0;
  // A call will be repeated.
  virtual void OnRetry(const KafkaError& why) = 0;
};

}  // namespace nymstream

#endif  // NYMSTREAM_KAFKA_LANE_OBSERVER_H_
