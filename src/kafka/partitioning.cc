#include "kafka/partitioning.h"

#include <librdkafka/rdkafka.h>

namespace nymstream {

int32_t OutputPartition(std::optional<std::string_view> key,
                        int32_t input_partition, int32_t partitions) {
  if (!key) return input_partition % partitions;
  return rd_kafka_msg_partitioner_murmur2(nullptr, key->data(), key->size(),
                                          partitions, nullptr, nullptr);
}

}  // namespace nymstream
