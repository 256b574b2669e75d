// What an operator can do about a broker that refuses us.
#ifndef NYMSTREAM_KAFKA_REFUSAL_TEXT_H_
#define NYMSTREAM_KAFKA_REFUSAL_TEXT_H_

#include <string>

#include "kafka/kafka_error.h"

namespace nymstream {

// "what; what to do", for an error of class kRefused.
std::string RefusalText(const KafkaError& error);

}  // namespace nymstream

#endif  // NYMSTREAM_KAFKA_REFUSAL_TEXT_H_
