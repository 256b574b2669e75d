#include "kafka/lane.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace nymstream {
namespace {

constexpr int64_t kNanosecondsPerMillisecond = 1'000'000;
constexpr int kIdlePollMs = 100;
constexpr int kQueueFullWaitMs = 10;
constexpr int kRetryPauseMs = 100;
constexpr int kRetryPauseMsMax = 2000;
constexpr int kPauseStepMs = 50;
// A broker that has just started may not know its topics yet.
constexpr int kGoneAsks = 4;
constexpr int kGonePauseMs = 1000;
// A position that moved without a record is committed so much later: records
// may come, and take it with them.
constexpr int kEndCommitMs = 1000;
// Longer than librdkafka takes between heartbeats (3 s).
constexpr int kHeartbeatPauseMs = 4000;
// Records of before a seek come once, if at all, so that the first record is
// among those of so many seeks; one that we saw may be compacted away since.
constexpr int kStaleMax = 10;

constexpr KafkaError kQuarantineRatioExceeded{ErrorClass::kRefused,
                                              "quarantine_ratio_exceeded"};
constexpr KafkaError kEndIndefinite{ErrorClass::kFatal, "end_indefinite"};

uint64_t BytesOf(const OutputRecord& record) {
  uint64_t bytes = record.key.value_or("").size();
  bytes += record.value.value_or("").size();
  for (const HeaderView& header : record.headers) {
    bytes += header.name.size() + header.value.value_or("").size();
  }
  return bytes;
}

// Nanoseconds after which a transaction may have been ended by the broker: its
// clock began with the first request, and a part of it is lost on the way.
int64_t TimeoutIsNear(const LaneOptions& options) {
  return options.transaction_timeout_ms * kNanosecondsPerMillisecond * 2 / 3;
}

int BackOffMs(int tries) {
  return std::min(kRetryPauseMs << std::min(tries, 10), kRetryPauseMsMax);
}

}  // namespace

Lane::Lane(LaneClient* client, BatchWork* work, LaneObserver* observer,
           LaneOptions options, const std::atomic<bool>* stop)
    : client_(*client),
      work_(*work),
      observer_(*observer),
      options_(std::move(options)),
      stop_(*stop) {}

LaneResult Lane::Run() {
  KafkaError error = OpenProducer();
  if (error.ok()) error = Begin();
  if (!error.ok()) Handle(error);
  if (!result_) {
    error = Repeat([&] { return client_.Subscribe(this); });
    if (!error.ok()) EndUnassigned(error);
  }
  while (!result_) {
    if (stop_requested()) {
      Finish();
    } else if (replaced_) {
      Rejoin(*std::exchange(replaced_, std::nullopt));
    } else {
      Step();
    }
  }
  commits_on_revoke_ = false;
  client_.Close();
  Settle({});
  return *result_;
}

void Lane::Step() {
  observer_.OnBeat();
  const uint64_t rebalances = rebalances_;
  const LaneClient::Polled polled = client_.Poll(PollTimeout());
  if (polled.error.kind == ErrorClass::kReplaced) replaced_ = polled.error;
  if (result_ || replaced_) return;
  if (polled.error.kind == ErrorClass::kFenced) {
    return End(LaneEnd::kFenced, polled.error);
  }
  if (recover_later_) {
    Remember(polled.records);
    return Recover(*std::exchange(recover_later_, std::nullopt));
  }
  if (polled.error.kind == ErrorClass::kRetriable) {
    observer_.OnRetry(polled.error);
  } else if (!polled.error.ok()) {
    Remember(polled.records);
    return Handle(polled.error);
  }
  if (std::exchange(rewind_later_, false)) {
    Remember(polled.records);
    return Handle(Rewind());
  }
  // After a rebalance some records may be from before it.
  if (rebalances != rebalances_) {
    reposition_ |= !polled.records.empty() || !polled.ends.empty();
  }
  if (reposition_) return Discard(polled.records);
  const std::span<const InputRecord> records = Accept(polled.records);
  if (!records.empty()) {
    const KafkaError error = Work(records);
    if (!error.ok()) return Handle(error);
  }
  PassEnds(polled.ends);
  if (stale_seen_) Handle(Reposition());
  if (!result_ && CommitIsDue()) CommitAndBegin();
}

