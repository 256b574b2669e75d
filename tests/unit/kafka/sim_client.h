// LaneClient on SimBroker: a process's client library, on a bad day.
#ifndef NYMSTREAM_TESTS_UNIT_KAFKA_SIM_CLIENT_H_
#define NYMSTREAM_TESTS_UNIT_KAFKA_SIM_CLIENT_H_

#include <map>
#include <string>
#include <vector>

#include "kafka/lane_client.h"
#include "unit/kafka/sim_broker.h"
#include "unit/kafka/sim_faults.h"
#include "unit/kafka/sim_scheduler.h"

namespace nymstream {

// What a client call throws when its process dies in it.
struct ProcessDied {};

struct SimClientOptions {
  int process = 0;           // for the trace
  int transactional_id = 0;  // the same for every process of a slot
  int instance = kNoInstance;
  size_t queue_max = 1000;
  size_t poll_max = 5;  // records of a partition
  bool background_sends = true;
  SimClientFlaws flaws;
};

// A misuse by the lane (a call that its contract does not allow) is a
// violation too.
class SimClient : public LaneClient {
 public:
  // All pointers are borrowed. `faults` may change at any time.
  SimClient(const SimClientOptions& options, const SimFaults* faults,
            SimScheduler* scheduler, SimBroker* broker, SimRandom* random)
      : options_(options),
        faults_(*faults),
        scheduler_(*scheduler),
        broker_(*broker),
        random_(*random),
        name_{.instance = options.instance} {}

  KafkaError Subscribe(RebalanceListener* listener) override;
  Polled Poll(int timeout_ms) override;
  KafkaError Committed(std::span<const int32_t> partitions,
                       std::vector<PartitionOffset>* offsets) override;
  KafkaError Watermarks(int32_t partition, int64_t* low,
                        int64_t* high) override;
  KafkaError Assign(std::span<const PartitionOffset> offsets) override;
  KafkaError Unassign(std::span<const int32_t> partitions) override;
  KafkaError Seek(std::span<const PartitionOffset> offsets) override;
  void Close() override;
  KafkaError RenewConsumer() override;
  KafkaError OpenProducer() override;
  KafkaError Begin() override;
  KafkaError ConfirmProducer(const PartitionOffset& committed) override;
  KafkaError Produce(const OutputRecord& record) override;
  void Wait(int timeout_ms) override;
  KafkaError SendOffsets(std::span<const PartitionOffset> offsets) override;
  KafkaError Commit() override { return EndTransaction(true); }
  KafkaError Abort() override { return EndTransaction(false); }
  bool EndWasIndefinite() const override { return indefinite_; }
  KafkaError CheckTopics() override { return {}; }

  // Time passes outside of a call; the process may die or stand still in it.
  void Elapse(SimTime duration);
  // The next call throws ProcessDied.
  void Kill() { killed_ = true; }
  // After ProcessDied: what the broker sees of it.
  void Die() { broker_.SetSilent(name_.member, true); }
  int epoch() const { return epoch_; }  // of the latest producer
  // Whether a commit was tried of which the lane can't know how it ended: it
  // did not look at the group's offsets while its partitions were its own.
  bool commit_unknown() const {
    return commit_unknown_ || commit_doubted_ || commit_tried_;
  }

 private:
  enum class Membership : uint8_t { kOut, kJoining, kActive };
  struct Fetching {
    int64_t position = 0;
    int64_t told = kNoOffset;    // the end that was told last
    std::vector<int64_t> stale;  // fetched before a seek
    int64_t stale_end = kNoOffset;
  };
  struct Fault {
    KafkaError error;    // none: no fault
    bool after = false;  // the call takes effect nevertheless
  };

  // Around the effect of each call.
  void Travel();
  Fault Draw();
  // `repeatable`: kRetriable may be said of a call that took effect.
  template <typename Effect>
  KafkaError Call(const char* name, bool repeatable, Effect effect);
  // A call of the producer: an error of it stays until it is dealt with.
  template <typename Effect>
  KafkaError ProducerCall(const char* name, bool repeatable, Effect effect);
  KafkaError ProducerError(BrokerCode code);
  KafkaError Stick(const KafkaError& error);
  KafkaError AddOffsets(const MemberName& name,
                        std::span<const PartitionOffset> offsets);
  KafkaError EndTransaction(bool commit);
  KafkaError SendEnd(bool commit);
  void DuplicateEnd(bool commit);
  // Gives the broker the first `count` records of the queue.
  KafkaError SendQueued(size_t count);
  void SendSome();
  void Misuse(const char* what);
  void TraceCall(const char* name, const KafkaError& error);

  void Collect();
  void CollectFrom(int32_t partition, Fetching* fetching);
  void AddRecords(int32_t partition, const std::vector<int64_t>& offsets);
  // As much as the queue of the fetcher may hold: records from `begin`, and
  // the end, if it gets there.
  void FetchAhead(int32_t partition, Fetching* fetching);
  // Rebalance callbacks, if any are due; false if another has our name.
  bool ServeGroup();
  BrokerCode Join();
  bool ServeActive();
  void Revoke(bool lost);
  void Grant(const std::vector<int32_t>& partitions);

  const SimClientOptions options_;
  const SimFaults& faults_;
  SimScheduler& scheduler_;
  SimBroker& broker_;
  SimRandom& random_;
  bool killed_ = false;

  RebalanceListener* listener_ = nullptr;
  MemberName name_;
  bool confirmed_ = false;  // the producer, since another had our name
  Membership membership_ = Membership::kOut;
  std::map<int32_t, Fetching> fetching_;  // of what is assigned
  std::vector<int32_t> granting_;         // within OnAssigned()
  enum class Callback : uint8_t { kNone, kAssigned, kRevoked };
  Callback callback_ = Callback::kNone;
  bool answered_ = false;  // the callback
  bool seek_blocked_ = false;
  std::vector<InputRecord> records_;
  std::vector<PartitionOffset> ends_;

  int epoch_ = -1;
  bool producer_open_ = false;
  bool in_transaction_ = false;
  bool begin_repeats_ = false;
  bool at_broker_ = false;  // of this transaction
  bool indefinite_ = false;
  bool commit_tried_ = false;    // and did not succeed yet
  bool commit_doubted_ = false;  // and will not be tried again
  bool commit_unknown_ = false;
  KafkaError sticky_;
  std::vector<SimBroker::Placed> queue_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_TESTS_UNIT_KAFKA_SIM_CLIENT_H_
