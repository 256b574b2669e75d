#include "kafka/record_feeder.h"

#include <utility>

#include "base/status_macros.h"
#include "kafka/client_properties.h"
#include "kafka/quiet_listener.h"

namespace nymstream {
namespace {

constexpr int kTimeoutMs = 20000;
constexpr int kQueueFullWaitMs = 100;
constexpr uint64_t kMessageBytesMax = 100 << 20;

absl::Status Result(rd_kafka_error_t* raw) {
  const KafkaErrorHandle error(raw);
  if (error == nullptr) return absl::OkStatus();
  return absl::UnavailableError(rd_kafka_error_name(error.get()));
}

}  // namespace

RecordFeeder::~RecordFeeder() {
  if (open_) {
    const KafkaErrorHandle ignored(
        rd_kafka_abort_transaction(producer_.get(), kTimeoutMs));
  }
  topic_.reset();
}

absl::StatusOr<std::unique_ptr<RecordFeeder>> RecordFeeder::Create(
    const KafkaSource& source,
    std::shared_ptr<const ClientCredentials> credentials) {
  std::unique_ptr<RecordFeeder> feeder(new RecordFeeder);
  feeder->context_.credentials = std::move(credentials);
  feeder->context_.listener = &TheQuietListener();
  NYM_ASSIGN_OR_RETURN(
      KafkaConf conf,
      MakeConf(ProducerProperties(source, {source.group, "feed", 0},
                                  kMessageBytesMax),
               &feeder->context_));
  NYM_ASSIGN_OR_RETURN(feeder->producer_,
                       MakeClient(RD_KAFKA_PRODUCER, std::move(conf)));
  feeder->topic_.reset(rd_kafka_topic_new(feeder->producer_.get(),
                                          source.topic.c_str(), nullptr));
  NYM_RETURN_IF_ERROR(
      Result(rd_kafka_init_transactions(feeder->producer_.get(), kTimeoutMs)));
  NYM_RETURN_IF_ERROR(
      Result(rd_kafka_begin_transaction(feeder->producer_.get())));
  feeder->open_ = true;
  return feeder;
}

absl::Status RecordFeeder::Add(std::string_view record) {
  while (rd_kafka_produce(topic_.get(), RD_KAFKA_PARTITION_UA,
                          RD_KAFKA_MSG_F_COPY, const_cast<char*>(record.data()),
                          record.size(), nullptr, 0, nullptr) != 0) {
    const rd_kafka_resp_err_t code = rd_kafka_last_error();
    if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
      return absl::UnavailableError(rd_kafka_err2name(code));
    }
    rd_kafka_poll(producer_.get(), kQueueFullWaitMs);
  }
  ++records_;
  return absl::OkStatus();
}

absl::Status RecordFeeder::Finish() {
  NYM_RETURN_IF_ERROR(Result(rd_kafka_commit_transaction(producer_.get(), -1)));
  open_ = false;
  return absl::OkStatus();
}

}  // namespace nymstream
