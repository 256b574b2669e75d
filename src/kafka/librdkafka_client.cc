#include "kafka/librdkafka_client.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/status_macros.h"
#include "kafka/error_class.h"
#include "kafka/stable_offsets.h"

namespace nymstream {
namespace {

constexpr int kCallTimeoutMs = 5000;
constexpr int kInitTimeoutMs = 10000;
constexpr int kProbeMs = 1000;
constexpr int kFlushMs = 60000;
constexpr int kFlushBeforeAbortMs = 1000;
constexpr size_t kPollRecordsMax = 2000;
constexpr size_t kPollRecordsMin = 16;
constexpr size_t kPollBytes = 4 << 20;

using SteadyClock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kTransactionTimeout(kTransactionTimeoutMs);
// librdkafka's heartbeat.interval.ms is 3 s, unless it is set.
constexpr std::chrono::milliseconds kTwoHeartbeats(6000);
constexpr std::chrono::milliseconds kHeartbeatPoll(50);

// An end that took no longer was not sent twice: before it sends a request
// again, librdkafka waits kRetryBackoffMs.
constexpr std::chrono::milliseconds kEndDefiniteWithin(kRetryBackoffMs - 100);

KafkaError Ended(rd_kafka_error_t* raw) {
  const KafkaErrorHandle error(raw);
  return TransactionError(error.get());
}

// Ours until the record is taken. Headers that rd_kafka_produceva() makes
// itself it frees twice if the partition is not there (librdkafka issue 4628).
KafkaHeaders HeadersOf(const OutputRecord& record) {
  KafkaHeaders headers(rd_kafka_headers_new(record.headers.size()));
  for (const HeaderView& header : record.headers) {
    rd_kafka_header_add(
        headers.get(), header.name.data(),
        static_cast<ssize_t>(header.name.size()),
        header.value ? header.value->data() : nullptr,
        header.value ? static_cast<ssize_t>(header.value->size()) : 0);
  }
  return headers;
}

bool IsGone(const rd_kafka_metadata_t& metadata, const std::string& name) {
  const std::span topics(metadata.topics,
                         static_cast<size_t>(metadata.topic_cnt));
  return std::any_of(topics.begin(), topics.end(),
                     [&](const rd_kafka_metadata_topic_t& topic) {
                       return topic.topic == name &&
                              topic.err ==
                                  RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
                     });
}

}  // namespace

LibrdkafkaClient::LibrdkafkaClient(LibrdkafkaClientOptions options)
    : options_(std::move(options)), messages_(kPollRecordsMax) {
  for (ClientContext* context : {&consumer_context_, &producer_context_}) {
    context->credentials = options_.credentials;
    context->listener = options_.listener;
    context->owner = this;
  }
}

LibrdkafkaClient::~LibrdkafkaClient() {
  FreeMessages();
  topics_.clear();
  queue_.reset();
}

absl::StatusOr<std::unique_ptr<LibrdkafkaClient>> LibrdkafkaClient::Create(
    LibrdkafkaClientOptions options) {
  std::unique_ptr<LibrdkafkaClient> client(
      new LibrdkafkaClient(std::move(options)));
  NYM_RETURN_IF_ERROR(client->Init());
  return client;
}

absl::Status LibrdkafkaClient::Init() {
  NYM_ASSIGN_OR_RETURN(KafkaHandle consumer, MakeConsumer());
  UseConsumer(std::move(consumer));
  // So that a setting that is refused is told before the group is joined.
  NYM_RETURN_IF_ERROR(MakeProducer());
  producer_.reset();
  return absl::OkStatus();
}

// -- consumer

absl::StatusOr<KafkaHandle> LibrdkafkaClient::MakeConsumer() {
  NYM_ASSIGN_OR_RETURN(
      KafkaConf conf,
      MakeConf(ConsumerProperties(options_.source, options_.identity),
               &consumer_context_));
  rd_kafka_conf_set_rebalance_cb(conf.get(), OnRebalance);
  rd_kafka_conf_set_stats_cb(conf.get(), OnStats);
  return MakeClient(RD_KAFKA_CONSUMER, std::move(conf));
}

void LibrdkafkaClient::UseConsumer(KafkaHandle consumer) {
  queue_.reset();
  {
    const std::lock_guard lock(consumer_mutex_);
    consumer_.swap(consumer);
  }
  rd_kafka_poll_set_consumer(consumer_.get());
  queue_.reset(rd_kafka_queue_get_consumer(consumer_.get()));
}

KafkaError LibrdkafkaClient::RenewConsumer() {
  // Init() has seen that these settings are good.
  absl::StatusOr<KafkaHandle> consumer = MakeConsumer();
  if (!consumer.ok()) return {ErrorClass::kFatal, "no_consumer"};
  Close();
  group_.reset();
  UseConsumer(*std::move(consumer));
  return {};
}

KafkaError LibrdkafkaClient::Subscribe(RebalanceListener* listener) {
  rebalance_listener_ = listener;
  const KafkaPartitionList topics(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(topics.get(), options_.source.topic.c_str(),
                                    RD_KAFKA_PARTITION_UA);
  return ConsumerError(rd_kafka_subscribe(consumer_.get(), topics.get()));
}

void LibrdkafkaClient::OnRebalance(rd_kafka_t* consumer,
                                   rd_kafka_resp_err_t event,
                                   rd_kafka_topic_partition_list_t* list,
                                   void* opaque) {
  auto& client = *static_cast<LibrdkafkaClient*>(
      static_cast<ClientContext*>(opaque)->owner);
  std::vector<int32_t> partitions;
  partitions.reserve(static_cast<size_t>(list->cnt));
  for (int i = 0; i < list->cnt; ++i) {
    partitions.push_back(list->elems[i].partition);
  }
  if (event == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    client.rebalance_listener_->OnAssigned(partitions);
  } else {
    client.rebalance_listener_->OnRevoked(
        partitions, rd_kafka_assignment_lost(consumer) != 0);
  }
}

int LibrdkafkaClient::OnStats(rd_kafka_t*, char* json, size_t size,
                              void* opaque) {
  auto& client = *static_cast<LibrdkafkaClient*>(
      static_cast<ClientContext*>(opaque)->owner);
  client.options_.on_stable_offsets(
      StableOffsets({json, size}, client.options_.source.topic));
  return 0;  // librdkafka frees it
}

void LibrdkafkaClient::FreeMessages() {
  for (size_t i = 0; i < message_count_; ++i) {
    rd_kafka_message_destroy(messages_[i]);
  }
  message_count_ = 0;
}

size_t LibrdkafkaClient::Take(int timeout_ms, size_t first, size_t count) {
  const ssize_t taken = rd_kafka_consume_batch_queue(
      queue_.get(), timeout_ms, messages_.data() + first, count);
  return taken > 0 ? static_cast<size_t>(taken) : 0;
}

LaneClient::Polled LibrdkafkaClient::Poll(int timeout_ms) {
  FreeMessages();
  const size_t count =
      std::clamp(kPollBytes / message_bytes_, kPollRecordsMin, kPollRecordsMax);
  // With a timeout a batch is waited for until it is full, so only its first
  // record is.
  message_count_ = Take(0, 0, count);
  if (message_count_ == 0 && timeout_ms > 0) {
    message_count_ = Take(timeout_ms, 0, 1);
    if (message_count_ > 0) message_count_ += Take(0, 1, count - 1);
  }
  records_.clear();
  ends_.clear();
  headers_.clear();
  header_ranges_.clear();
  Polled polled;
  size_t bytes = 0;
  for (size_t i = 0; i < message_count_; ++i) {
    const KafkaError error = AddMessage(messages_[i]);
    if (polled.error.ok() || polled.error.kind == ErrorClass::kRetriable) {
      if (!error.ok()) polled.error = error;
    }
  }
  for (const InputRecord& record : records_) {
    bytes += record.value.value_or("").size();
  }
  if (!records_.empty()) message_bytes_ = bytes / records_.size() + 1;
  for (const HeaderRange& range : header_ranges_) {
    records_[range.record].headers =
        std::span(headers_).subspan(range.begin, range.end - range.begin);
  }
  polled.records = records_;
  polled.ends = ends_;
  return polled;
}

KafkaError LibrdkafkaClient::AddMessage(rd_kafka_message_t* message) {
  if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    ends_.push_back({message->partition, message->offset});
    return {};
  }
  if (message->err == RD_KAFKA_RESP_ERR__FATAL) {
    const rd_kafka_resp_err_t code =
        rd_kafka_fatal_error(consumer_.get(), nullptr, 0);
    const ErrorClass fixed = FixedClass(code);
    return {fixed == ErrorClass::kNone ? ErrorClass::kFatal : fixed,
            rd_kafka_err2name(code)};
  }
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return ConsumerError(message->err);
  }
  InputRecord record;
  record.partition = message->partition;
  record.offset = message->offset;
  rd_kafka_timestamp_type_t type{};
  record.timestamp_ms = rd_kafka_message_timestamp(message, &type);
  if (type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE) {
    record.timestamp_ms = kNoTimestamp;
  }
  if (message->key != nullptr) {
    record.key.emplace(static_cast<const char*>(message->key),
                       message->key_len);
  }
  if (message->payload != nullptr) {
    record.value.emplace(static_cast<const char*>(message->payload),
                         message->len);
  }
  records_.push_back(record);
  if (!ends_.empty()) {
    std::erase_if(ends_, [&](const PartitionOffset& end) {
      return end.partition == record.partition;
    });
  }
  if (options_.wants_headers) AddHeaders(message);
  return {};
}

