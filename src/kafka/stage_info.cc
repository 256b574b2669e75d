#include "kafka/stage_info.h"

#include "kafka/library_version.h"

namespace nymstream {

std::vector<std::string> OutputTopics(const Pipeline& pipeline) {
  std::vector<std::string> topics;
  for (const Release& release : pipeline.releases) {
    topics.push_back(release.output->topic);
  }
  topics.push_back(pipeline.quarantine->topic);
  return topics;
}

StageInfo StageInfoOf(const Pipeline& pipeline) {
  StageInfo info;
  info.librdkafka_version = LibraryVersion();
  info.pipeline = pipeline.name;
  info.input_topics = {pipeline.source->topic};
  for (const Release& release : pipeline.releases) {
    info.releases.push_back(release.name);
  }
  info.output_topics = OutputTopics(pipeline);
  info.lanes = pipeline.source->lanes;
  return info;
}

}  // namespace nymstream
