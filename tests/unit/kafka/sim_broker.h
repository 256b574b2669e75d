// An Apache Kafka in memory, as far as a lane can tell: one input topic, some
// output topics, transactions with epochs, one consumer group. It is also the
// judge: the first thing that must never be is kept as its violation.
//
// Modelled: epochs and fencing by init; a transaction that times out; offsets
// that belong to a transaction and are pending until its markers are written;
// generations, eager rebalances, static members that a newer holder of the
// name fences, sessions that end; offsets without a record; the low watermark.
#ifndef NYMSTREAM_TESTS_UNIT_KAFKA_SIM_BROKER_H_
#define NYMSTREAM_TESTS_UNIT_KAFKA_SIM_BROKER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "kafka/lane_client.h"
#include "unit/kafka/sim_scheduler.h"
#include "unit/kafka/sim_truth.h"

namespace nymstream {

enum class BrokerCode : uint8_t {
  kOk,
  kConcurrentTransactions,
  kProducerFenced,
  kInvalidTxnState,
  kUnstableOffsets,
  kRebalanceInProgress,
  kIllegalGeneration,
  kUnknownMember,
  kFencedInstance,
};

struct SimBrokerOptions {
  int partitions = 1;  // of the input
  bool start_latest = false;
  SimTime transaction_timeout = 1500 * kSimMs;
  SimTime session_timeout = 3000 * kSimMs;
  SimTime poll_interval = 8000 * kSimMs;
  SimTime rebalance_timeout = 3000 * kSimMs;
  SimTime marker_delay_max = 100 * kSimMs;
};

// What a member of the group calls itself; none at all for kNoMember.
inline constexpr int kNoMember = 0;
inline constexpr int kNoInstance = -1;
struct MemberName {
  int member = kNoMember;
  int instance = kNoInstance;  // group.instance.id
  int generation = -1;
};

class SimBroker {
 public:
  SimBroker(const SimBrokerOptions& options, SimScheduler* scheduler,
            SimRandom* random);

  // -- the input

  void AppendRecord(int32_t partition);
  // Control records, aborted or compacted-away ones.
  void AppendGap(int32_t partition, int64_t offsets);
  // A record that may be processed already, or not.
  void CompactSomeRecord(int32_t partition);
  // Retention takes what is processed.
  void AdvanceLow(int32_t partition);
  int64_t Low(int32_t partition) const;
  int64_t High(int32_t partition) const;
  // The records at and after `offset`.
  std::vector<int64_t> Fetch(int32_t partition, int64_t offset,
                             size_t count) const;

  // -- transactions, by transactional.id

  BrokerCode Init(int id, int* epoch);
  struct Placed {
    int topic = 0;
    int32_t partition = 0;
    SimOutput output;
  };
  BrokerCode Produce(int id, int epoch, std::span<const Placed> outputs);
  BrokerCode AddOffsets(int id, int epoch, const MemberName& name,
                        std::span<const PartitionOffset> offsets);
  BrokerCode EndTransaction(int id, int epoch, bool commit);
  // Called as soon as it is settled that a producer's transaction is committed.
  void OnCommitDecided(std::function<void(int id, int epoch)> hook) {
    commit_decided_ = std::move(hook);
  }

  // -- the group

  // `stable`: waits for offsets of open transactions, by kUnstableOffsets.
  BrokerCode Committed(std::span<const int32_t> partitions, bool stable,
                       std::vector<PartitionOffset>* offsets);
  // Gives a new member its number, and asks for a rebalance if one is needed.
  BrokerCode Join(MemberName* name);
  BrokerCode Heartbeat(const MemberName& name);
  // Whether the rebalance that the member has joined is over; then what it got.
  BrokerCode Sync(MemberName* name, std::vector<int32_t>* partitions,
                  bool* ready);
  void Leave(int member);
  // The process is not heard of until it is set back; the session ends then.
  void SetSilent(int member, bool silent);
  void NotePoll(int member);
  // Removes the member from the group, as if its session had ended.
  void Kick(int member);
  void ForceRebalance();

  // -- the judge

  // Whether everything is committed, what lies behind the last record too, and
  // no transaction is open.
  bool Quiet();
  // Reads everything as a read_committed reader does, and compares.
  void CheckAll();
  void Violate(const std::string& what);
  const std::string& violation() const { return violation_; }
  uint64_t committed_transactions() const { return committed_transactions_; }
  // Whether a record of the input is still to be processed between these.
  bool AnyUncommitted(int32_t partition, int64_t begin, int64_t end) const;

 private:
  enum class TransactionState : uint8_t {
    kEmpty,
    kOngoing,
    kEnding,
    kCommitted,
    kAborted
  };
  struct Coordinator {
    int epoch = -1;
    TransactionState state = TransactionState::kEmpty;
    SimTime began = 0;
    bool commit = false;   // of kEnding
    SimTime ended_at = 0;  // of kEnding: when the markers are written
    int transaction = -1;  // its number
    std::vector<SimOutput> outputs;
    std::map<int32_t, int64_t> offsets;
  };
  struct InputSlot {
    bool record = false;
    bool compacted = false;
  };
  struct Input {
    int64_t low = 0;
    std::vector<InputSlot> slots;
    int64_t committed = kNoOffset;
    int64_t first_expected = kNoOffset;  // what is before was never ours
  };
  struct Logged {
    int transaction = 0;
    SimOutput output;
  };
  struct Member {
    int number = kNoMember;
    int instance = kNoInstance;
    bool joined = false;
    SimTime silent_since = kNever;
    SimTime polled_at = 0;
    std::vector<int32_t> partitions = {};
  };
  static constexpr SimTime kNever = INT64_MAX / 2;

  // Everything that time has done since the last call.
  void Tick();
  BrokerCode Touch(int id, int epoch);
  void StartEnd(int id, bool commit);
  void WriteMarkers(Coordinator* coordinator);
  void JudgeCommit(const Coordinator& coordinator);
  void JudgePartition(int32_t partition, int64_t next,
                      const std::map<int64_t, std::vector<int>>& outputs);
  void StartRebalance();
  void FinishRebalance();
  Member* FindMember(int number);
  BrokerCode CheckName(const MemberName& name);
  InputSlot SlotAt(int32_t partition, int64_t offset) const;
  Input& InputOf(int32_t partition) {
    return inputs_[static_cast<size_t>(partition)];
  }
  const Input& InputOf(int32_t partition) const {
    return inputs_[static_cast<size_t>(partition)];
  }

  const SimBrokerOptions options_;
  SimScheduler& scheduler_;
  SimRandom& random_;
  std::vector<Input> inputs_;
  std::map<int, Coordinator> coordinators_;
  std::vector<Logged> logs_[kSimTopics][kSimTopicPartitions];
  int transactions_ = 0;
  std::set<int> committed_;  // numbers of transactions
  std::function<void(int id, int epoch)> commit_decided_;

  std::vector<Member> members_;
  std::set<int> fenced_;  // members whose name another has taken
  int members_made_ = 0;
  int generation_ = 0;
  bool rebalancing_ = false;
  SimTime rebalance_began_ = 0;

  uint64_t committed_transactions_ = 0;
  std::string violation_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_TESTS_UNIT_KAFKA_SIM_BROKER_H_