void LibrdkafkaClient::AddHeaders(rd_kafka_message_t* message) {
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(message, &headers) !=
      RD_KAFKA_RESP_ERR_NO_ERROR) {
    return;
  }
  const size_t begin = headers_.size();
  const char* name = nullptr;
  const void* value = nullptr;
  size_t size = 0;
  for (size_t i = 0;
       rd_kafka_header_get_all(headers, i, &name, &value, &size) ==
       RD_KAFKA_RESP_ERR_NO_ERROR;
       ++i) {
    HeaderView header{name, std::nullopt};
    if (value != nullptr) {
      header.value.emplace(static_cast<const char*>(value), size);
    }
    headers_.push_back(header);
  }
  header_ranges_.push_back({records_.size() - 1, begin, headers_.size()});
}

KafkaPartitionList LibrdkafkaClient::List(
    std::span<const PartitionOffset> offsets) const {
  KafkaPartitionList list(
      rd_kafka_topic_partition_list_new(static_cast<int>(offsets.size())));
  for (const PartitionOffset& place : offsets) {
    rd_kafka_topic_partition_list_add(list.get(), options_.source.topic.c_str(),
                                      place.partition)
        ->offset = place.offset;
  }
  return list;
}

KafkaPartitionList LibrdkafkaClient::List(
    std::span<const int32_t> partitions) const {
  std::vector<PartitionOffset> offsets;
  for (const int32_t partition : partitions) {
    offsets.push_back({partition, RD_KAFKA_OFFSET_INVALID});
  }
  return List(offsets);
}