int Lane::PollTimeout() const {
  if (reposition_) return 0;
  if (records_ == 0) return kIdlePollMs;
  const int64_t open_ms =
      NanosecondsSince(*begun_ns_) / kNanosecondsPerMillisecond;
  return static_cast<int>(std::clamp<int64_t>(
      options_.commit_interval_ms - open_ms, 0, kIdlePollMs));
}

int64_t Lane::NanosecondsSince(int64_t time) const {
  return options_.steady_nanoseconds() - time;
}

std::span<const InputRecord> Lane::Accept(
    std::span<const InputRecord> records) {
  accepted_.clear();
  size_t i = 0;
  while (i < records.size() && AcceptOne(records[i])) ++i;
  if (i == records.size()) return records;
  accepted_.assign(records.begin(), records.begin() + static_cast<long>(i));
  for (++i; i < records.size(); ++i) {
    if (AcceptOne(records[i])) accepted_.push_back(records[i]);
  }
  return accepted_;
}

bool Lane::AcceptOne(const InputRecord& record) {
  PartitionState& state = StateOf(record.partition);
  if (!state.assigned || record.offset < state.next) return false;
  if (state.known != kNoOffset && record.offset > state.known) {
    state.behind = state.behind == kNoOffset
                       ? record.offset
                       : std::min(state.behind, record.offset);
    state.stale_seen = stale_seen_ = true;
    return false;
  }
  if (record.offset == state.known) {
    state.known = state.behind = kNoOffset;
    state.stale = 0;
  }
  if (record.offset > state.next) {
    observer_.OnGap(record.partition, record.offset - state.next);
  }
  if (state.first == kNoOffset) state.first = record.offset;
  state.next = record.offset + 1;
  state.moved = true;
  return true;
}

void Lane::Remember(std::span<const InputRecord> records) {
  for (const InputRecord& record : records) {
    PartitionState& state = StateOf(record.partition);
    if (!state.assigned || record.offset < state.next) continue;
    if (state.known == kNoOffset || record.offset < state.known) {
      state.known = record.offset;
    }
  }
}

void Lane::Discard(std::span<const InputRecord> records) {
  Remember(records);
  Handle(Reposition());
}

KafkaError Lane::Work(std::span<const InputRecord> records) {
  if (records_ == 0) begun_ns_ = options_.steady_nanoseconds();
  records_ += records.size();
  const KafkaError error = ProduceAll(work_.Process(records));
  if (!error.ok()) return error;
  for (size_t i = 0; i < partitions_.size(); ++i) {
    if (partitions_[i].moved) {
      observer_.OnPosition(static_cast<int>(i), partitions_[i].next);
    }
  }
  return {};
}

void Lane::PassEnds(std::span<const PartitionOffset> ends) {
  for (const PartitionOffset& end : ends) {
    PartitionState& state = StateOf(end.partition);
    // While a record has to be seen again, this may be the end of what was
    // fetched before we went back to it.
    if (!state.assigned || state.known != kNoOffset ||
        end.offset <= state.next) {
      continue;
    }
    observer_.OnGap(end.partition, end.offset - state.next);
    observer_.OnPosition(end.partition, end.offset);
    state.next = end.offset;
    state.moved = true;
    if (!passed_ns_) passed_ns_ = options_.steady_nanoseconds();
  }
}

