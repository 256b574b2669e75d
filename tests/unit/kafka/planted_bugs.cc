#include "unit/kafka/planted_bugs.h"

#include <map>
#include <utility>
#include <vector>

namespace nymstream {
namespace {

class Forwarder : public LaneClient {
 public:
  explicit Forwarder(LaneClient* client) : client_(*client) {}

  KafkaError Subscribe(RebalanceListener* listener) override {
    return client_.Subscribe(listener);
  }
  Polled Poll(int timeout_ms) override { return client_.Poll(timeout_ms); }
  KafkaError Committed(std::span<const int32_t> partitions,
                       std::vector<PartitionOffset>* offsets) override {
    return client_.Committed(partitions, offsets);
  }
  KafkaError Watermarks(int32_t partition, int64_t* low,
                        int64_t* high) override {
    return client_.Watermarks(partition, low, high);
  }
  KafkaError Assign(std::span<const PartitionOffset> offsets) override {
    return client_.Assign(offsets);
  }
  KafkaError Unassign(std::span<const int32_t> partitions) override {
    return client_.Unassign(partitions);
  }
  KafkaError Seek(std::span<const PartitionOffset> offsets) override {
    return client_.Seek(offsets);
  }
  void Close() override { client_.Close(); }
  KafkaError RenewConsumer() override { return client_.RenewConsumer(); }
  KafkaError OpenProducer() override { return client_.OpenProducer(); }
  KafkaError Begin() override { return client_.Begin(); }
  KafkaError ConfirmProducer(const PartitionOffset& committed) override {
    return client_.ConfirmProducer(committed);
  }
  KafkaError Produce(const OutputRecord& record) override {
    return client_.Produce(record);
  }
  void Wait(int timeout_ms) override { client_.Wait(timeout_ms); }
  KafkaError SendOffsets(std::span<const PartitionOffset> offsets) override {
    return client_.SendOffsets(offsets);
  }
  KafkaError Commit() override { return client_.Commit(); }
  KafkaError Abort() override { return client_.Abort(); }
  bool EndWasIndefinite() const override { return client_.EndWasIndefinite(); }
  KafkaError CheckTopics() override { return client_.CheckTopics(); }

 protected:
  LaneClient& client_;
};

class CommitBeforeOffsets : public Forwarder {
 public:
  using Forwarder::Forwarder;
  KafkaError SendOffsets(std::span<const PartitionOffset> offsets) override {
    offsets_.assign(offsets.begin(), offsets.end());
    return {};
  }
  KafkaError Commit() override {
    KafkaError error = client_.Commit();
    if (error.ok()) error = client_.Begin();
    if (error.ok()) error = client_.SendOffsets(offsets_);
    if (error.ok()) error = client_.Commit();
    return error;
  }

 private:
  std::vector<PartitionOffset> offsets_;
};

class NoRewind : public Forwarder {
 public:
  using Forwarder::Forwarder;
  Polled Poll(int timeout_ms) override {
    const Polled polled = client_.Poll(timeout_ms);
    for (const InputRecord& record : polled.records) {
      next_[record.partition] = record.offset + 1;
    }
    return polled;
  }
  KafkaError Assign(std::span<const PartitionOffset> offsets) override {
    next_.clear();
    return client_.Assign(offsets);
  }
  KafkaError Committed(std::span<const int32_t> partitions,
                       std::vector<PartitionOffset>* offsets) override {
    const KafkaError error = client_.Committed(partitions, offsets);
    if (!error.ok()) return error;
    for (PartitionOffset& place : *offsets) {
      const auto known = next_.find(place.partition);
      if (known != next_.end()) place.offset = known->second;
    }
    return {};
  }

 private:
  std::map<int32_t, int64_t> next_;
};

class NoSeek : public Forwarder {
 public:
  using Forwarder::Forwarder;
  KafkaError Seek(std::span<const PartitionOffset> /*offsets*/) override {
    return {};
  }
};

class IgnoreIndefinite : public Forwarder {
 public:
  using Forwarder::Forwarder;
  bool EndWasIndefinite() const override { return false; }
};

// Knows whether the group was rebalanced.
class RebalanceWatcher : public Forwarder, private RebalanceListener {
 public:
  using Forwarder::Forwarder;
  KafkaError Subscribe(RebalanceListener* listener) override {
    listener_ = listener;
    return client_.Subscribe(this);
  }

