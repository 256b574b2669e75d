// Which partition a record goes to.
#ifndef NYMSTREAM_KAFKA_PARTITIONING_H_
#define NYMSTREAM_KAFKA_PARTITIONING_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace nymstream {

// A record with a key goes where Kafka's own default partitioner (murmur2) puts
// the key, that is the pseudonym; one without a key follows its input
// partition, so that its order holds. `partitions` is at least 1.
int32_t OutputPartition(std::optional<std::string_view> key,
                        int32_t input_partition, int32_t partitions);

}  // namespace nymstream

#endif  // NYMSTREAM_KAFKA_PARTITIONING_H_
