// Owners of librdkafka's objects.
#ifndef NYMSTREAM_KAFKA_HANDLES_H_
#define NYMSTREAM_KAFKA_HANDLES_H_

#include <librdkafka/rdkafka.h>

#include <memory>

namespace nymstream {

template <auto kDestroy>
struct DestroyWith {
  template <typename T>
  void operator()(T* object) const {
    kDestroy(object);
  }
};

using KafkaHandle = std::unique_ptr<rd_kafka_t, DestroyWith<rd_kafka_destroy>>;
using KafkaConf =
    std::unique_ptr<rd_kafka_conf_t, DestroyWith<rd_kafka_conf_destroy>>;
using KafkaTopicConf =
    std::unique_ptr<rd_kafka_topic_conf_t,
                    DestroyWith<rd_kafka_topic_conf_destroy>>;
using KafkaTopic =
    std::unique_ptr<rd_kafka_topic_t, DestroyWith<rd_kafka_topic_destroy>>;
using KafkaQueue =
    std::unique_ptr<rd_kafka_queue_t, DestroyWith<rd_kafka_queue_destroy>>;
using KafkaMetadata = std::unique_ptr<const rd_kafka_metadata_t,
                                      DestroyWith<rd_kafka_metadata_destroy>>;
using KafkaEvent =
    std::unique_ptr<rd_kafka_event_t, DestroyWith<rd_kafka_event_destroy>>;
using KafkaErrorHandle =
    std::unique_ptr<rd_kafka_error_t, DestroyWith<rd_kafka_error_destroy>>;
using KafkaPartitionList =
    std::unique_ptr<rd_kafka_topic_partition_list_t,
                    DestroyWith<rd_kafka_topic_partition_list_destroy>>;
using KafkaGroupMetadata =
    std::unique_ptr<rd_kafka_consumer_group_metadata_t,
                    DestroyWith<rd_kafka_consumer_group_metadata_destroy>>;
using KafkaHeaders =
    std::unique_ptr<rd_kafka_headers_t, DestroyWith<rd_kafka_headers_destroy>>;
using KafkaMessage =
    std::unique_ptr<rd_kafka_message_t, DestroyWith<rd_kafka_message_destroy>>;

}  // namespace nymstream

#endif  // NYMSTREAM_KAFKA_HANDLES_H_
