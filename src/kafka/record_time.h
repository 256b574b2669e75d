// The timestamp of a Kafka record is data too.
#ifndef NYMSTREAM_KAFKA_RECORD_TIME_H_
#define NYMSTREAM_KAFKA_RECORD_TIME_H_

#include <cstdint>

#include "nymstream/pipeline.h"

namespace nymstream {

// `unix_milliseconds` as coarse as `treatment`, that of the event time, makes
// it: whole minutes, hours, and whole days where the event time is suppressed,
// since Kafka's retention needs some time. Never 0 or less, which a client
// takes for "now".
int64_t CoarseTimestamp(Treatment treatment, int64_t unix_milliseconds);

}  // namespace nymstream

#endif  // NYMSTREAM_KAFKA_RECORD_TIME_H_
