#include "cli/kafka_access.h"

#include <utility>

#include "absl/status/statusor.h"
#include "cli/report.h"

namespace nymstream {

bool IsKafkaName(std::string_view name) {
  constexpr size_t kNameBytesMax = 200;
  return !name.empty() && name.size() <= kNameBytesMax &&
         name.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._"
             "-") == std::string_view::npos;
}

bool RequireSource(const LoadedPipeline& loaded, Diagnostics* findings) {
  if (loaded.pipeline.source.has_value()) return true;
  findings->push_back(
      {Severity::kError, loaded.pipeline.position, "source",
       "the pipeline names no Kafka topic to read",
       "add source: {kafka: {brokers: [...], topic: ..., group: ...}}, and an "
       "output to each release"});
  return false;
}

std::shared_ptr<const ClientCredentials> ReadCredentials(
    const LoadedPipeline& loaded, Diagnostics* findings) {
  auto credentials = ClientCredentials::Read(
      loaded.pipeline.source->security, [&](const std::string& path) {
        return ResolvePath(loaded.pipeline_source.file, path);
      });
  if (credentials.ok()) return *std::move(credentials);
  findings->push_back(FileFinding(loaded.pipeline.source->position,
                                  "source.kafka.security",
                                  credentials.status()));
  return nullptr;
}

ExitCode OpenKafkaAccess(const std::string& path,
                         std::optional<KafkaAccess>* access) {
  Diagnostics findings;
  const std::optional<LoadedPipeline> loaded = LoadPipeline(path, &findings);
  ExitCode code = ExitCode::kDone;
  std::shared_ptr<const ClientCredentials> credentials;
  if (!loaded.has_value() || !RequireSource(*loaded, &findings)) {
    code = ExitCode::kWrongDocument;
  } else {
    credentials = ReadCredentials(*loaded, &findings);
    if (credentials == nullptr) code = ExitCode::kKey;
  }
  SayFindings(findings);
  if (code == ExitCode::kDone) {
    *access = KafkaAccess{loaded->pipeline, std::move(credentials)};
  }
  return code;
}

}  // namespace nymstream
