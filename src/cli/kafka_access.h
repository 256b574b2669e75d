// How a command gets at the topics of a pipeline.
#ifndef NYMSTREAM_CLI_KAFKA_ACCESS_H_
#define NYMSTREAM_CLI_KAFKA_ACCESS_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cli/command.h"
#include "files/pipeline_loader.h"
#include "kafka/client_credentials.h"
#include "nymstream/diagnostic.h"
#include "nymstream/pipeline.h"

namespace nymstream {

// Whether `name` may be part of the names that Kafka shows everywhere: 1 to 200
// of A-Z, a-z, 0-9, '.', '_' and '-'.
bool IsKafkaName(std::string_view name);

// False, with a finding, if the pipeline has no Kafka topic to read.
bool RequireSource(const LoadedPipeline& loaded, Diagnostics* findings);

// What `source.kafka.security` names; null, with a finding, if a file does not
// serve.
std::shared_ptr<const ClientCredentials> ReadCredentials(
    const LoadedPipeline& loaded, Diagnostics* findings);

struct KafkaAccess {
  Pipeline pipeline;  // with a source
  std::shared_ptr<const ClientCredentials> credentials;
};

// Both of the pipeline at `path`; says what is wrong.
ExitCode OpenKafkaAccess(const std::string& path,
                         std::optional<KafkaAccess>* access);

}  // namespace nymstream

#endif  // NYMSTREAM_CLI_KAFKA_ACCESS_H_
