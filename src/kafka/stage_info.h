// What the metrics of a stage are labelled with.
#ifndef NYMSTREAM_KAFKA_STAGE_INFO_H_
#define NYMSTREAM_KAFKA_STAGE_INFO_H_

#include "nymstream/pipeline.h"
#include "observe/stage_metrics.h"

namespace nymstream {

// The names of `pipeline`, which has a source, and the version of librdkafka;
// nymstream's own version and hashes of documents are the caller's.
StageInfo StageInfoOf(const Pipeline& pipeline);

}  // namespace nymstream

#endif  // NYMSTREAM_KAFKA_STAGE_INFO_H_