KafkaError Lane::ProduceAll(std::span<const OutputRecord> outputs) {
  for (const OutputRecord& output : outputs) {
    KafkaError error = client_.Produce(output);
    while (error.kind == ErrorClass::kRetriable && !OutOfTime()) {
      observer_.OnBeat();
      client_.Wait(kQueueFullWaitMs);
      error = client_.Produce(output);
    }
    if (!error.ok()) return error;
    bytes_ += BytesOf(output);
  }
  outputs_ += outputs.size();
  client_.Wait(0);
  return {};
}

bool Lane::CommitIsDue() const {
  if (start_unsaved_) return true;
  if (records_ == 0) {
    return passed_ns_ && NanosecondsSince(*passed_ns_) >=
                             kEndCommitMs * kNanosecondsPerMillisecond;
  }
  return bytes_ >= options_.transaction_bytes_max ||
         records_ >= options_.transaction_records_max || PollTimeout() == 0;
}

KafkaError Lane::Commit() {
  if (NothingToCommit()) return {};
  if (work_.MustStop()) return kQuarantineRatioExceeded;
  offsets_.clear();
  for (size_t i = 0; i < partitions_.size(); ++i) {
    const PartitionState& state = partitions_[i];
    if (state.assigned && state.moved) {
      offsets_.push_back({static_cast<int32_t>(i), state.next});
    }
  }
  const int64_t end_begun = options_.steady_nanoseconds();
  if (!begun_ns_) begun_ns_ = end_begun;
  KafkaError error = Repeat([&] { return client_.SendOffsets(offsets_); });
  if (!error.ok()) return error;
  error = Repeat([&] { return client_.Commit(); });
  const TransactionReport report{.records = records_,
                                 .outputs = outputs_,
                                 .duration_ns = NanosecondsSince(*begun_ns_),
                                 .end_ns = NanosecondsSince(end_begun)};
  if (!error.ok()) {
    doubt_ = Doubt{report, offsets_, error};
    return error;
  }
  in_transaction_ = false;
  OnCommitted(report);
  StartTransaction();
  return {};
}

void Lane::OnCommitted(const TransactionReport& report) {
  restarts_ = aborts_ = 0;
  work_.OnCommitted();
  observer_.OnCommitted(report);
}

void Lane::OnAborted(const KafkaError& why) {
  work_.OnAborted();
  observer_.OnAborted(why);
}

void Lane::Settle(std::span<const PartitionOffset> committed) {
  if (!doubt_) return;
  const Doubt doubt = *std::exchange(doubt_, std::nullopt);
  // A transaction takes effect in all partitions or in none.
  if (std::find_first_of(committed.begin(), committed.end(),
                         doubt.offsets.begin(),
                         doubt.offsets.end()) != committed.end()) {
    OnCommitted(doubt.report);
  } else {
    OnAborted(doubt.why);
  }
}

void Lane::CommitAndBegin() {
  KafkaError error = Commit();
  if (error.ok() && client_.EndWasIndefinite()) error = kEndIndefinite;
  if (error.ok()) error = Begin();
  if (!error.ok()) Handle(error);
}

KafkaError Lane::Abort(const KafkaError& why) {
  DropTransaction(why);
  if (!std::exchange(in_transaction_, false)) return {};
  const KafkaError error = Repeat([&] { return client_.Abort(); });
  if (error.ok() && client_.EndWasIndefinite()) return kEndIndefinite;
  return error;
}

void Lane::DropTransaction(const KafkaError& why) {
  if (begun_ns_) {
    timed_out_ = NanosecondsSince(*begun_ns_) >= TimeoutIsNear(options_);
  }
  if (records_ > 0 && !doubt_) OnAborted(why);
  begun_ns_.reset();
  records_ = outputs_ = bytes_ = 0;
}

void Lane::StartTransaction() {
  begun_ns_.reset();
  records_ = outputs_ = bytes_ = 0;
  start_unsaved_ = false;
  passed_ns_.reset();
  for (PartitionState& state : partitions_) {
    state.moved = false;
    state.first = kNoOffset;
  }
}

