#include "unit/kafka/sim_client.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/check.h"

namespace nymstream {
namespace {

constexpr SimTime kInnerPause = 20 * kSimMs;
constexpr KafkaError kRetriable{ErrorClass::kRetriable, "SIM_RETRIABLE"};
constexpr KafkaError kAbortable{ErrorClass::kAbortable, "SIM_ABORTABLE"};
constexpr KafkaError kFatal{ErrorClass::kFatal, "SIM_FATAL"};
constexpr KafkaError kFenced{ErrorClass::kFenced, "SIM_FENCED"};
constexpr KafkaError kReplaced{ErrorClass::kReplaced, "SIM_REPLACED"};
constexpr KafkaError kRefused{ErrorClass::kRefused, "SIM_REFUSED"};

}  // namespace

void SimClient::Elapse(SimTime duration) {
  if (killed_ || random_.Chance(faults_.death)) throw ProcessDied();
  if (random_.Chance(faults_.pause)) {
    scheduler_.Trace(absl::StrFormat("%d: stands still", options_.process));
    broker_.SetSilent(name_.member, true);
    scheduler_.Sleep(random_.Below(faults_.pause_max));
    if (killed_) throw ProcessDied();
    broker_.SetSilent(name_.member, false);
  }
  scheduler_.Sleep(duration);
  if (killed_ || random_.Chance(faults_.death)) throw ProcessDied();
}

void SimClient::Travel() {
  SimTime duration = random_.Below(faults_.latency_max);
  if (random_.Chance(faults_.slow)) duration = random_.Below(faults_.slow_max);
  Elapse(duration);
  SendSome();
}

SimClient::Fault SimClient::Draw() {
  if (!random_.Chance(faults_.error)) return {};
  Fault fault;
  fault.after = random_.Chance(0.5);
  if (faults_.retriable_only) {
    fault.error = kRetriable;
  } else if (random_.Chance(faults_.final_error)) {
    fault.error = random_.Chance(0.5) ? kFenced : kRefused;
  } else {
    constexpr KafkaError kErrors[] = {kRetriable, kRetriable, kRetriable,
                                      kAbortable, kFatal};
    fault.error = kErrors[random_.Below(5)];
  }
  return fault;
}

template <typename Effect>
KafkaError SimClient::Call(const char* name, bool repeatable, Effect effect) {
  Travel();
  Fault fault = Draw();
  if (!repeatable && fault.error.kind == ErrorClass::kRetriable) {
    fault.after = false;
  }
  KafkaError error = fault.error;
  if (error.ok() || fault.after) {
    const KafkaError done = effect();
    if (!done.ok()) error = done;
    Elapse(random_.Below(faults_.latency_max));
  }
  TraceCall(name, error);
  return error;
}

template <typename Effect>
KafkaError SimClient::ProducerCall(const char* name, bool repeatable,
                                   Effect effect) {
  return Stick(Call(name, repeatable, [&] {
    if (!producer_open_) Misuse(name);
    return sticky_.ok() ? effect() : sticky_;
  }));
}

KafkaError SimClient::Stick(const KafkaError& error) {
  if (!error.ok() && error.kind != ErrorClass::kRetriable &&
      sticky_.kind != ErrorClass::kFatal) {
    sticky_ = error;
  }
  return error;
}

void SimClient::TraceCall(const char* name, const KafkaError& error) {
  if (!scheduler_.tracing()) return;
  scheduler_.Trace(
      absl::StrFormat("%d: %s %s", options_.process, name,
                      std::string(error.ok() ? "ok" : error.name)));
}

void SimClient::Misuse(const char* what) {
  broker_.Violate(absl::StrFormat("misuse: %s", what));
}

// -- consumer

KafkaError SimClient::Subscribe(RebalanceListener* listener) {
  return Call("Subscribe", true, [&] {
    listener_ = listener;
    return KafkaError{};
  });
}

LaneClient::Polled SimClient::Poll(int timeout_ms) {
  if (callback_ != Callback::kNone || listener_ == nullptr) Misuse("Poll");
  Elapse(random_.Below(faults_.latency_max));
  SendSome();
  seek_blocked_ = false;
  records_.clear();
  ends_.clear();
  const Fault fault = Draw();
  broker_.NotePoll(name_.member);
  // Some records are on their way to the caller when a rebalance comes.
  if (random_.Chance(0.5)) Collect();
  if (!ServeGroup()) return {{}, {}, kReplaced};
  if (records_.empty()) Collect();
  if (records_.empty() && timeout_ms > 0) {
    Elapse(random_.Between(1, timeout_ms) * kSimMs);
    broker_.NotePoll(name_.member);
    if (random_.Chance(0.5) && !ServeGroup()) return {{}, {}, kReplaced};
    Collect();
  }
  if (!records_.empty() || !ends_.empty() || !fault.error.ok()) {
    if (scheduler_.tracing()) {
      std::string list;
      for (const InputRecord& record : records_) {
        list += absl::StrFormat(" %d@%d", record.partition, record.offset);
      }
      for (const PartitionOffset& end : ends_) {
        list += absl::StrFormat(" %d<%d", end.partition, end.offset);
      }
      scheduler_.Trace(absl::StrFormat("%d: Poll %s%s", options_.process,
                                       std::string(fault.error.name), list));
    }
  }
  return {records_, ends_, fault.error};
}

void SimClient::Collect() {
  for (auto& [partition, fetching] : fetching_) {
    if (!random_.Chance(0.2)) CollectFrom(partition, &fetching);
  }
}

void SimClient::CollectFrom(int32_t partition, Fetching* fetching) {
  const auto count = static_cast<size_t>(
      random_.Between(1, static_cast<int64_t>(options_.poll_max)));
  if (!fetching->stale.empty()) {
    const size_t taken = std::min(count, fetching->stale.size());
    const auto end = fetching->stale.begin() + static_cast<long>(taken);
    AddRecords(partition, {fetching->stale.begin(), end});
    fetching->stale.erase(fetching->stale.begin(), end);
    return;
  }
  if (fetching->stale_end != kNoOffset) {
    ends_.push_back({partition, std::exchange(fetching->stale_end, kNoOffset)});
  }
  const std::vector<int64_t> offsets =
      broker_.Fetch(partition, fetching->position, count);
  AddRecords(partition, offsets);
  if (!offsets.empty()) fetching->position = offsets.back() + 1;
  if (offsets.size() == count || random_.Chance(0.3)) return;
  const int64_t end = broker_.High(partition);
  fetching->position = end;
  if (std::exchange(fetching->told, end) != end) {
    ends_.push_back({partition, end});
  }
}

void SimClient::AddRecords(int32_t partition,
                           const std::vector<int64_t>& offsets) {
  if (offsets.empty()) return;
  std::erase_if(ends_, [&](const PartitionOffset& end) {
    return end.partition == partition;
  });
  for (const int64_t offset : offsets) {
    InputRecord& record = records_.emplace_back();
    record.partition = partition;
    record.offset = offset;
  }
}

bool SimClient::ServeGroup() {
  if (random_.Chance(faults_.lost)) broker_.Kick(name_.member);
  if (membership_ == Membership::kActive && !ServeActive()) return false;
  if (membership_ == Membership::kOut) {
    if (Join() == BrokerCode::kFencedInstance) return false;
    membership_ = Membership::kJoining;
  }
  if (membership_ == Membership::kJoining) {
    bool ready = false;
    std::vector<int32_t> partitions;
    switch (broker_.Sync(&name_, &partitions, &ready)) {
      case BrokerCode::kFencedInstance:
        return false;
      case BrokerCode::kUnknownMember:
        membership_ = Membership::kOut;
        name_.member = kNoMember;
        return true;
      default:
        if (ready) Grant(partitions);
    }
  }
  return true;
}

// Of a static member the broker may take two joins for those of two processes.
BrokerCode SimClient::Join() {
  const bool is_new = name_.member == kNoMember;
  const BrokerCode code = broker_.Join(&name_);
  if (is_new && options_.instance != kNoInstance &&
      random_.Chance(faults_.double_join)) {
    scheduler_.At(scheduler_.now() + random_.Below(faults_.join_delay_max),
                  [&broker = broker_, instance = options_.instance] {
                    MemberName phantom{.instance = instance};
                    static_cast<void>(broker.Join(&phantom));
                    broker.SetSilent(phantom.member, true);
                  });
  }
  return code;
}

bool SimClient::ServeActive() {
  switch (broker_.Heartbeat(name_)) {
    case BrokerCode::kOk:
      return true;
    case BrokerCode::kRebalanceInProgress:
      Revoke(false);
      membership_ = Membership::kJoining;
      return true;
    case BrokerCode::kFencedInstance:
      return false;
    case BrokerCode::kUnknownMember:
      Revoke(true);
      name_.member = kNoMember;
      membership_ = Membership::kOut;
      return true;
    default:
      Revoke(true);
      membership_ = Membership::kOut;
      return true;
  }
}

void SimClient::Revoke(bool lost) {
  std::vector<int32_t> partitions;
  for (const auto& [partition, fetching] : fetching_) {
    partitions.push_back(partition);
  }
  TraceCall(lost ? "LOST" : "REVOKED", {});
  callback_ = Callback::kRevoked;
  answered_ = false;
  listener_->OnRevoked(partitions, lost);
  callback_ = Callback::kNone;
  commit_unknown_ |= commit_doubted_ || commit_tried_;
  fetching_.clear();
  name_.generation = -1;
}

void SimClient::Grant(const std::vector<int32_t>& partitions) {
  TraceCall("ASSIGNED", {});
  membership_ = Membership::kActive;
  granting_ = partitions;
  callback_ = Callback::kAssigned;
  answered_ = false;
  listener_->OnAssigned(partitions);
  callback_ = Callback::kNone;
  if (!answered_) TraceCall("no Assign() in OnAssigned()", {});
}

KafkaError SimClient::Committed(std::span<const int32_t> partitions,
                                std::vector<PartitionOffset>* offsets) {
  bool member = false;
  const KafkaError error = Call("Committed", true, [&]() -> KafkaError {
    const bool stable = !options_.flaws.unstable_committed;
    const SimTime give_up = scheduler_.now() + random_.Below(kSimSecond);
    while (broker_.Committed(partitions, stable, offsets) ==
           BrokerCode::kUnstableOffsets) {
      if (scheduler_.now() >= give_up) return kRetriable;
      Elapse(kInnerPause);
    }
    const BrokerCode place = broker_.Heartbeat(name_);
    member =
        place == BrokerCode::kOk || place == BrokerCode::kRebalanceInProgress;
    return {};
  });
  // Another member may have committed these, if we are none any more.
  if (error.ok() && std::exchange(commit_doubted_, false) && !member) {
    commit_unknown_ = true;
  }
  return error;
}

KafkaError SimClient::Watermarks(int32_t partition, int64_t* low,
                                 int64_t* high) {
  return Call("Watermarks", true, [&] {
    *low = broker_.Low(partition);
    *high = broker_.High(partition);
    return KafkaError{};
  });
}

KafkaError SimClient::Assign(std::span<const PartitionOffset> offsets) {
  return Call("Assign", true, [&] {
    if (callback_ != Callback::kAssigned) Misuse("Assign");
    answered_ = true;
    fetching_.clear();
    for (const PartitionOffset& place : offsets) {
      fetching_[place.partition] = Fetching();
      fetching_[place.partition].position = place.offset;
    }
    return KafkaError{};
  });
}

KafkaError SimClient::Unassign(std::span<const int32_t> partitions) {
  return Call("Unassign", true, [&] {
    if (callback_ != Callback::kRevoked) Misuse("Unassign");
    answered_ = true;
    for (const int32_t partition : partitions) fetching_.erase(partition);
    return KafkaError{};
  });
}

KafkaError SimClient::Seek(std::span<const PartitionOffset> offsets) {
  if (random_.Chance(faults_.seek_blocked)) seek_blocked_ = true;
  return Call("Seek", true, [&]() -> KafkaError {
    if (seek_blocked_) return kRetriable;
    for (const PartitionOffset& place : offsets) {
      const auto found = fetching_.find(place.partition);
      if (found == fetching_.end()) {
        Misuse("Seek in a partition that is not assigned");
        continue;
      }
      Fetching& fetching = found->second;
      // Fetched, not yet handed out.
      if (random_.Chance(faults_.stale)) {
        FetchAhead(place.partition, &fetching);
      } else {
        fetching.stale.clear();
        fetching.stale_end = kNoOffset;
      }
      fetching.position = place.offset;
      fetching.told = kNoOffset;
    }
    return {};
  });
}

void SimClient::FetchAhead(int32_t partition, Fetching* fetching) {
  if (!fetching->stale.empty() || fetching->stale_end != kNoOffset) return;
  const auto count = static_cast<size_t>(random_.Between(0, 4));
  fetching->stale = broker_.Fetch(partition, fetching->position, count);
  if (fetching->stale.size() < count) {
    fetching->stale_end = broker_.High(partition);
  }
}

void SimClient::Close() {
  Travel();
  TraceCall("Close", {});
  if (membership_ == Membership::kActive && listener_ != nullptr) {
    Revoke(random_.Chance(0.1));
  }
  Travel();
  if (options_.instance == kNoInstance) {
    broker_.Leave(name_.member);
  } else {
    broker_.SetSilent(name_.member, true);
  }
}

KafkaError SimClient::RenewConsumer() {
  if (!std::exchange(confirmed_, false)) {
    Misuse("RenewConsumer with a producer that is not confirmed");
  }
  Close();
  membership_ = Membership::kOut;
  name_ = {.instance = options_.instance};
  listener_ = nullptr;
  return {};
}

// -- producer

KafkaError SimClient::OpenProducer() {
  // The one there is lives no longer, whatever comes of this.
  commit_doubted_ |= std::exchange(commit_tried_, false);
  producer_open_ = false;
  in_transaction_ = at_broker_ = begin_repeats_ = false;
  queue_.clear();
  return Call("OpenProducer", true, [&]() -> KafkaError {
    while (broker_.Init(options_.transactional_id, &epoch_) !=
           BrokerCode::kOk) {
      if (random_.Chance(faults_.error)) return kRetriable;
      Elapse(kInnerPause);
    }
    producer_open_ = true;
    indefinite_ = false;
    sticky_ = {};
    return {};
  });
}

KafkaError SimClient::Begin() {
  const KafkaError error = ProducerCall("Begin", true, [&]() -> KafkaError {
    if (in_transaction_ && !begin_repeats_) Misuse("Begin in a transaction");
    if (!in_transaction_ && indefinite_) {
      scheduler_.Trace("begins though an end was indefinite");
    }
    in_transaction_ = true;
    at_broker_ = false;
    return {};
  });
  begin_repeats_ = error.kind == ErrorClass::kRetriable;
  return error;
}

KafkaError SimClient::ConfirmProducer(const PartitionOffset& committed) {
  const KafkaError error =
      ProducerCall("ConfirmProducer", true, [&]() -> KafkaError {
        if (!in_transaction_) Misuse("ConfirmProducer without a transaction");
        if (committed.offset < 0) Misuse("ConfirmProducer without an offset");
        return AddOffsets({}, std::span(&committed, 1));
      });
  confirmed_ = error.ok();
  return error;
}

KafkaError SimClient::Produce(const OutputRecord& record) {
  if (random_.Chance(0.1)) Travel();
  if (!in_transaction_) Misuse("Produce outside of a transaction");
  if (!sticky_.ok()) return sticky_;
  if (queue_.size() >= options_.queue_max ||
      random_.Chance(faults_.queue_full)) {
    return kRetriable;
  }
  if (random_.Chance(faults_.delivery_failure)) {
    // Found out later, and not about this record.
    sticky_ = kAbortable;
    return {};
  }
  SimBroker::Placed placed{
      .topic = record.topic, .partition = record.partition, .output = {}};
  NYM_CHECK(record.value && record.value->size() == sizeof(placed.output));
  std::memcpy(&placed.output, record.value->data(), sizeof(placed.output));
  queue_.push_back(placed);
  Fault fault = Draw();
  if (fault.error.kind == ErrorClass::kRetriable) return {};
  return Stick(fault.error);
}

void SimClient::Wait(int timeout_ms) {
  if (timeout_ms == 0) return;
  Elapse(timeout_ms * kSimMs);
  if (in_transaction_ && sticky_.ok()) Stick(SendQueued(queue_.size()));
}

void SimClient::SendSome() {
  if (!options_.background_sends || !in_transaction_ || queue_.empty() ||
      !sticky_.ok() || random_.Chance(0.5)) {
    return;
  }
  const auto count = static_cast<size_t>(
      random_.Between(1, static_cast<int64_t>(queue_.size())));
  Stick(SendQueued(count));
}

KafkaError SimClient::SendQueued(size_t count) {
  if (count == 0) return {};
  const BrokerCode code =
      broker_.Produce(options_.transactional_id, epoch_,
                      std::span<const SimBroker::Placed>(queue_).first(count));
  if (code == BrokerCode::kConcurrentTransactions) return kRetriable;
  if (code != BrokerCode::kOk) return ProducerError(code);
  at_broker_ = true;
  queue_.erase(queue_.begin(), queue_.begin() + static_cast<long>(count));
  return {};
}

KafkaError SimClient::SendOffsets(std::span<const PartitionOffset> offsets) {
  return ProducerCall("SendOffsets", true, [&]() -> KafkaError {
    if (!in_transaction_) Misuse("SendOffsets outside of a transaction");
    if (offsets.empty()) return {};
    MemberName name = name_;
    if (options_.flaws.metadata_of_now &&
        broker_.Heartbeat(name_) == BrokerCode::kUnknownMember) {
      name = {
          .member = kNoMember, .instance = name_.instance, .generation = -1};
    }
    return AddOffsets(name, offsets);
  });
}

KafkaError SimClient::AddOffsets(const MemberName& name,
                                 std::span<const PartitionOffset> offsets) {
  while (true) {
    const BrokerCode code =
        broker_.AddOffsets(options_.transactional_id, epoch_, name, offsets);
    if (code == BrokerCode::kOk) break;
    if (code != BrokerCode::kConcurrentTransactions) return ProducerError(code);
    if (random_.Chance(faults_.error)) return kRetriable;
    Elapse(kInnerPause);
  }
  at_broker_ = true;
  return {};
}

KafkaError SimClient::EndTransaction(bool commit) {
  if (!commit && (sticky_.kind == ErrorClass::kAbortable ||
                  sticky_.kind == ErrorClass::kReplaced)) {
    sticky_ = {};
  }
  if (options_.flaws.forgets_indefinite) indefinite_ = false;
  if (!commit) commit_doubted_ |= std::exchange(commit_tried_, false);
  if (commit && in_transaction_) commit_tried_ = true;
  const KafkaError error =
      ProducerCall(commit ? "Commit" : "Abort", true, [&]() -> KafkaError {
        if (commit && in_transaction_) {
          while (!queue_.empty()) {
            const KafkaError sent = SendQueued(queue_.size());
            if (!sent.ok() && sent.kind != ErrorClass::kRetriable) return sent;
            if (!sent.ok()) Elapse(kInnerPause);
          }
        }
        queue_.clear();
        if (at_broker_) return SendEnd(commit);
        return {};
      });
  if (commit && error.ok()) commit_tried_ = false;
  if (error.ok()) in_transaction_ = false;
  return error;
}

KafkaError SimClient::SendEnd(bool commit) {
  if (random_.Chance(faults_.indefinite)) {
    DuplicateEnd(commit);
    if (random_.Chance(0.2)) return kAbortable;
  }
  while (true) {
    const BrokerCode code =
        broker_.EndTransaction(options_.transactional_id, epoch_, commit);
    if (code == BrokerCode::kOk) return {};
    if (code != BrokerCode::kConcurrentTransactions) return ProducerError(code);
    Elapse(kInnerPause);
  }
}

void SimClient::DuplicateEnd(bool commit) {
  indefinite_ = true;
  scheduler_.At(scheduler_.now() + random_.Below(faults_.duplicate_delay_max),
                [&broker = broker_, id = options_.transactional_id,
                 epoch = epoch_, commit] {
                  static_cast<void>(broker.EndTransaction(id, epoch, commit));
                });
}

KafkaError SimClient::ProducerError(BrokerCode code) {
  switch (code) {
    case BrokerCode::kProducerFenced:
      // Another process, or a transaction that took too long: libraries can't
      // always tell.
      return random_.Chance(0.5) ? kFatal : kFenced;
    case BrokerCode::kIllegalGeneration:
    case BrokerCode::kUnknownMember:
      return kAbortable;
    case BrokerCode::kFencedInstance:
      return random_.Chance(0.5) ? kAbortable : kReplaced;
    default:
      return kFatal;
  }
}

}  // namespace nymstream