 protected:
  bool rebalanced_ = false;

 private:
  void OnAssigned(std::span<const int32_t> partitions) override {
    rebalanced_ = true;
    listener_->OnAssigned(partitions);
  }
  void OnRevoked(std::span<const int32_t> partitions, bool lost) override {
    rebalanced_ = true;
    listener_->OnRevoked(partitions, lost);
  }

  RebalanceListener* listener_ = nullptr;
};

// Hands out the records of a Poll() with a rebalance one Poll() later, where
// the lane does not see that they are from before it.
class KeepAcrossRebalance : public RebalanceWatcher {
 public:
  using RebalanceWatcher::RebalanceWatcher;
  Polled Poll(int timeout_ms) override {
    if (!kept_.empty()) {
      given_ = std::exchange(kept_, {});
      return {given_, {}, {}};
    }
    rebalanced_ = false;
    Polled polled = client_.Poll(timeout_ms);
    if (!rebalanced_) return polled;
    kept_.assign(polled.records.begin(), polled.records.end());
    return {{}, {}, polled.error};
  }

 private:
  std::vector<InputRecord> kept_;
  std::vector<InputRecord> given_;
};

class RejoinUnconfirmed : public Forwarder {
 public:
  using Forwarder::Forwarder;
  KafkaError ConfirmProducer(const PartitionOffset& /*committed*/) override {
    return {};
  }
};

class LoseEndsAtRebalance : public RebalanceWatcher {
 public:
  using RebalanceWatcher::RebalanceWatcher;
  Polled Poll(int timeout_ms) override {
    rebalanced_ = false;
    Polled polled = client_.Poll(timeout_ms);
    if (rebalanced_) polled.ends = {};
    return polled;
  }
};

class EndOfStatistics : public Forwarder {
 public:
  using Forwarder::Forwarder;
  KafkaError Assign(std::span<const PartitionOffset> offsets) override {
    ends_.assign(offsets.begin(), offsets.end());
    return client_.Assign(offsets);
  }
  KafkaError Unassign(std::span<const int32_t> partitions) override {
    ends_.clear();
    return client_.Unassign(partitions);
  }
  Polled Poll(int timeout_ms) override {
    Polled polled = client_.Poll(timeout_ms);
    for (PartitionOffset& end : ends_) {
      int64_t low = 0;
      static_cast<void>(client_.Watermarks(end.partition, &low, &end.offset));
    }
    polled.ends = ends_;
    return polled;
  }

 private:
  std::vector<PartitionOffset> ends_;
};

}  // namespace

std::unique_ptr<LaneClient> PlantBug(PlantedBug bug, LaneClient* client) {
  switch (bug) {
    case PlantedBug::kCommitBeforeOffsets:
      return std::make_unique<CommitBeforeOffsets>(client);
    case PlantedBug::kNoRewind:
      return std::make_unique<NoRewind>(client);
    case PlantedBug::kNoSeek:
      return std::make_unique<NoSeek>(client);
    case PlantedBug::kIgnoreIndefinite:
      return std::make_unique<IgnoreIndefinite>(client);
    case PlantedBug::kKeepAcrossRebalance:
      return std::make_unique<KeepAcrossRebalance>(client);
    case PlantedBug::kLoseEndsAtRebalance:
      return std::make_unique<LoseEndsAtRebalance>(client);
    case PlantedBug::kEndOfStatistics:
      return std::make_unique<EndOfStatistics>(client);
    case PlantedBug::kRejoinUnconfirmed:
      return std::make_unique<RejoinUnconfirmed>(client);
    case PlantedBug::kNone:
    case PlantedBug::kMetadataOfNow:
    case PlantedBug::kUnstableCommitted:
    case PlantedBug::kForgetIndefinite:
      break;
  }
  return std::make_unique<Forwarder>(client);
}

}  // namespace nymstream
