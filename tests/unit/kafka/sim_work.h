// The work of a simulated lane: makes what OutputsOf() says, and watches that
// the records come in order, none twice, none left out.
#ifndef NYMSTREAM_TESTS_UNIT_KAFKA_SIM_WORK_H_
#define NYMSTREAM_TESTS_UNIT_KAFKA_SIM_WORK_H_

#include <map>
#include <vector>

#include "kafka/batch_work.h"
#include "kafka/lane_observer.h"
#include "unit/kafka/sim_broker.h"
#include "unit/kafka/sim_client.h"

namespace nymstream {

class SimWork : public BatchWork, public LaneObserver {
 public:
  SimWork(SimClient* client, SimBroker* broker)
      : client_(*client), broker_(*broker) {}

  std::span<const OutputRecord> Process(
      std::span<const InputRecord> records) override;
  bool MustStop() override { return must_stop_; }
  void OnCommitted() override;
  void OnAborted() override;

  void OnBeat() override {}
  void OnAssigned(std::span<const PartitionOffset> partitions) override {
    for (const PartitionOffset& place : partitions) {
      last_.erase(place.partition);
    }
  }
  void OnRevoked(std::span<const int32_t> partitions, bool /*lost*/) override {
    for (const int32_t partition : partitions) last_.erase(partition);
  }
  void OnPosition(int /*partition*/, int64_t /*next*/) override {}
  void OnGap(int /*partition*/, int64_t /*offsets*/) override {}
  void OnCommitted(const TransactionReport& report) override;
  void OnAborted(const KafkaError& /*why*/) override {}
  void OnProducerOpened() override {}
  void OnProducerRestart(const KafkaError& /*why*/) override {}
  void OnRejoin() override { ++rejoins_; }
  void OnRetry(const KafkaError& /*why*/) override {}

  void SetMustStop() { must_stop_ = true; }
  // The broker has settled that what was processed is committed.
  void CountTruth() { truth_ += pending_; }
  uint64_t truth() const { return truth_; }
  uint64_t committed() const { return committed_; }
  uint64_t reported() const { return reported_; }
  uint64_t rejoins() const { return rejoins_; }

 private:
  void Watch(const InputRecord& record);

  SimClient& client_;
  SimBroker& broker_;
  std::map<int, int64_t> last_;  // by partition
  std::vector<SimOutput> values_;
  std::vector<OutputRecord> outputs_;
  bool must_stop_ = false;
  uint64_t pending_ = 0;    // records of the input since the last end
  uint64_t committed_ = 0;  // as the lane told
  uint64_t reported_ = 0;   // as the lane told its observer
  uint64_t truth_ = 0;
  uint64_t rejoins_ = 0;
};

}  // namespace nymstream

#endif  // NYMSTREAM_TESTS_UNIT_KAFKA_SIM_WORK_H_
