// The exactly-once loop: consume, de-identify, produce, and commit the offsets
// of the input in the transaction of the output (KIP-98, KIP-447).
#ifndef NYMSTREAM_KAFKA_LANE_H_
#define NYMSTREAM_KAFKA_LANE_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "kafka/batch_work.h"
#include "kafka/kafka_error.h"
#include "kafka/lane_client.h"
#include "kafka/lane_observer.h"
#include "nymstream/pipeline.h"

namespace nymstream {

struct LaneOptions {
  // Where to begin in a partition of which the group has committed nothing;
  // none: end as kNoStart.
  std::optional<KafkaStart> start;
  int commit_interval_ms = 250;
  // A transaction is also committed once it holds so much.
  uint64_t transaction_bytes_max = 16 << 20;
  uint64_t transaction_records_max = 50000;
  // The broker ends a transaction that is open for so long, and fences its
  // producer as if another one had come.
  int transaction_timeout_ms = 15000;
  // After a stop is asked for, calls that fail are repeated for so long.
  int drain_ms = 5000;
  // New producers in a row without a commit between them, before giving up.
  int restarts_max = 20;
  // Joins of the group anew in `rejoin_interval_ms`: more often somebody else
  // has our group.instance.id, though not our transactional.id.
  int rejoins_max = 3;
  int rejoin_interval_ms = 300000;
  std::function<int64_t()> steady_nanoseconds;
  std::function<void(int milliseconds)> sleep;
};

enum class LaneEnd : uint8_t {
  kStopped,          // as asked for, with everything committed
  kCutShort,         // as asked for, but the last transaction is left to abort
  kQuarantineRatio,  // too much was quarantined; nothing of it is committed
  kNoStart,          // nothing is committed, and no `start` is given
  kFenced,           // another process has our transactional.id or instance id
  kRefused,          // the broker refuses what we need
  kGaveUp,           // restart after restart without a commit, or no way to
                     // tell whether our name is taken
};

struct LaneResult {
  LaneEnd end = LaneEnd::kStopped;
  KafkaError error;  // why, for kFenced, kRefused and kGaveUp
};

// One lane. Everything it decides is in here; what it does to Kafka is behind
// LaneClient. Invariants, whatever fails: a record's outputs and its offset are
// committed in one transaction or not at all; of each partition the records go
// through in order, none left out, starting at what the group has committed.
//
// Run() belongs to one thread. Rebalances, sending offsets and commits happen
// on it, so that no offset of an earlier generation is sent in a later one.
class Lane : private RebalanceListener {
 public:
  // All pointers are borrowed and outlive the lane. `stop` may be set by any
  // thread.
  Lane(LaneClient* client, BatchWork* work, LaneObserver* observer,
       LaneOptions options, const std::atomic<bool>* stop);

  // Works until it is stopped or can't go on. Call once.
  LaneResult Run();

 private:
  struct PartitionState {
    bool assigned = false;
    bool moved = false;         // since the last commit
    int64_t start = kNoOffset;  // where we began
    int64_t next = kNoOffset;   // one past the last record processed, or more
    int64_t first = kNoOffset;  // first record since the last commit
    // A record that we saw and have to see again: one behind it that comes
    // before it was fetched before we went back.
    int64_t known = kNoOffset;
    int64_t behind = kNoOffset;  // the first of those that came before it
    bool stale_seen = false;     // since the last seek
    int stale = 0;               // seeks after which only such ones came
  };

  void OnAssigned(std::span<const int32_t> partitions) override;
  void OnRevoked(std::span<const int32_t> partitions, bool lost) override;

  void Step();
  int PollTimeout() const;
  // The records that come next in their partitions.
  std::span<const InputRecord> Accept(std::span<const InputRecord> records);
  bool AcceptOne(const InputRecord& record);
  KafkaError Work(std::span<const InputRecord> records);
  // Past what a partition holds behind its last record.
  void PassEnds(std::span<const PartitionOffset> ends);
  int64_t NanosecondsSince(int64_t time) const;
  KafkaError ProduceAll(std::span<const OutputRecord> outputs);
  bool CommitIsDue() const;

