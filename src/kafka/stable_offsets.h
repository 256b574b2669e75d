// The last stable offsets in librdkafka's statistics.
#ifndef NYMSTREAM_KAFKA_STABLE_OFFSETS_H_
#define NYMSTREAM_KAFKA_STABLE_OFFSETS_H_

#include <string>
#include <string_view>
#include <vector>

#include "kafka/lane_client.h"

namespace nymstream {

// One past the last record that a read_committed reader of `topic` may see, for
// each partition that the statistics (a JSON text, STATISTICS.md) know of.
// librdkafka's own lag does not serve: it counts from offsets that the consumer
// commits, and here the producer does.
std::vector<PartitionOffset> StableOffsets(std::string_view statistics,
                                           const std::string& topic);

}  // namespace nymstream

#endif  // NYMSTREAM_KAFKA_STABLE_OFFSETS_H_