KafkaError LibrdkafkaClient::Committed(std::span<const int32_t> partitions,
                                       std::vector<PartitionOffset>* offsets) {
  const KafkaPartitionList list = List(partitions);
  const KafkaError error = ConsumerError(
      rd_kafka_committed(consumer_.get(), list.get(), kCallTimeoutMs));
  if (!error.ok()) return error;
  offsets->clear();
  for (int i = 0; i < list->cnt; ++i) {
    const rd_kafka_topic_partition_t& place = list->elems[i];
    if (place.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return ConsumerError(place.err);
    }
    offsets->push_back(
        {place.partition, place.offset >= 0 ? place.offset : kNoOffset});
  }
  return {};
}

KafkaError LibrdkafkaClient::Watermarks(int32_t partition, int64_t* low,
                                        int64_t* high) {
  return ConsumerError(rd_kafka_query_watermark_offsets(
      consumer_.get(), options_.source.topic.c_str(), partition, low, high,
      kCallTimeoutMs));
}

KafkaError LibrdkafkaClient::Assign(std::span<const PartitionOffset> offsets) {
  group_.reset(rd_kafka_consumer_group_metadata(consumer_.get()));
  return ConsumerError(rd_kafka_assign(consumer_.get(), List(offsets).get()));
}

// Eager rebalances revoke everything at once.
KafkaError LibrdkafkaClient::Unassign(std::span<const int32_t>) {
  group_.reset();
  return ConsumerError(rd_kafka_assign(consumer_.get(), nullptr));
}

KafkaError LibrdkafkaClient::Seek(std::span<const PartitionOffset> offsets) {
  const KafkaPartitionList list = List(offsets);
  const KafkaErrorHandle error(
      rd_kafka_seek_partitions(consumer_.get(), list.get(), kCallTimeoutMs));
  if (error != nullptr) {
    return {ErrorClass::kRetriable, rd_kafka_error_name(error.get())};
  }
  for (int i = 0; i < list->cnt; ++i) {
    const rd_kafka_resp_err_t code = list->elems[i].err;
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return {ErrorClass::kRetriable, rd_kafka_err2name(code)};
    }
  }
  return {};
}