void Lane::Handle(const KafkaError& error) {
  switch (error.kind) {
    case ErrorClass::kNone:
      return;
    case ErrorClass::kRetriable:  // given up only because time is up
      return End(LaneEnd::kCutShort, error);
    case ErrorClass::kAbortable:
      return AbortAndRewind(error);
    case ErrorClass::kFatal:
      return Recover(error);
    case ErrorClass::kFenced:
      if (!MayHaveTimedOut(error)) return End(LaneEnd::kFenced, error);
      // If another process has our place, the group says so by then.
      DropTransaction(error);
      if (!Pause(kHeartbeatPauseMs)) return End(LaneEnd::kCutShort, error);
      recover_later_ = error;
      return;
    case ErrorClass::kReplaced:
      replaced_ = error;
      return;
    case ErrorClass::kRefused:
      // Readers wait for an open transaction, so it is not left open.
      static_cast<void>(Abort(error));
      if (error.name == kQuarantineRatioExceeded.name) {
        return End(LaneEnd::kQuarantineRatio, error);
      }
      return End(LaneEnd::kRefused, Refusal(error));
  }
}

KafkaError Lane::Refusal(const KafkaError& error) {
  if (error.topic) return error;
  const KafkaError gone = GoneTopic();
  return gone.ok() ? error : gone;
}

KafkaError Lane::GoneTopic() {
  KafkaError gone;
  for (int asks = 0; asks < kGoneAsks; ++asks) {
    for (int left = asks > 0 ? kGonePauseMs : 0; left > 0 && !stop_requested();
         left -= kPauseStepMs) {
      static_cast<void>(Pause(kPauseStepMs));
    }
    if (stop_requested()) return {};
    observer_.OnBeat();
    gone = client_.CheckTopics();
    if (gone.ok()) break;
  }
  return gone;
}

void Lane::AbortAndRewind(const KafkaError& why) {
  KafkaError error = Abort(why);
  // Two errors in a row that ask for an abort: this producer is of no use.
  if (error.kind == ErrorClass::kAbortable) error.kind = ErrorClass::kFatal;
  // One abort is a rebalance or an accident; further ones do not hurry, and
  // may not be told that a topic is gone.
  if (error.ok() && aborts_++ > 0) {
    error = GoneTopic();
    if (error.ok() && !Pause(BackOffMs(aborts_))) {
      return End(LaneEnd::kCutShort, why);
    }
  }
  if (error.ok()) error = Rewind();
  if (error.ok()) error = Begin();
  if (error.kind == ErrorClass::kAbortable) error.kind = ErrorClass::kFatal;
  if (!error.ok()) Handle(error);
}

bool Lane::MayHaveTimedOut(const KafkaError& error) const {
  if (error.kind != ErrorClass::kFenced) return false;
  if (!begun_ns_) return timed_out_;
  return NanosecondsSince(*begun_ns_) >= TimeoutIsNear(options_);
}

void Lane::Recover(KafkaError why) {
  DropTransaction(why);
  timed_out_ = false;
  while (true) {
    if (restarts_ >= options_.restarts_max) {
      return End(LaneEnd::kGaveUp, why);
    }
    if (const KafkaError gone = GoneTopic(); !gone.ok()) {
      return End(LaneEnd::kRefused, gone);
    }
    observer_.OnProducerRestart(why);
    if (!Pause(BackOffMs(restarts_))) {
      return End(LaneEnd::kCutShort, why);
    }
    ++restarts_;
    KafkaError error = OpenProducer();
    if (error.ok()) error = Rewind();
    if (error.ok()) error = Begin();
    if (error.ok()) return;
    if (error.kind != ErrorClass::kFatal &&
        error.kind != ErrorClass::kAbortable) {
      return Handle(error);
    }
    why = error;
  }
}