  // Ends the transaction; on an error it is still open.
  KafkaError Commit();
  void OnCommitted(const TransactionReport& report);
  void OnAborted(const KafkaError& why);
  void CommitAndBegin();
  // Partitions that are ours no longer.
  void Forget(std::span<const int32_t> partitions, bool lost);
  void CommitBeforeRevoke(bool lost);
  // Tells how a commit ended whose call failed: by what the group has committed
  // since, as long as the partitions are ours; else it counts as aborted.
  void Settle(std::span<const PartitionOffset> committed);
  KafkaError Abort(const KafkaError& why);
  // What `error` asks for: abort and rewind, a new producer, or the end.
  void Handle(const KafkaError& error);
  void AbortAndRewind(const KafkaError& why);
  void Recover(KafkaError why);
  // Fenced, maybe by the broker's own hand: by nobody, then.
  bool MayHaveTimedOut(const KafkaError& error) const;
  // The group has another member of our name. Joins it anew if that is one of
  // ours; else ends.
  void Rejoin(const KafkaError& replaced);
  bool MayRejoin();
  KafkaError ConfirmName(const KafkaError& replaced);
  // Of a partition that is ours, or was last.
  KafkaError CommittedOffset(PartitionOffset* place);
  // Ok also if the end is indefinite.
  KafkaError AbortMaybeTwice(const KafkaError& why);
  // What the broker refuses, with the topic if one is gone.
  KafkaError Refusal(const KafkaError& error);
  // The first of the output topics that is gone; ok if none is, or if nobody
  // can tell before a stop.
  KafkaError GoneTopic();
  KafkaError OpenProducer();
  KafkaError Begin();
  // Goes back to what the group has committed.
  KafkaError Rewind();
  // Fetches anew from where we are.
  KafkaError Reposition();
  // Of records that are not used now: they have to be seen again.
  void Remember(std::span<const InputRecord> records);
  // For a batch that a rebalance cut.
  void Discard(std::span<const InputRecord> records);
  KafkaError StartOffsets(std::span<const int32_t> partitions,
                          std::vector<PartitionOffset>* offsets);
  KafkaError FirstOffset(int32_t partition, int64_t* offset);
  void EndUnassigned(const KafkaError& error);
  void Finish();
  void End(LaneEnd end, const KafkaError& error);
  // Calls `call` until it returns anything but kRetriable, or time is up.
  template <typename Call>
  KafkaError Repeat(Call call);
  // False once time is up.
  bool Pause(int milliseconds);
  bool stop_requested() const;
  // A stop was asked for some seconds ago: what does not succeed now is left.
  bool OutOfTime();

  PartitionState& StateOf(int32_t partition);
  std::vector<int32_t> AssignedPartitions() const;
  bool NothingToCommit() const {
    return records_ == 0 && !start_unsaved_ && !passed_ns_;
  }
  // What was processed since the last commit will be processed again.
  void DropTransaction(const KafkaError& why);
  void StartTransaction();

  LaneClient& client_;
  BatchWork& work_;
  LaneObserver& observer_;
  const LaneOptions options_;
  const std::atomic<bool>& stop_;

  std::vector<PartitionState> partitions_;  // by partition
  int32_t own_partition_ = 0;  // one that is ours, or was last; 0: none was
  std::vector<InputRecord> accepted_;
  std::vector<PartitionOffset> offsets_;

  std::optional<LaneResult> result_;
  uint64_t rebalances_ = 0;
  // Left to do once Poll() has returned: a rebalance found the producer in
  // need of it.
  std::optional<KafkaError> recover_later_;
  bool rewind_later_ = false;
  // The group has another member of our name: the loop's next step.
  std::optional<KafkaError> replaced_;
  // A partition of which nothing is committed: where we began in it is
  // committed at once, so that the next start begins there too.
  bool start_unsaved_ = false;
  // When an end was passed that is not committed yet.
  std::optional<int64_t> passed_ns_;
  // The client does not fetch from where we are: records are not to be used.
  bool reposition_ = false;
  bool stale_seen_ = false;
  bool commits_on_revoke_ = true;
  bool in_transaction_ = false;
  bool timed_out_ = false;  // maybe; the transaction that was dropped last
  std::optional<int64_t> stop_seen_ns_;

  // Since the last commit.
  int restarts_ = 0;
  int aborts_ = 0;
  // Since rejoins_began_ns_.
  int rejoins_ = 0;
  int64_t rejoins_began_ns_ = 0;
  // Of the open transaction.
  uint64_t records_ = 0;
  uint64_t outputs_ = 0;
  uint64_t bytes_ = 0;
  std::optional<int64_t> begun_ns_;  // the broker may know of it since then

  // A commit whose call failed, though it may have taken effect.
  struct Doubt {
    TransactionReport report;
    std::vector<PartitionOffset> offsets;
    KafkaError why;
  };
  std::optional<Doubt> doubt_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_KAFKA_LANE_H_
