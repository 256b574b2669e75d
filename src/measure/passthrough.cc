#include "measure/passthrough.h"

#include <chrono>
#include <utility>

#include "base/status_macros.h"
#include "kafka/client_properties.h"
#include "kafka/quiet_listener.h"

namespace nymstream {
namespace {

using Clock = std::chrono::steady_clock;
constexpr size_t kBatch = 2000;
constexpr int kPollMs = 10;

absl::Status Result(rd_kafka_resp_err_t code) {
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return absl::OkStatus();
  return absl::UnavailableError(rd_kafka_err2name(code));
}

absl::Status Result(rd_kafka_error_t* raw) {
  const KafkaErrorHandle error(raw);
  return error == nullptr ? absl::OkStatus()
                          : Result(rd_kafka_error_code(error.get()));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Passthrough>> Passthrough::Create(
    PassthroughOptions options, int lane) {
  std::unique_ptr<Passthrough> made(new Passthrough(std::move(options)));
  NYM_RETURN_IF_ERROR(made->Init(lane));
  return made;
}

Passthrough::~Passthrough() { output_.reset(); }

absl::Status Passthrough::Init(int lane) {
  const KafkaSource& source = options_.source;
  context_.credentials = options_.credentials;
  context_.listener = &TheQuietListener();
  const LaneIdentity identity{source.group, "passthrough", lane};
  NYM_ASSIGN_OR_RETURN(
      KafkaConf consumer,
      MakeConf(ConsumerProperties(source, identity), &context_));
  NYM_ASSIGN_OR_RETURN(consumer_,
                       MakeClient(RD_KAFKA_CONSUMER, std::move(consumer)));
  NYM_ASSIGN_OR_RETURN(
      KafkaConf producer,
      MakeConf(ProducerProperties(source, identity, options_.message_bytes_max),
               &context_));
  NYM_ASSIGN_OR_RETURN(producer_,
                       MakeClient(RD_KAFKA_PRODUCER, std::move(producer)));
  rd_kafka_poll_set_consumer(consumer_.get());
  queue_.reset(rd_kafka_queue_get_consumer(consumer_.get()));
  output_ = MakeTopic(producer_.get(), options_.output, options_.compression);
  batch_.resize(kBatch);
  next_.assign(static_cast<size_t>(options_.partitions), -1);
  return Assign(lane);
}

absl::Status Passthrough::Assign(int lane) {
  KafkaPartitionList list(
      rd_kafka_topic_partition_list_new(options_.partitions));
  for (int32_t i = lane; i < options_.partitions; i += options_.source.lanes) {
    rd_kafka_topic_partition_list_add(list.get(), options_.source.topic.c_str(),
                                      i)
        ->offset = 0;
  }
  return Result(rd_kafka_assign(consumer_.get(), list.get()));
}

absl::Status Passthrough::Run(const std::atomic<bool>& stop) {
  const std::chrono::milliseconds interval(options_.source.commit_interval_ms);
  NYM_RETURN_IF_ERROR(Result(rd_kafka_init_transactions(producer_.get(), -1)));
  NYM_RETURN_IF_ERROR(Result(rd_kafka_begin_transaction(producer_.get())));
  Clock::time_point looked = Clock::now();
  while (!stop) {
    NYM_RETURN_IF_ERROR(MoveBatch());
    if (Clock::now() - looked < interval) continue;
    if (taken_ > committed_) NYM_RETURN_IF_ERROR(Commit());
    looked = Clock::now();
  }
  return absl::OkStatus();
}

absl::Status Passthrough::MoveBatch() {
  ssize_t taken =
      rd_kafka_consume_batch_queue(queue_.get(), 0, batch_.data(), kBatch);
  if (taken == 0) {
    taken =
        rd_kafka_consume_batch_queue(queue_.get(), kPollMs, batch_.data(), 1);
  }
  absl::Status status;
  for (ssize_t i = 0; i < taken; ++i) {
    const KafkaMessage message(batch_[static_cast<size_t>(i)]);
    if (status.ok()) status = Move(message.get());
  }
  rd_kafka_poll(producer_.get(), 0);
  return status;
}

absl::Status Passthrough::Move(rd_kafka_message_t* message) {
  // The stage's settings ask for the ends of partitions as well.
  if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) return absl::OkStatus();
  NYM_RETURN_IF_ERROR(Result(message->err));
  while (rd_kafka_produce(output_.get(), message->partition,
                          RD_KAFKA_MSG_F_COPY, message->payload, message->len,
                          nullptr, 0, nullptr) != 0) {
    if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
      return Result(rd_kafka_last_error());
    }
    rd_kafka_poll(producer_.get(), kPollMs);
  }
  next_[static_cast<size_t>(message->partition)] = message->offset + 1;
  ++taken_;
  return absl::OkStatus();
}

absl::Status Passthrough::Commit() {
  KafkaPartitionList list(rd_kafka_topic_partition_list_new(1));
  for (size_t i = 0; i < next_.size(); ++i) {
    if (next_[i] < 0) continue;
    rd_kafka_topic_partition_list_add(list.get(), options_.source.topic.c_str(),
                                      static_cast<int32_t>(i))
        ->offset = next_[i];
  }
  const KafkaGroupMetadata group(
      rd_kafka_consumer_group_metadata(consumer_.get()));
  NYM_RETURN_IF_ERROR(Result(rd_kafka_send_offsets_to_transaction(
      producer_.get(), list.get(), group.get(), -1)));
  NYM_RETURN_IF_ERROR(Result(rd_kafka_commit_transaction(producer_.get(), -1)));
  committed_ = taken_.load();
  return Result(rd_kafka_begin_transaction(producer_.get()));
}

}  // namespace nymstream