void LibrdkafkaClient::Close() {
  FreeMessages();
  rd_kafka_consumer_close(consumer_.get());
}

bool LibrdkafkaClient::BrokerAnswers() {
  const std::lock_guard lock(consumer_mutex_);
  const rd_kafka_metadata_t* metadata = nullptr;
  const bool answers =
      rd_kafka_metadata(consumer_.get(), 0, nullptr, &metadata, kProbeMs) ==
      RD_KAFKA_RESP_ERR_NO_ERROR;
  if (metadata != nullptr) rd_kafka_metadata_destroy(metadata);
  return answers;
}

// By the consumer: a producer's question may make a topic. It asks for every
// topic of which there is a handle at once.
KafkaError LibrdkafkaClient::CheckTopics() {
  std::vector<KafkaTopic> handles;
  for (const OutputTopic& topic : options_.topics) {
    handles.emplace_back(
        rd_kafka_topic_new(consumer_.get(), topic.name.c_str(), nullptr));
  }
  const rd_kafka_metadata_t* raw = nullptr;
  const rd_kafka_resp_err_t code =
      rd_kafka_metadata(consumer_.get(), 0, nullptr, &raw, kProbeMs);
  const KafkaMetadata metadata(raw);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  for (size_t i = 0; i < options_.topics.size(); ++i) {
    if (IsGone(*metadata, options_.topics[i].name)) {
      return {ErrorClass::kRefused, "UNKNOWN_TOPIC_OR_PART",
              static_cast<int>(i)};
    }
  }
  return {};
}

// -- producer

absl::Status LibrdkafkaClient::MakeProducer() {
  NYM_ASSIGN_OR_RETURN(
      KafkaConf conf,
      MakeConf(ProducerProperties(options_.source, options_.identity,
                                  options_.message_bytes_max),
               &producer_context_));
  NYM_ASSIGN_OR_RETURN(producer_,
                       MakeClient(RD_KAFKA_PRODUCER, std::move(conf)));
  return absl::OkStatus();
}

// When a transaction times out, since the brokers were away or took no records,
// the coordinator aborts it and raises the epoch; librdkafka can't tell that
// from another process that took the transactional id.
KafkaError LibrdkafkaClient::ByAge(KafkaError error) {
  if (error.kind != ErrorClass::kFenced || !transaction_begun_ ||
      SteadyClock::now() - *transaction_begun_ < kTransactionTimeout) {
    return error;
  }
  transaction_timed_out_ = true;
  return {ErrorClass::kFatal, "transaction_timed_out"};
}

// A static member that was replaced learns it from its heartbeats.
bool LibrdkafkaClient::NameIsTaken() const {
  if (options_.source.membership != Membership::kStatic) return false;
  const SteadyClock::time_point until = SteadyClock::now() + kTwoHeartbeats;
  while (SteadyClock::now() < until) {
    if (rd_kafka_fatal_error(consumer_.get(), nullptr, 0) ==
        RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID) {
      return true;
    }
    std::this_thread::sleep_for(kHeartbeatPoll);
  }
  return false;
}

KafkaError LibrdkafkaClient::OpenProducer() {
  // A new producer would fence that of the process that replaced us.
  if (std::exchange(transaction_timed_out_, false) && NameIsTaken()) {
    return {ErrorClass::kFenced, "FENCED_INSTANCE_ID"};
  }
  transaction_begun_.reset();
  topics_.clear();
  producer_.reset();
  // Init() has seen that these settings are good.
  if (!MakeProducer().ok()) return {ErrorClass::kFatal, "no_producer"};
  for (const OutputTopic& topic : options_.topics) {
    topics_.push_back(
        MakeTopic(producer_.get(), topic.name, topic.compression));
    if (topics_.back() == nullptr) return {ErrorClass::kFatal, "no_topic"};
  }
  end_was_indefinite_ = false;
  return Ended(rd_kafka_init_transactions(producer_.get(), kInitTimeoutMs));
}

void LibrdkafkaClient::NoteBegun() {
  if (!transaction_begun_) transaction_begun_ = SteadyClock::now();
}

