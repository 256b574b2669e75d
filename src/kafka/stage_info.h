// What the metrics of a stage are labelled with.
#ifndef NYMSTREAM_KAFKA_STAGE_INFO_H_
#define NYMSTREAM_KAFKA_STAGE_INFO_H_

#include <string>
#include <vector>

#include "nymstream/pipeline.h"
#include "observe/stage_metrics.h"

namespace nymstream {

// The names of `pipeline`, which has a source, and the version of librdkafka;
// nymstream's own version and hashes of documents are the caller's.
StageInfo StageInfoOf(const Pipeline& pipeline);

// What a stage writes: the releases' topics in their order, then the
// quarantine's. KafkaError::topic counts in it.
std::vector<std::string> OutputTopics(const Pipeline& pipeline);

}  // namespace nymstream

#endif  // NYMSTREAM_KAFKA_STAGE_INFO_H_
