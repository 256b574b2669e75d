#include "kafka/sealed_topic.h"

#include <utility>

#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "kafka/client_properties.h"
#include "kafka/quiet_listener.h"

namespace nymstream {
namespace {

constexpr int kTimeoutMs = 20000;

absl::Status StatusOf(rd_kafka_resp_err_t code, const std::string& topic) {
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrFormat("topic '%s': %s", topic, rd_kafka_err2name(code)));
}

}  // namespace

SealedTopic::~SealedTopic() { message_.reset(); }

absl::StatusOr<std::unique_ptr<SealedTopic>> SealedTopic::Open(
    const KafkaSource& source, const std::string& topic,
    std::shared_ptr<const ClientCredentials> credentials) {
  std::unique_ptr<SealedTopic> sealed(new SealedTopic(topic));
  sealed->context_.credentials = std::move(credentials);
  sealed->context_.listener = &TheQuietListener();
  Properties properties =
      AdminProperties(source, {source.group, "quarantine-open", 0});
  // Never joined; librdkafka assigns no partitions without a name for it.
  properties.emplace_back("group.id", source.group + "-quarantine-open");
  properties.emplace_back("enable.auto.commit", "false");
  properties.emplace_back("isolation.level", "read_committed");
  properties.emplace_back("enable.partition.eof", "true");
  NYM_ASSIGN_OR_RETURN(KafkaConf conf, MakeConf(properties, &sealed->context_));
  NYM_ASSIGN_OR_RETURN(sealed->consumer_,
                       MakeClient(RD_KAFKA_CONSUMER, std::move(conf)));
  rd_kafka_poll_set_consumer(sealed->consumer_.get());
  NYM_RETURN_IF_ERROR(sealed->Assign());
  return sealed;
}

absl::Status SealedTopic::Assign() {
  const KafkaTopic handle(
      rd_kafka_topic_new(consumer_.get(), topic_.c_str(), nullptr));
  const rd_kafka_metadata_t* raw = nullptr;
  const rd_kafka_resp_err_t code =
      rd_kafka_metadata(consumer_.get(), 0, handle.get(), &raw, kTimeoutMs);
  const std::unique_ptr<const rd_kafka_metadata_t,
                        DestroyWith<rd_kafka_metadata_destroy>>
      metadata(raw);
  NYM_RETURN_IF_ERROR(StatusOf(code, topic_));
  NYM_RETURN_IF_ERROR(StatusOf(metadata->topics[0].err, topic_));
  const int partitions = metadata->topics[0].partition_cnt;
  const KafkaPartitionList list(rd_kafka_topic_partition_list_new(partitions));
  for (int i = 0; i < partitions; ++i) {
    left_.insert(i);
    rd_kafka_topic_partition_list_add(list.get(), topic_.c_str(), i)->offset =
        RD_KAFKA_OFFSET_BEGINNING;
  }
  return StatusOf(rd_kafka_assign(consumer_.get(), list.get()), topic_);
}

absl::StatusOr<std::string_view> SealedTopic::Next() {
  while (!left_.empty()) {
    message_.reset(rd_kafka_consumer_poll(consumer_.get(), kTimeoutMs));
    if (message_ == nullptr) {
      return StatusOf(RD_KAFKA_RESP_ERR__TIMED_OUT, topic_);
    }
    if (message_->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      left_.erase(message_->partition);
      continue;
    }
    NYM_RETURN_IF_ERROR(StatusOf(message_->err, topic_));
    if (message_->len == 0) continue;
    return std::string_view(static_cast<const char*>(message_->payload),
                            message_->len);
  }
  return std::string_view();
}

std::string SealedTopic::Place() const {
  return absl::StrFormat("%s[%d]@%d", topic_, message_->partition,
                         message_->offset);
}

}  // namespace nymstream
