// The tables of what a pipeline document says about Kafka.
#ifndef NYMSTREAM_POLICY_KAFKA_TABLES_H_
#define NYMSTREAM_POLICY_KAFKA_TABLES_H_

#include "document/field_table.h"

namespace nymstream {

const Shape& KafkaSourceShape();
const Shape& KafkaQuarantineShape();
const Shape& KafkaOutputShape();  // of a release: a topic, key and headers

}  // namespace nymstream

#endif  // NYMSTREAM_POLICY_KAFKA_TABLES_H_
