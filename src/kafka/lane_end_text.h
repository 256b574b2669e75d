// Why a stage ended, in words.
#ifndef NYMSTREAM_KAFKA_LANE_END_TEXT_H_
#define NYMSTREAM_KAFKA_LANE_END_TEXT_H_

#include <string>

#include "kafka/lane.h"
#include "nymstream/pipeline.h"

namespace nymstream {

// "what; what to do" for an end that was not asked for.
std::string LaneEndText(const LaneResult& result, const Pipeline& pipeline);

}  // namespace nymstream

#endif  // NYMSTREAM_KAFKA_LANE_END_TEXT_H_