void Lane::Rejoin(const KafkaError& replaced) {
  if (!MayRejoin()) return End(LaneEnd::kFenced, replaced);
  KafkaError error = ConfirmName(replaced);
  if (error.kind == ErrorClass::kRetriable) {
    return End(LaneEnd::kCutShort, error);
  }
  // These say nothing about our name.
  if (error.kind == ErrorClass::kRefused || error.name == kEndIndefinite.name) {
    return EndUnassigned(error);
  }
  if (!error.ok()) return End(LaneEnd::kFenced, replaced);
  observer_.OnRejoin();
  rewind_later_ = false;
  commits_on_revoke_ = false;
  error = client_.RenewConsumer();
  commits_on_revoke_ = true;
  if (!error.ok()) return EndUnassigned(error);
  // A consumer that was replaced may be closed without a revoke (seen with
  // Kafka 3.9.1); what it had is lost in any case.
  if (const std::vector<int32_t> kept = AssignedPartitions(); !kept.empty()) {
    Forget(kept, true);
  }
  error = Repeat([&] { return client_.Subscribe(this); });
  if (!error.ok()) return EndUnassigned(error);
  if (result_ || in_transaction_) return;
  error = OpenProducer();
  if (error.ok()) error = Begin();
  if (!error.ok()) Handle(error);
}

bool Lane::MayRejoin() {
  const int64_t now = options_.steady_nanoseconds();
  if (rejoins_ == 0 ||
      now - rejoins_began_ns_ >=
          options_.rejoin_interval_ms * kNanosecondsPerMillisecond) {
    rejoins_began_ns_ = now;
    rejoins_ = 0;
  }
  return rejoins_++ < options_.rejoins_max;
}

// Every process opens its producer before it joins the group: whoever has taken
// our instance id has taken our transactional.id before. So if that is still
// ours, the other member is one that librdkafka made by joining twice.
KafkaError Lane::ConfirmName(const KafkaError& replaced) {
  if (recover_later_) return *recover_later_;  // nothing to confirm it with
  // A copy of a commit could commit the transaction that confirms it; a copy of
  // an abort can only abort it, which is its end anyway.
  const bool committed_twice = client_.EndWasIndefinite();
  KafkaError error = AbortMaybeTwice(replaced);
  if (error.ok() && committed_twice) error = kEndIndefinite;
  PartitionOffset committed;
  if (error.ok()) error = CommittedOffset(&committed);
  if (error.ok()) error = Begin();
  if (!error.ok()) return error;
  error = Repeat([&] { return client_.ConfirmProducer(committed); });
  const KafkaError aborted = AbortMaybeTwice(replaced);
  return error.ok() ? aborted : error;
}

KafkaError Lane::CommittedOffset(PartitionOffset* place) {
  const int32_t partitions[] = {own_partition_};
  std::vector<PartitionOffset> committed;
  const KafkaError error =
      Repeat([&] { return client_.Committed(partitions, &committed); });
  if (!error.ok()) return error;
  *place = committed.front();
  if (place->offset != kNoOffset) return {};
  return FirstOffset(place->partition, &place->offset);
}

KafkaError Lane::AbortMaybeTwice(const KafkaError& why) {
  const KafkaError error = Abort(why);
  return error.name == kEndIndefinite.name ? KafkaError{} : error;
}

KafkaError Lane::OpenProducer() {
  in_transaction_ = false;
  KafkaError error = Repeat([&] { return client_.OpenProducer(); });
  // There is no transaction to abort.
  if (error.kind == ErrorClass::kAbortable) error.kind = ErrorClass::kFatal;
  if (error.ok()) observer_.OnProducerOpened();
  return error;
}

KafkaError Lane::Begin() {
  const KafkaError error = Repeat([&] { return client_.Begin(); });
  in_transaction_ = error.ok();
  if (error.ok()) timed_out_ = false;
  return error;
}

