#include "measure/bench_topics.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/absl_view.h"
#include "base/status_macros.h"
#include "kafka/start_check.h"

namespace nymstream {
namespace {

// Brokers learn of a new topic a moment after it was made.
constexpr std::chrono::milliseconds kNewTopicPause(200);
constexpr int kNewTopicTries = 50;

std::vector<std::string> TopicsOf(const Pipeline& pipeline) {
  std::vector<std::string> topics = {pipeline.source->topic,
                                     pipeline.quarantine->topic};
  for (const Release& release : pipeline.releases) {
    topics.push_back(release.output->topic);
  }
  return topics;
}

std::vector<std::string> AllOf(const BenchTopics& topics) {
  std::vector<std::string> all = topics.releases;
  all.insert(all.end(), {topics.quarantine, topics.passthrough, topics.input});
  return all;
}

absl::Status Refusal(const std::string& topic, std::string_view what,
                     const absl::Status& why, std::string_view hint) {
  return absl::Status(why.code(),
                      absl::StrCat("topic ", topic, " ", ToAbsl(what), " (",
                                   why.message(), "); ", ToAbsl(hint)));
}

absl::Status Make(const std::string& topic, const BenchTopics& topics,
                  int partitions, const Limits& limits, Admin* admin,
                  Teller* teller) {
  NewKafkaTopic made{topic, partitions, -1, {}};
  made.settings = {
      {"retention.ms", absl::StrCat(kBenchRetentionMs)},
      {"cleanup.policy", "delete"},
      {"max.message.bytes", absl::StrCat(MessageBytesFor(limits))}};
  const absl::Status status = admin->CreateTopic(made);
  if (absl::IsAlreadyExists(status)) {
    return Refusal(topic, "is there already and stays as it is", status,
                   "choose another name with --topics");
  }
  if (absl::IsPermissionDenied(status)) {
    return Refusal(
        topic, "could not be made", status,
        absl::StrCat("add an ACL that allows CREATE, WRITE, READ, "
                     "DESCRIBE_CONFIGS and DELETE on topics that begin with ",
                     topics.name));
  }
  if (absl::IsInvalidArgument(status)) {
    return Refusal(topic, "could not be made", status,
                   "a policy of the cluster forbids it, or it has fewer "
                   "brokers than its default replication factor");
  }
  teller->Tell(topic);
  if (status.ok()) return absl::OkStatus();
  return Refusal(topic, "could not be made", status,
                 "see whether the brokers are well");
}

absl::Status WaitFor(const std::string& topic, Admin* admin) {
  absl::StatusOr<int> partitions = admin->Partitions(topic);
  for (int i = 0; i < kNewTopicTries && !partitions.ok(); ++i) {
    std::this_thread::sleep_for(kNewTopicPause);
    partitions = admin->Partitions(topic);
  }
  if (partitions.ok()) return absl::OkStatus();
  return Refusal(topic, "was made, but can't be seen", partitions.status(),
                 "see whether an ACL allows DESCRIBE on it");
}

}  // namespace

absl::StatusOr<BenchTopics> NameBenchTopics(const Pipeline& pipeline,
                                            std::string name) {
  BenchTopics topics;
  topics.probe = name + "-probe";
  topics.input = name + "-input";
  topics.passthrough = name + "-passthrough";
  for (size_t i = 0; i < pipeline.releases.size(); ++i) {
    topics.releases.push_back(absl::StrCat(name, "-release-", i));
  }
  topics.quarantine = name + "-quarantine";
  topics.name = std::move(name);
  const std::vector<std::string> own = TopicsOf(pipeline);
  std::vector<std::string> made = AllOf(topics);
  made.push_back(topics.probe);
  for (const std::string& topic : made) {
    if (std::find(own.begin(), own.end(), topic) == own.end()) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("--topics: ", topic,
                     " is a topic of the pipeline; choose another name"));
  }
  return topics;
}

Pipeline PipelineOver(const BenchTopics& topics, std::string_view group,
                      Pipeline pipeline) {
  pipeline.source->topic = topics.input;
  pipeline.source->group = group;
  pipeline.source->start = KafkaStart::kEarliest;
  pipeline.source->membership = Membership::kDynamic;
  for (size_t i = 0; i < pipeline.releases.size(); ++i) {
    pipeline.releases[i].output->topic = topics.releases[i];
    pipeline.releases[i].output->create.reset();
  }
  pipeline.quarantine->topic = topics.quarantine;
  pipeline.quarantine->create.reset();
  return pipeline;
}

absl::StatusOr<std::unique_ptr<Admin>> ConnectAdmin(
    const KafkaSource& source,
    std::shared_ptr<const ClientCredentials> credentials) {
  NYM_ASSIGN_OR_RETURN(std::unique_ptr<Admin> admin,
                       Admin::Create(source, {source.group, "bench", 0},
                                     std::move(credentials)));
  if (const absl::Status connected = admin->Connect(); !connected.ok()) {
    return absl::UnavailableError(absl::StrCat(
        "no broker answers at ", absl::StrJoin(source.brokers, ", "), " (",
        connected.message(),
        "); check source.kafka: the addresses, the network, and security"));
  }
  return admin;
}

absl::Status MakeBenchTopics(const BenchTopics& topics, int partitions,
                             const Limits& limits, Admin* admin,
                             Teller* teller) {
  NYM_RETURN_IF_ERROR(Make(topics.probe, topics, 1, limits, admin, teller));
  NYM_RETURN_IF_ERROR(WaitFor(topics.probe, admin));
  if (const absl::Status gone = admin->DeleteTopic(topics.probe); !gone.ok()) {
    return Refusal(topics.probe, "was made, but may not be deleted", gone,
                   "no record was written; add an ACL that allows DELETE");
  }
  for (const std::string& topic : AllOf(topics)) {
    NYM_RETURN_IF_ERROR(Make(topic, topics, partitions, limits, admin, teller));
  }
  for (const std::string& topic : AllOf(topics)) {
    NYM_RETURN_IF_ERROR(WaitFor(topic, admin));
  }
  return absl::OkStatus();
}

absl::Status DeleteBenchTopics(const std::vector<std::string>& names,
                               Admin* admin) {
  std::vector<std::string> left;
  absl::Status why;
  for (const std::string& name : names) {
    const absl::Status deleted = admin->DeleteTopic(name);
    if (deleted.ok() || absl::IsNotFound(deleted)) continue;
    left.push_back(name);
    why = deleted;
  }
  if (left.empty()) return absl::OkStatus();
  return absl::Status(why.code(), absl::StrCat(absl::StrJoin(left, ", "), " (",
                                               why.message(), ")"));
}

}  // namespace nymstream
