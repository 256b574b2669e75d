// The least that a transactional stage does: values go from one topic to
// another, offsets inside the transaction, with the settings of `nymstream
// run`. What the stage costs beyond it is nymstream's own doing (compare.py).
// Nothing is de-identified: for invented records only.
//
// passthrough BROKERS INPUT OUTPUT GROUP PARTITIONS COUNT: ends once COUNT are
// through; 0, or 1 with the name of the error.
#include <librdkafka/rdkafka.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "kafka/client_conf.h"
#include "kafka/client_credentials.h"
#include "kafka/client_properties.h"
#include "kafka/handles.h"
#include "kafka/quiet_listener.h"

namespace nymstream {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kCommitInterval(250);
constexpr size_t kBatch = 2000;
constexpr int kPollMs = 100;

void Require(rd_kafka_resp_err_t code) {
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return;
  std::fprintf(stderr, "passthrough: %s\n", rd_kafka_err2name(code));
  std::exit(1);
}

void Require(rd_kafka_error_t* error) {
  if (error != nullptr) Require(rd_kafka_error_code(error));
}

class Passthrough {
 public:
  Passthrough(const KafkaSource& source, const char* output)
      : topic_name_(source.topic) {
    context_.credentials = *ClientCredentials::Read(
        source.security, [](auto path) { return path; });
    context_.listener = &TheQuietListener();
    const LaneIdentity identity{source.group, "passthrough", 0};
    consumer_ =
        *MakeClient(RD_KAFKA_CONSUMER,
                    *MakeConf(ConsumerProperties(source, identity), &context_));
    producer_ = *MakeClient(
        RD_KAFKA_PRODUCER,
        *MakeConf(ProducerProperties(source, identity, 1000000), &context_));
    rd_kafka_poll_set_consumer(consumer_.get());
    queue_.reset(rd_kafka_queue_get_consumer(consumer_.get()));
    rd_kafka_topic_conf_t* conf = rd_kafka_topic_conf_new();
    rd_kafka_topic_conf_set(conf, "compression.codec", "lz4", nullptr, 0);
    output_.reset(rd_kafka_topic_new(producer_.get(), output, conf));
  }

  void Run(uint64_t count, int32_t partitions) {
    next_.assign(static_cast<size_t>(partitions), -1);
    KafkaPartitionList list(rd_kafka_topic_partition_list_new(partitions));
    for (int32_t i = 0; i < partitions; ++i) {
      rd_kafka_topic_partition_list_add(list.get(), topic_name_.c_str(), i)
          ->offset = 0;
    }
    Require(rd_kafka_assign(consumer_.get(), list.get()));
    Require(rd_kafka_init_transactions(producer_.get(), -1));
    Require(rd_kafka_begin_transaction(producer_.get()));
    Clock::time_point committed = Clock::now();
    for (uint64_t done = 0; done < count;) {
      done += MoveBatch(done == 0 ? kPollMs : 10);
      if (Clock::now() - committed < kCommitInterval && done < count) continue;
      Commit();
      committed = Clock::now();
    }
  }

 private:
  uint64_t MoveBatch(int timeout_ms) {
    std::vector<rd_kafka_message_t*>& batch = batch_;
    ssize_t taken =
        rd_kafka_consume_batch_queue(queue_.get(), 0, batch.data(), kBatch);
    if (taken == 0) {
      taken = rd_kafka_consume_batch_queue(queue_.get(), timeout_ms,
                                           batch.data(), 1);
    }
    uint64_t moved = 0;
    for (ssize_t i = 0; i < taken; ++i) {
      const KafkaMessage message(batch[static_cast<size_t>(i)]);
      // The stage's settings ask for the ends of partitions as well.
      if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) continue;
      Require(message->err);
      ++moved;
      while (rd_kafka_produce(output_.get(), message->partition,
                              RD_KAFKA_MSG_F_COPY, message->payload,
                              message->len, nullptr, 0, nullptr) != 0) {
        if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
          Require(rd_kafka_last_error());
        }
        rd_kafka_poll(producer_.get(), 10);
      }
      next_[static_cast<size_t>(message->partition)] = message->offset + 1;
    }
    rd_kafka_poll(producer_.get(), 0);
    return moved;
  }

  void Commit() {
    KafkaPartitionList list(rd_kafka_topic_partition_list_new(1));
    for (size_t i = 0; i < next_.size(); ++i) {
      if (next_[i] < 0) continue;
      rd_kafka_topic_partition_list_add(list.get(), topic_name_.c_str(),
                                        static_cast<int32_t>(i))
          ->offset = next_[i];
    }
    const KafkaGroupMetadata group(
        rd_kafka_consumer_group_metadata(consumer_.get()));
    Require(rd_kafka_send_offsets_to_transaction(producer_.get(), list.get(),
                                                 group.get(), -1));
    Require(rd_kafka_commit_transaction(producer_.get(), -1));
    Require(rd_kafka_begin_transaction(producer_.get()));
  }

  const std::string topic_name_;
  ClientContext context_;
  KafkaHandle consumer_;
  KafkaQueue queue_;
  KafkaHandle producer_;
  KafkaTopic output_;
  std::vector<rd_kafka_message_t*> batch_ =
      std::vector<rd_kafka_message_t*>(kBatch);
  std::vector<int64_t> next_;
};

}  // namespace
}  // namespace nymstream

int main(int argc, char** argv) {
  if (argc != 7) {
    std::fputs(
        "usage: passthrough BROKERS INPUT OUTPUT GROUP PARTITIONS COUNT\n",
        stderr);
    return 2;
  }
  nymstream::KafkaSource source;
  source.brokers = {argv[1]};
  source.topic = argv[2];
  source.group = argv[4];
  nymstream::Passthrough(source, argv[3])
      .Run(std::strtoull(argv[6], nullptr, 10), std::atoi(argv[5]));
  return 0;
}
