// What a pipeline document says about Kafka, from its checked tree.
#ifndef NYMSTREAM_POLICY_KAFKA_DOCUMENT_H_
#define NYMSTREAM_POLICY_KAFKA_DOCUMENT_H_

#include "document/document_findings.h"
#include "document/map_reader.h"
#include "nymstream/pipeline.h"

namespace nymstream {

// `map` is source.kafka. Adds a finding for all of its security that does not
// fit together.
KafkaSource ReadKafkaSource(const MapReader& map, DocumentFindings* findings);

// `map` is releases[].output.kafka or quarantine.kafka.
KafkaSink ReadKafkaSink(const MapReader& map, const DocumentFindings& findings);

}  // namespace nymstream

#endif  // NYMSTREAM_POLICY_KAFKA_DOCUMENT_H_
