#include "unit/kafka/sim_broker.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_format.h"

namespace nymstream {

SimBroker::SimBroker(const SimBrokerOptions& options, SimScheduler* scheduler,
                     SimRandom* random)
    : options_(options),
      scheduler_(*scheduler),
      random_(*random),
      inputs_(static_cast<size_t>(options.partitions)) {
  for (Input& input : inputs_) {
    // Retention has been here before anybody read.
    input.slots.resize(static_cast<size_t>(random_.Below(4)));
    input.low = static_cast<int64_t>(input.slots.size());
    if (!options_.start_latest) input.first_expected = input.low;
  }
}

void SimBroker::AppendRecord(int32_t partition) {
  InputOf(partition).slots.push_back({.record = true});
}

void SimBroker::AppendGap(int32_t partition, int64_t offsets) {
  Input& input = InputOf(partition);
  input.slots.resize(input.slots.size() + static_cast<size_t>(offsets));
}

void SimBroker::CompactSomeRecord(int32_t partition) {
  Input& input = InputOf(partition);
  const int64_t size = High(partition) - input.low;
  if (size == 0) return;
  InputSlot& slot =
      input.slots[static_cast<size_t>(input.low + random_.Below(size))];
  slot.compacted = slot.record;
}

void SimBroker::AdvanceLow(int32_t partition) {
  Input& input = InputOf(partition);
  if (input.committed > input.low) {
    input.low += random_.Between(0, input.committed - input.low);
  }
}

int64_t SimBroker::Low(int32_t partition) const {
  return InputOf(partition).low;
}

int64_t SimBroker::High(int32_t partition) const {
  return static_cast<int64_t>(InputOf(partition).slots.size());
}

std::vector<int64_t> SimBroker::Fetch(int32_t partition, int64_t offset,
                                      size_t count) const {
  std::vector<int64_t> found;
  for (; offset < High(partition) && found.size() < count; ++offset) {
    const InputSlot slot = SlotAt(partition, offset);
    if (slot.record && !slot.compacted) found.push_back(offset);
  }
  return found;
}

SimBroker::InputSlot SimBroker::SlotAt(int32_t partition,
                                       int64_t offset) const {
  return InputOf(partition).slots[static_cast<size_t>(offset)];
}

BrokerCode SimBroker::Init(int id, int* epoch) {
  Tick();
  Coordinator& coordinator = coordinators_[id];
  if (coordinator.state == TransactionState::kEnding) {
    return BrokerCode::kConcurrentTransactions;
  }
  ++coordinator.epoch;
  if (coordinator.state == TransactionState::kOngoing) {
    StartEnd(id, false);
    return BrokerCode::kConcurrentTransactions;
  }
  coordinator.state = TransactionState::kEmpty;
  *epoch = coordinator.epoch;
  return BrokerCode::kOk;
}

BrokerCode SimBroker::Touch(int id, int epoch) {
  Tick();
  Coordinator& coordinator = coordinators_[id];
  if (coordinator.epoch != epoch) return BrokerCode::kProducerFenced;
  if (coordinator.state == TransactionState::kEnding) {
    return BrokerCode::kConcurrentTransactions;
  }
  if (coordinator.state != TransactionState::kOngoing) {
    coordinator.state = TransactionState::kOngoing;
    coordinator.began = scheduler_.now();
    coordinator.transaction = transactions_++;
    coordinator.outputs.clear();
    coordinator.offsets.clear();
  }
  return BrokerCode::kOk;
}

BrokerCode SimBroker::Produce(int id, int epoch,
                              std::span<const Placed> outputs) {
  const BrokerCode code = Touch(id, epoch);
  if (code != BrokerCode::kOk) return code;
  Coordinator& coordinator = coordinators_[id];
  for (const Placed& placed : outputs) {
    logs_[placed.topic][placed.partition].push_back(
        {coordinator.transaction, placed.output});
    coordinator.outputs.push_back(placed.output);
  }
  return code;
}

BrokerCode SimBroker::AddOffsets(int id, int epoch, const MemberName& name,
                                 std::span<const PartitionOffset> offsets) {
  const BrokerCode touched = Touch(id, epoch);
  if (touched != BrokerCode::kOk) return touched;
  const bool anonymous = name.member == kNoMember &&
                         name.instance == kNoInstance && name.generation < 0;
  // As in Kafka: who gives no name at all is not checked.
  if (!anonymous) {
    const BrokerCode code = CheckName(name);
    if (code != BrokerCode::kOk) return code;
  }
  for (const PartitionOffset& place : offsets) {
    coordinators_[id].offsets[place.partition] = place.offset;
  }
  return BrokerCode::kOk;
}

BrokerCode SimBroker::EndTransaction(int id, int epoch, bool commit) {
  Tick();
  Coordinator& coordinator = coordinators_[id];
  if (coordinator.epoch != epoch) return BrokerCode::kProducerFenced;
  switch (coordinator.state) {
    case TransactionState::kOngoing:
      StartEnd(id, commit);
      return BrokerCode::kOk;
    case TransactionState::kEnding:
      return coordinator.commit == commit ? BrokerCode::kConcurrentTransactions
                                          : BrokerCode::kInvalidTxnState;
    case TransactionState::kCommitted:
      return commit ? BrokerCode::kOk : BrokerCode::kInvalidTxnState;
    case TransactionState::kAborted:
      return commit ? BrokerCode::kInvalidTxnState : BrokerCode::kOk;
    case TransactionState::kEmpty:
      break;
  }
  return BrokerCode::kInvalidTxnState;
}

void SimBroker::StartEnd(int id, bool commit) {
  Coordinator& coordinator = coordinators_[id];
  coordinator.state = TransactionState::kEnding;
  coordinator.commit = commit;
  coordinator.ended_at =
      scheduler_.now() + random_.Below(options_.marker_delay_max + 1);
  if (scheduler_.tracing()) {
    scheduler_.Trace(absl::StrFormat("broker: id %d epoch %d: %s", id,
                                     coordinator.epoch,
                                     commit ? "COMMIT" : "ABORT"));
  }
  if (commit && commit_decided_) commit_decided_(id, coordinator.epoch);
}

void SimBroker::WriteMarkers(Coordinator* coordinator) {
  if (coordinator->commit) {
    JudgeCommit(*coordinator);
    committed_.insert(coordinator->transaction);
    ++committed_transactions_;
    for (const auto& [partition, offset] : coordinator->offsets) {
      InputOf(partition).committed = offset;
    }
  }
  coordinator->state = coordinator->commit ? TransactionState::kCommitted
                                           : TransactionState::kAborted;
}

void SimBroker::JudgeCommit(const Coordinator& coordinator) {
  std::map<int32_t, std::map<int64_t, std::vector<int>>> outputs;
  for (const SimOutput& output : coordinator.outputs) {
    outputs[output.source_partition][output.source_offset].push_back(
        output.index);
  }
  for (const auto& [partition, by_offset] : outputs) {
    if (!coordinator.offsets.contains(partition)) {
      Violate(absl::StrFormat("outputs of %d@%d are committed without offset",
                              partition, by_offset.begin()->first));
    }
  }
  for (const auto& [partition, next] : coordinator.offsets) {
    JudgePartition(partition, next, outputs[partition]);
  }
}

void SimBroker::JudgePartition(
    int32_t partition, int64_t next,
    const std::map<int64_t, std::vector<int>>& outputs) {
  Input& input = InputOf(partition);
  if (input.first_expected == kNoOffset) {  // begins with what came last
    input.first_expected =
        outputs.empty() ? next : std::min(next, outputs.begin()->first);
  }
  const int64_t begin =
      input.committed == kNoOffset ? input.first_expected : input.committed;
  if (next < begin || next > High(partition)) {
    return Violate(absl::StrFormat("%d: committed offset goes from %d to %d",
                                   partition, begin, next));
  }
  for (const auto& [offset, indices] : outputs) {
    if (offset < begin || offset >= next) {
      return Violate(absl::StrFormat("%d@%d is committed with offsets %d to %d",
                                     partition, offset, begin, next));
    }
  }
  for (int64_t offset = begin; offset < next; ++offset) {
    const InputSlot slot = SlotAt(partition, offset);
    const auto found = outputs.find(offset);
    const size_t got = found == outputs.end() ? 0 : found->second.size();
    const auto due = static_cast<size_t>(OutputsOf(partition, offset));
    if (!slot.record || (slot.compacted && got == 0)) continue;
    if (got != due) {
      return Violate(absl::StrFormat(
          "%d@%d is committed with %d outputs, not %d, by offset %d", partition,
          offset, got, due, next));
    }
    for (size_t i = 0; i < got; ++i) {
      if (found->second[i] != static_cast<int>(i)) {
        return Violate(absl::StrFormat("%d@%d: outputs are not those it has",
                                       partition, offset));
      }
    }
  }
}

BrokerCode SimBroker::Committed(std::span<const int32_t> partitions,
                                bool stable,
                                std::vector<PartitionOffset>* offsets) {
  Tick();
  offsets->clear();
  for (const int32_t partition : partitions) {
    for (const auto& [id, coordinator] : coordinators_) {
      if (stable &&
          (coordinator.state == TransactionState::kOngoing ||
           coordinator.state == TransactionState::kEnding) &&
          coordinator.offsets.contains(partition)) {
        return BrokerCode::kUnstableOffsets;
      }
    }
    offsets->push_back({partition, InputOf(partition).committed});
  }
  return BrokerCode::kOk;
}

BrokerCode SimBroker::Join(MemberName* name) {
  Tick();
  if (fenced_.contains(name->member)) return BrokerCode::kFencedInstance;
  Member* member = FindMember(name->member);
  if (member == nullptr) {
    name->member = ++members_made_;
    for (Member& other : members_) {
      if (name->instance != kNoInstance && other.instance == name->instance) {
        member = &other;
      }
    }
    if (member != nullptr) {  // takes the place of the one with its name
      fenced_.insert(member->number);
      member->number = name->member;
    } else {
      members_.push_back({.number = name->member, .instance = name->instance});
      member = &members_.back();
      StartRebalance();
    }
  }
  member->joined = true;
  member->silent_since = kNever;
  member->polled_at = scheduler_.now();
  return BrokerCode::kOk;
}

BrokerCode SimBroker::CheckName(const MemberName& name) {
  if (fenced_.contains(name.member)) return BrokerCode::kFencedInstance;
  if (FindMember(name.member) == nullptr) return BrokerCode::kUnknownMember;
  if (name.generation != generation_) return BrokerCode::kIllegalGeneration;
  return BrokerCode::kOk;
}

BrokerCode SimBroker::Heartbeat(const MemberName& name) {
  Tick();
  const BrokerCode code = CheckName(name);
  if (code != BrokerCode::kOk) return code;
  return rebalancing_ ? BrokerCode::kRebalanceInProgress : BrokerCode::kOk;
}

BrokerCode SimBroker::Sync(MemberName* name, std::vector<int32_t>* partitions,
                           bool* ready) {
  Tick();
  *ready = false;
  if (fenced_.contains(name->member)) return BrokerCode::kFencedInstance;
  Member* member = FindMember(name->member);
  if (member == nullptr) return BrokerCode::kUnknownMember;
  if (rebalancing_) {
    member->joined = true;
    return BrokerCode::kOk;
  }
  *ready = true;
  name->generation = generation_;
  *partitions = member->partitions;
  return BrokerCode::kOk;
}

void SimBroker::Leave(int member) { Kick(member); }

void SimBroker::Kick(int number) {
  Tick();
  const auto removed = std::erase_if(
      members_, [&](const Member& member) { return member.number == number; });
  if (removed > 0) StartRebalance();
}

void SimBroker::SetSilent(int number, bool silent) {
  Tick();
  Member* member = FindMember(number);
  if (member == nullptr) return;
  member->silent_since = silent ? scheduler_.now() : kNever;
}

void SimBroker::NotePoll(int number) {
  Tick();
  Member* member = FindMember(number);
  if (member != nullptr) member->polled_at = scheduler_.now();
}

void SimBroker::ForceRebalance() {
  Tick();
  StartRebalance();
}

void SimBroker::StartRebalance() {
  if (rebalancing_) return;
  rebalancing_ = true;
  rebalance_began_ = scheduler_.now();
  for (Member& member : members_) member.joined = false;
}

void SimBroker::FinishRebalance() {
  // Static members keep their place until their session ends.
  std::erase_if(members_, [](const Member& member) {
    return !member.joined && member.instance == kNoInstance;
  });
  rebalancing_ = false;
  ++generation_;
  std::sort(members_.begin(), members_.end(),
            [](const Member& a, const Member& b) {
              return std::pair(a.instance, a.number) <
                     std::pair(b.instance, b.number);
            });
  const int count = static_cast<int>(members_.size());
  for (int i = 0; i < count; ++i) {
    std::vector<int32_t>& mine = members_[static_cast<size_t>(i)].partitions;
    mine.clear();
    for (int p = i * options_.partitions / count;
         p < (i + 1) * options_.partitions / count; ++p) {
      mine.push_back(p);
    }
  }
}

SimBroker::Member* SimBroker::FindMember(int number) {
  for (Member& member : members_) {
    if (member.number == number) return &member;
  }
  return nullptr;
}

void SimBroker::Tick() {
  const SimTime now = scheduler_.now();
  for (auto& [id, coordinator] : coordinators_) {
    if (coordinator.state == TransactionState::kOngoing &&
        now - coordinator.began >= options_.transaction_timeout) {
      ++coordinator.epoch;
      StartEnd(id, false);
    }
    if (coordinator.state == TransactionState::kEnding &&
        now >= coordinator.ended_at) {
      WriteMarkers(&coordinator);
    }
  }
  const auto gone = std::erase_if(members_, [&](const Member& member) {
    return now - member.silent_since >= options_.session_timeout ||
           now - member.polled_at >= options_.poll_interval;
  });
  if (gone > 0) StartRebalance();
  if (!rebalancing_ || members_.empty()) return;
  const auto joined = [](const Member& member) { return member.joined; };
  const bool late = now - rebalance_began_ >= options_.rebalance_timeout;
  if (std::all_of(members_.begin(), members_.end(), joined) ||
      (late && std::any_of(members_.begin(), members_.end(), joined))) {
    FinishRebalance();
  }
}

bool SimBroker::Quiet() {
  Tick();
  for (const auto& [id, coordinator] : coordinators_) {
    if (coordinator.state == TransactionState::kOngoing ||
        coordinator.state == TransactionState::kEnding) {
      return false;
    }
  }
  for (int32_t p = 0; p < options_.partitions; ++p) {
    if (InputOf(p).committed == kNoOffset || InputOf(p).committed != High(p)) {
      return false;
    }
  }
  return true;
}

bool SimBroker::AnyUncommitted(int32_t partition, int64_t begin,
                               int64_t end) const {
  for (int64_t o = std::max(begin, InputOf(partition).committed); o < end;
       ++o) {
    const InputSlot slot = SlotAt(partition, o);
    if (slot.record && !slot.compacted) return true;
  }
  return false;
}

void SimBroker::CheckAll() {
  std::map<std::pair<int32_t, int64_t>, std::vector<const Logged*>> seen;
  for (const auto& topic : logs_) {
    for (const std::vector<Logged>& log : topic) {
      std::map<int32_t, std::pair<int64_t, int32_t>> last;
      for (const Logged& entry : log) {
        if (!committed_.contains(entry.transaction)) continue;
        const SimOutput& output = entry.output;
        const std::pair place(output.source_offset, output.index);
        const auto [at, first] = last.emplace(output.source_partition, place);
        if (!first && at->second >= place) {
          Violate(absl::StrFormat("%d@%d is out of order in the output",
                                  output.source_partition,
                                  output.source_offset));
        }
        at->second = place;
        seen[{output.source_partition, output.source_offset}].push_back(&entry);
      }
    }
  }
  for (const auto& [source, entries] : seen) {
    const auto due =
        static_cast<size_t>(OutputsOf(source.first, source.second));
    if (entries.size() != due) {
      Violate(absl::StrFormat("%d@%d has %d outputs, not %d", source.first,
                              source.second, entries.size(), due));
    }
    for (const Logged* entry : entries) {
      if (entry->transaction != entries.front()->transaction) {
        Violate(absl::StrFormat("outputs of %d@%d are of two transactions",
                                source.first, source.second));
      }
    }
  }
  for (int32_t p = 0; p < options_.partitions; ++p) {
    const Input& input = InputOf(p);
    for (int64_t o = 0; o < High(p); ++o) {
      const InputSlot slot = SlotAt(p, o);
      const bool ours = slot.record && o >= input.first_expected;
      if (!seen.contains({p, o})) {
        if (ours && !slot.compacted && OutputsOf(p, o) > 0) {
          Violate(absl::StrFormat("%d@%d is lost", p, o));
        }
      } else if (!ours) {
        Violate(absl::StrFormat("%d@%d is not of the input", p, o));
      }
    }
  }
}

void SimBroker::Violate(const std::string& what) {
  scheduler_.Trace("VIOLATION: " + what);
  if (violation_.empty()) violation_ = what;
}

}  // namespace nymstream
