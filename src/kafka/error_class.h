// librdkafka's errors by what a lane has to do next.
#ifndef NYMSTREAM_KAFKA_ERROR_CLASS_H_
#define NYMSTREAM_KAFKA_ERROR_CLASS_H_

#include <librdkafka/rdkafka.h>

#include "kafka/kafka_error.h"

namespace nymstream {

// Codes that mean the same wherever they come from: kRefused for what an
// operator has to mend, kFenced and kReplaced for a name that somebody else
// took; kNone for every other code, whose class depends on the call.
ErrorClass FixedClass(rd_kafka_resp_err_t code);

// Of a transactional call; frees nothing. Null is no error. The flags of
// librdkafka decide, and no flag is fatal.
KafkaError TransactionError(const rd_kafka_error_t* error);

// Of a consumer call or event: what is not fixed is worth another try.
KafkaError ConsumerError(rd_kafka_resp_err_t code);

// Of a message that was not taken into the producer's queue.
KafkaError ProduceError(rd_kafka_resp_err_t code);

}  // namespace nymstream

#endif  // NYMSTREAM_KAFKA_ERROR_CLASS_H_