KafkaError LibrdkafkaClient::Begin() {
  transaction_begun_.reset();
  return Ended(rd_kafka_begin_transaction(producer_.get()));
}

KafkaError LibrdkafkaClient::ConfirmProducer(const PartitionOffset& committed) {
  // Without the name of a member: what counts is whether the coordinator of
  // transactions takes the producer for the latest.
  const KafkaGroupMetadata nobody(
      rd_kafka_consumer_group_metadata_new(options_.source.group.c_str()));
  const KafkaPartitionList offsets = List(std::span(&committed, 1));
  return Ended(rd_kafka_send_offsets_to_transaction(
      producer_.get(), offsets.get(), nobody.get(), -1));
}

KafkaError LibrdkafkaClient::Produce(const OutputRecord& record) {
  NoteBegun();
  // Each is 72 bytes, of which few are used: they are set where they stand.
  size_t count = 0;
  const auto next = [&](rd_kafka_vtype_t type) -> rd_kafka_vu_t& {
    rd_kafka_vu_t& argument = produce_arguments_[count++];
    argument.vtype = type;
    return argument;
  };
  const auto add = [&](rd_kafka_vtype_t type, std::string_view bytes) {
    rd_kafka_vu_t& argument = next(type);
    argument.u.mem.ptr = const_cast<char*>(bytes.data());
    argument.u.mem.size = bytes.size();
  };
  next(RD_KAFKA_VTYPE_RKT).u.rkt =
      topics_[static_cast<size_t>(record.topic)].get();
  next(RD_KAFKA_VTYPE_PARTITION).u.i32 = record.partition;
  next(RD_KAFKA_VTYPE_TIMESTAMP).u.i64 = record.timestamp_ms;
  next(RD_KAFKA_VTYPE_MSGFLAGS).u.i = RD_KAFKA_MSG_F_COPY;
  if (record.key) add(RD_KAFKA_VTYPE_KEY, *record.key);
  if (record.value) add(RD_KAFKA_VTYPE_VALUE, *record.value);
  KafkaHeaders headers;
  if (!record.headers.empty()) {
    headers = HeadersOf(record);
    next(RD_KAFKA_VTYPE_HEADERS).u.headers = headers.get();
  }
  const KafkaErrorHandle error(
      rd_kafka_produceva(producer_.get(), produce_arguments_.data(), count));
  if (error == nullptr) {
    static_cast<void>(headers.release());  // the record's now
    return {};
  }
  return ByAge(ProduceError(rd_kafka_error_code(error.get())));
}

void LibrdkafkaClient::Wait(int timeout_ms) {
  rd_kafka_poll(producer_.get(), timeout_ms);
}

KafkaError LibrdkafkaClient::SendOffsets(
    std::span<const PartitionOffset> offsets) {
  if (group_ == nullptr) return {ErrorClass::kAbortable, "no_group"};
  NoteBegun();
  return ByAge(Ended(rd_kafka_send_offsets_to_transaction(
      producer_.get(), List(offsets).get(), group_.get(), -1)));
}

template <typename End>
KafkaError LibrdkafkaClient::EndTransaction(End end) {
  rd_kafka_poll(producer_.get(), 0);
  producer_context_.connection_errors.store(0, std::memory_order_relaxed);
  const SteadyClock::time_point begun = SteadyClock::now();
  // Other timeouts "risk internal state desynchronization" (rdkafka.h).
  const KafkaError error = ByAge(Ended(end(producer_.get(), -1)));
  const auto took = SteadyClock::now() - begun;
  rd_kafka_poll(producer_.get(), 0);
  end_was_indefinite_ |=
      took > kEndDefiniteWithin ||
      producer_context_.connection_errors.load(std::memory_order_relaxed) > 0;
  return error;
}

KafkaError LibrdkafkaClient::Commit() {
  // The commit flushes too, but then nobody knows how long its end took.
  rd_kafka_flush(producer_.get(), kFlushMs);
  return EndTransaction(rd_kafka_commit_transaction);
}

KafkaError LibrdkafkaClient::Abort() {
  // Else the abort may overtake the partitions that are being added to the
  // transaction (librdkafka issue 4849).
  rd_kafka_flush(producer_.get(), kFlushBeforeAbortMs);
  return EndTransaction(rd_kafka_abort_transaction);
}

}  // namespace nymstream