KafkaError Lane::Rewind() {
  const std::vector<int32_t> partitions = AssignedPartitions();
  std::vector<PartitionOffset> committed;
  std::vector<int64_t> firsts;
  if (!partitions.empty()) {
    const KafkaError error =
        Repeat([&] { return client_.Committed(partitions, &committed); });
    if (!error.ok()) return error;
  }
  Settle(committed);
  firsts.reserve(partitions.size());
  for (const int32_t partition : partitions) {
    firsts.push_back(StateOf(partition).first);
  }
  StartTransaction();
  for (size_t i = 0; i < committed.size(); ++i) {
    PartitionState& state = StateOf(committed[i].partition);
    state.next = committed[i].offset;
    if (state.next == kNoOffset) {
      state.next = state.start;
      state.moved = start_unsaved_ = true;
    }
    if (firsts[i] >= state.next) state.known = firsts[i];
    if (state.known < state.next) state.known = kNoOffset;
  }
  return Reposition();
}

KafkaError Lane::Reposition() {
  offsets_.clear();
  for (const int32_t partition : AssignedPartitions()) {
    PartitionState& state = StateOf(partition);
    if (std::exchange(state.stale_seen, false) && ++state.stale == kStaleMax) {
      state.known = std::exchange(state.behind, kNoOffset);
      state.stale = 0;
    }
    offsets_.push_back({partition, state.next});
  }
  reposition_ = stale_seen_ = false;
  if (offsets_.empty()) return {};
  const KafkaError error = client_.Seek(offsets_);
  if (error.kind != ErrorClass::kRetriable) return error;
  // A rebalance may be due, which only Poll() serves: tried again after it.
  observer_.OnRetry(error);
  reposition_ = true;
  static_cast<void>(Pause(kPauseStepMs));
  return {};
}

void Lane::OnAssigned(std::span<const int32_t> partitions) {
  ++rebalances_;
  if (!partitions.empty()) own_partition_ = partitions.front();
  std::vector<PartitionOffset> offsets;
  KafkaError error = StartOffsets(partitions, &offsets);
  // There has to be an answer to the group in any case.
  if (!error.ok()) offsets.clear();
  const KafkaError assigned = Repeat([&] { return client_.Assign(offsets); });
  if (error.ok()) error = assigned;
  if (!error.ok()) return EndUnassigned(error);
  observer_.OnAssigned(offsets);
}

void Lane::EndUnassigned(const KafkaError& error) {
  switch (error.kind) {
    case ErrorClass::kRetriable:
      return End(LaneEnd::kCutShort, error);
    case ErrorClass::kRefused:
      return End(LaneEnd::kRefused, error);
    case ErrorClass::kFenced:
    case ErrorClass::kReplaced:
      return End(LaneEnd::kFenced, error);
    default:
      return End(LaneEnd::kGaveUp, error);
  }
}

KafkaError Lane::StartOffsets(std::span<const int32_t> partitions,
                              std::vector<PartitionOffset>* offsets) {
  const KafkaError error =
      Repeat([&] { return client_.Committed(partitions, offsets); });
  if (!error.ok()) return error;
  for (PartitionOffset& place : *offsets) {
    const bool committed = place.offset != kNoOffset;
    if (!committed) {
      const KafkaError found = FirstOffset(place.partition, &place.offset);
      if (!found.ok()) return found;
      start_unsaved_ = true;
    }
    StateOf(place.partition) = {.assigned = true,
                                .moved = !committed,
                                .start = place.offset,
                                .next = place.offset};
  }
  return {};
}

KafkaError Lane::FirstOffset(int32_t partition, int64_t* offset) {
  if (!options_.start) {
    const KafkaError none{ErrorClass::kRefused, "no_committed_offset"};
    End(LaneEnd::kNoStart, none);
    return none;
  }
  int64_t low = 0;
  int64_t high = 0;
  const KafkaError error =
      Repeat([&] { return client_.Watermarks(partition, &low, &high); });
  *offset = *options_.start == KafkaStart::kEarliest ? low : high;
  return error;
}

