// Names of Kafka's errors as words that the event log takes.
#ifndef NYMSTREAM_KAFKA_ERROR_WORD_H_
#define NYMSTREAM_KAFKA_ERROR_WORD_H_

#include "kafka/kafka_error.h"
#include "observe/word.h"

namespace nymstream {

// "other" for a name that is not in the table.
Word ErrorWord(const KafkaError& error);

}  // namespace nymstream

#endif  // NYMSTREAM_KAFKA_ERROR_WORD_H_
