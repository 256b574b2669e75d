// What a lane needs of Kafka: the edge between the exactly-once loop and a
// client library. LibrdkafkaClient is the real one; tests have a simulated one.
#ifndef NYMSTREAM_KAFKA_LANE_CLIENT_H_
#define NYMSTREAM_KAFKA_LANE_CLIENT_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "kafka/kafka_error.h"

namespace nymstream {

struct HeaderView {
  std::string_view name;
  std::optional<std::string_view> value;
};

inline constexpr int64_t kNoTimestamp = -1;

// A record of the input topic. Raw and personal.
struct InputRecord {
  int32_t partition = 0;
  int64_t offset = 0;
  int64_t timestamp_ms = kNoTimestamp;
  std::optional<std::string_view> key;
  std::optional<std::string_view> value;  // none: a tombstone
  std::span<const HeaderView> headers;    // of the names asked for only
};

// A record for an output topic. De-identified, a receipt, or sealed.
struct OutputRecord {
  int topic = 0;  // index into the topics that the client was made with
  int32_t partition = 0;
  int64_t timestamp_ms = 0;
  std::optional<std::string_view> key;
  std::optional<std::string_view> value;
  std::span<const HeaderView> headers;
};

// Of the input topic.
struct PartitionOffset {
  int32_t partition = 0;
  int64_t offset = 0;
  bool operator==(const PartitionOffset&) const = default;
};
inline constexpr int64_t kNoOffset = -1;

// Called from within Poll(), Close() and RenewConsumer(), on their thread.
class RebalanceListener {
 public:
  virtual ~RebalanceListener() = default;
  // These partitions are ours from now on. Must call Assign().
  virtual void OnAssigned(std::span<const int32_t> partitions) = 0;
  // These are no longer; `lost` if somebody else may have them already. Must
  // call Unassign().
  virtual void OnRevoked(std::span<const int32_t> partitions, bool lost) = 0;
};

// One consumer and one transactional producer. One thread at a time; no call
// but Poll(), Close() and RenewConsumer() calls back. Calls that say so may
// block as long as the broker does not answer.
class LaneClient {
 public:
  virtual ~LaneClient() = default;

  // -- consumer

  // Joins the group. `listener` outlives the client's Close().
  virtual KafkaError Subscribe(RebalanceListener* listener) = 0;

  struct Polled {
    std::span<const InputRecord> records;  // valid until the next Poll()
    // Ends that were reached behind these records: every record below was
    // handed out, by this call or before it. A transaction's markers and
    // aborted records lie there too, of which nothing else tells.
    std::span<const PartitionOffset> ends;
    KafkaError error;
  };
  // Waits up to `timeout_ms` for records and serves rebalances. Records of one
  // partition come in order of their offsets. Some may be of partitions that
  // were ours before a rebalance inside this very call.
  virtual Polled Poll(int timeout_ms) = 0;

  // What the group has committed, parallel to `partitions`; kNoOffset where it
  // has committed nothing. Waits for transactions that are about to end.
  virtual KafkaError Committed(std::span<const int32_t> partitions,
                               std::vector<PartitionOffset>* offsets) = 0;
  // First and one past the last offset that the broker holds now.
  virtual KafkaError Watermarks(int32_t partition, int64_t* low,
                                int64_t* high) = 0;
  // From within OnAssigned(): begins to fetch at these offsets.
  virtual KafkaError Assign(std::span<const PartitionOffset> offsets) = 0;
  // From within OnRevoked().
  virtual KafkaError Unassign(std::span<const int32_t> partitions) = 0;
  // Fetches anew from these offsets. Records fetched before may still come out
  // of Poll().
  virtual KafkaError Seek(std::span<const PartitionOffset> offsets) = 0;
  // Leaves the group (a static member keeps its place until its session ends).
  virtual void Close() = 0;
  // Closes the consumer and makes another in its place, for Subscribe().
  virtual KafkaError RenewConsumer() = 0;

  // -- producer

  // Makes a producer in place of the one there is, if any, and ends what its
  // predecessor under the same transactional.id left open. Blocks.
  virtual KafkaError OpenProducer() = 0;
  virtual KafkaError Begin() = 0;
  // In a transaction that is to be aborted: ok if no other producer was opened
  // under our transactional.id since ours. Adds `committed`, as no member: what
  // the group has committed, so that it changes nothing whatever becomes of it.
  virtual KafkaError ConfirmProducer(const PartitionOffset& committed) = 0;
  // Copies the record. kRetriable: the queue is full; serve with Wait().
  virtual KafkaError Produce(const OutputRecord& record) = 0;
  // Lets the producer work for up to `timeout_ms`.
  virtual void Wait(int timeout_ms) = 0;
  // Adds offsets to the transaction, with the metadata of the group as it was
  // at Assign(): a member that has lost its session meanwhile is refused, while
  // what it has become would not be looked at.
  virtual KafkaError SendOffsets(std::span<const PartitionOffset> offsets) = 0;
  // Block until every record is acknowledged and the coordinator has answered.
  virtual KafkaError Commit() = 0;
  virtual KafkaError Abort() = 0;
  // True if the end of a transaction of this producer may have been sent more
  // than once (a connection broke, or the answer took longer than a request may
  // take), whatever its call came to: a copy under way could end the next
  // transaction, so there must be none (KIP-890; Jepsen on Bufstream 0.1.0).
  virtual bool EndWasIndefinite() const = 0;

  // kRefused, with its number, if the broker says that it knows a topic of
  // OutputRecord no more; ok also if it does not answer within a second.
  virtual KafkaError CheckTopics() = 0;
};

}  // namespace nymstream

#endif  // NYMSTREAM_KAFKA_LANE_CLIENT_H_