void Lane::Forget(std::span<const int32_t> partitions, bool lost) {
  for (const int32_t partition : partitions) StateOf(partition) = {};
  observer_.OnRevoked(partitions, lost);
  Settle({});
  if (std::none_of(partitions_.begin(), partitions_.end(),
                   [](const PartitionState& state) { return state.moved; })) {
    start_unsaved_ = false;
    passed_ns_.reset();
  }
}

void Lane::OnRevoked(std::span<const int32_t> partitions, bool lost) {
  ++rebalances_;
  if (commits_on_revoke_) CommitBeforeRevoke(lost);
  Forget(partitions, lost);
  const KafkaError error = Repeat([&] { return client_.Unassign(partitions); });
  if (!error.ok() && !result_) Handle(error);
}

void Lane::CommitBeforeRevoke(bool lost) {
  if (NothingToCommit() || recover_later_) return;
  KafkaError error =
      lost ? KafkaError{ErrorClass::kAbortable, "partitions_lost"} : Commit();
  if (error.ok() && client_.EndWasIndefinite()) error = kEndIndefinite;
  if (error.kind == ErrorClass::kAbortable ||
      error.kind == ErrorClass::kRetriable) {
    error = Abort(error);
    StartTransaction();
    rewind_later_ = true;
  }
  if (error.ok()) error = Begin();
  if (error.ok()) return;
  if (MayHaveTimedOut(error)) error.kind = ErrorClass::kFatal;
  switch (error.kind) {
    case ErrorClass::kFenced:
    case ErrorClass::kReplaced:
    case ErrorClass::kRefused:
      return Handle(error);
    case ErrorClass::kRetriable:
      return End(LaneEnd::kCutShort, error);
    default:
      // A new producer waits until this callback has returned.
      DropTransaction(error);
      recover_later_ = error;
  }
}

void Lane::Finish() {
  const KafkaError error = Commit();
  if (error.ok()) return End(LaneEnd::kStopped, error);
  if (error.kind == ErrorClass::kRefused) return Handle(error);
  End(LaneEnd::kCutShort, error);
}

void Lane::End(LaneEnd end, const KafkaError& error) {
  if (!result_) result_ = LaneResult{end, error};
}

template <typename Call>
KafkaError Lane::Repeat(Call call) {
  int pause = kRetryPauseMs;
  while (true) {
    observer_.OnBeat();
    const KafkaError error = call();
    if (error.kind != ErrorClass::kRetriable) return error;
    observer_.OnRetry(error);
    if (!Pause(pause)) return error;
    pause = std::min(2 * pause, kRetryPauseMsMax);
  }
}

bool Lane::Pause(int milliseconds) {
  for (int left = milliseconds; left > 0; left -= kPauseStepMs) {
    if (OutOfTime()) return false;
    observer_.OnBeat();
    options_.sleep(std::min(left, kPauseStepMs));
  }
  return !OutOfTime();
}

bool Lane::stop_requested() const {
  return stop_.load(std::memory_order_relaxed);
}

bool Lane::OutOfTime() {
  if (!stop_requested()) return false;
  const int64_t now = options_.steady_nanoseconds();
  if (!stop_seen_ns_) stop_seen_ns_ = now;
  return now - *stop_seen_ns_ >= options_.drain_ms * kNanosecondsPerMillisecond;
}

Lane::PartitionState& Lane::StateOf(int32_t partition) {
  NYM_CHECK(partition >= 0);
  const auto index = static_cast<size_t>(partition);
  if (index >= partitions_.size()) partitions_.resize(index + 1);
  return partitions_[index];
}

std::vector<int32_t> Lane::AssignedPartitions() const {
  std::vector<int32_t> assigned;
  for (size_t i = 0; i < partitions_.size(); ++i) {
    if (partitions_[i].assigned) assigned.push_back(static_cast<int32_t>(i));
  }
  return assigned;
}

}  // namespace nymstream
