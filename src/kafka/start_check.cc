#include "kafka/start_check.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <limits>
#include <map>
#include <optional>
#include <string_view>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/absl_view.h"
#include "kafka/library_version.h"
#include "nymstream/period.h"
#include "policy/finding.h"
#include "policy/topic_rules.h"

namespace nymstream {
namespace {

constexpr int kTxnOffsetCommitVersionMin = 3;  // KIP-447, Kafka 2.5
constexpr uint64_t kBrokerMessageBytesDefault = 1048588;
constexpr std::chrono::seconds kNewTopicWait(10);
constexpr std::chrono::milliseconds kNewTopicPause(50);

// A topic that is written, and the key of the pipeline that names it.
struct Sink {
  const KafkaSink* topic;
  std::string key;
  std::string what;            // "release 'partners'"
  const Retention* retention;  // null: it may keep its records
};

std::vector<Sink> SinksOf(const Pipeline& pipeline, const Plan& plan) {
  std::vector<Sink> sinks;
  for (size_t i = 0; i < pipeline.releases.size(); ++i) {
    sinks.push_back({&*pipeline.releases[i].output,
                     absl::StrFormat("releases[%d].output.kafka", i),
                     absl::StrFormat("release '%s'", pipeline.releases[i].name),
                     RetentionOfTopic(plan, plan.releases[i])});
  }
  sinks.push_back({&*pipeline.quarantine, "quarantine.kafka", "the quarantine",
                   RetentionOfQuarantine(plan, !pipeline.seal_to.empty())});
  return sinks;
}

std::optional<int64_t> Number(
    const std::map<std::string, std::string>& settings,
    const std::string& name) {
  const auto found = settings.find(name);
  if (found == settings.end()) return std::nullopt;
  int64_t number = 0;
  const std::string& text = found->second;
  const auto parsed =
      std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

class ClusterCheck {
 public:
  ClusterCheck(const Pipeline& pipeline, Admin* admin, Diagnostics* findings)
      : pipeline_(pipeline), admin_(*admin), findings_(findings) {}

  // False if nothing else can be asked.
  bool CheckConnection() {
    if (const absl::Status connected = admin_.Connect(); !connected.ok()) {
      Refuse(pipeline_.source->position, "source.kafka.brokers",
             absl::StrCat("no broker answers at ",
                          absl::StrJoin(pipeline_.source->brokers, ", "), ": ",
                          connected.message()),
             ConnectionHint(connected));
      return false;
    }
    const absl::StatusOr<int> version = admin_.TxnOffsetCommitVersion();
    if (!version.ok()) {
      Refuse(pipeline_.source->position, "source.kafka.brokers",
             std::string(ToStd(version.status().message())),
             "use Apache Kafka 2.5 or later");
    } else if (*version < kTxnOffsetCommitVersionMin) {
      Refuse(pipeline_.source->position, "source.kafka.brokers",
             absl::StrFormat("the broker is older than Kafka 2.5, and then "
                             "nothing is exactly once (TxnOffsetCommit %d)",
                             *version),
             "use Apache Kafka 2.5 or later");
    }
    return true;
  }

  void CheckSource() {
    const std::string& topic = pipeline_.source->topic;
    const absl::StatusOr<int> partitions = admin_.Partitions(topic);
    if (partitions.ok()) return;
    RefuseTopic(pipeline_.source->position, "source.kafka.topic", topic,
                partitions.status(), "READ and DESCRIBE");
  }

  // The partitions that it has, or 0.
  int32_t CheckSink(
      const Sink& sink,
      const std::function<void(const std::string&, int)>& created) {
    absl::StatusOr<int> partitions = admin_.Partitions(sink.topic->topic);
    if (absl::IsNotFound(partitions.status()) && sink.topic->create) {
      if (!Create(sink)) return 0;
      created(sink.topic->topic, sink.topic->create->partitions);
      partitions = PartitionsOfNew(sink.topic->topic);
    }
    if (!partitions.ok()) {
      RefuseTopic(sink.topic->position, sink.key + ".topic", sink.topic->topic,
                  partitions.status(), "WRITE and DESCRIBE");
      return 0;
    }
    if (const absl::Status may = admin_.MayWrite(sink.topic->topic);
        !may.ok()) {
      RefuseTopic(sink.topic->position, sink.key + ".topic", sink.topic->topic,
                  may, "WRITE and DESCRIBE");
    }
    CheckSettings(sink);
    return *partitions;
  }

  uint64_t message_bytes_max() const { return message_bytes_max_; }

 private:
  // Brokers learn of a new topic a moment after it was made.
  absl::StatusOr<int> PartitionsOfNew(const std::string& topic) {
    const auto until = std::chrono::steady_clock::now() + kNewTopicWait;
    absl::StatusOr<int> partitions = admin_.Partitions(topic);
    while (!partitions.ok() && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(kNewTopicPause);
      partitions = admin_.Partitions(topic);
    }
    return partitions;
  }

  std::string ConnectionHint(const absl::Status& connected) const {
    std::string hint =
        "check the addresses, the network, and source.kafka.security";
    const std::optional<SaslMechanism> mechanism =
        pipeline_.source->security.mechanism;
    const bool scram = mechanism == SaslMechanism::kScramSha256 ||
                       mechanism == SaslMechanism::kScramSha512;
    if (scram && connected.message() == "_AUTHENTICATION" &&
        !LibraryKnowsScramOfKafka4()) {
      absl::StrAppend(&hint, "; this librdkafka (", LibraryVersion(),
                      ") can't log in to Kafka 4 with SCRAM, which needs 2.6.1 "
                      "or later");
    }
    return hint;
  }

  void Refuse(const SourcePosition& position, std::string key, std::string what,
              std::string hint) {
    AddError(findings_, position, std::move(key), std::move(what),
             std::move(hint));
  }

  void RefuseTopic(const SourcePosition& position, const std::string& key,
                   const std::string& topic, const absl::Status& status,
                   std::string_view rights) {
    if (absl::IsNotFound(status)) {
      Refuse(position, key, absl::StrFormat("topic '%s' is not there", topic),
             "make it, or let nymstream make a topic that it writes with "
             "create: {partitions: N, replication_factor: N}");
    } else if (absl::IsPermissionDenied(status)) {
      Refuse(position, key,
             absl::StrFormat("topic '%s': the broker refuses us (%s)", topic,
                             status.message()),
             absl::StrCat("add an ACL that allows ", ToAbsl(rights)));
    } else {
      Refuse(position, key,
             absl::StrFormat("topic '%s': %s", topic, status.message()),
             "see whether the broker is well");
    }
  }

  bool Create(const Sink& sink) {
    const TopicCreation& create = *sink.topic->create;
    NewKafkaTopic topic{
        sink.topic->topic, create.partitions, create.replication_factor, {}};
    // Retention that is longer than the policy's was refused by the compiler.
    int64_t retention = -1;
    if (create.retention) {
      retention = PeriodMillisecondsMin(*create.retention);
    } else if (sink.retention != nullptr) {
      retention = PeriodMillisecondsMin(sink.retention->period);
    }
    topic.settings.emplace_back("retention.ms", absl::StrCat(retention));
    topic.settings.emplace_back("cleanup.policy", "delete");
    topic.settings.emplace_back(
        "max.message.bytes", absl::StrCat(MessageBytesFor(pipeline_.limits)));
    const absl::Status made = admin_.CreateTopic(topic);
    // Another replica of ours may have been first.
    if (made.ok() || absl::IsAlreadyExists(made)) return true;
    if (absl::IsPermissionDenied(made)) {
      Refuse(sink.topic->position, sink.key + ".create",
             absl::StrFormat("topic '%s': the broker lets us make none (%s)",
                             sink.topic->topic, made.message()),
             "add an ACL that allows CREATE, or make the topic by hand");
    } else {
      Refuse(sink.topic->position, sink.key + ".create",
             absl::StrFormat("topic '%s' could not be made: %s",
                             sink.topic->topic, made.message()),
             "a replication_factor above the number of brokers is refused, "
             "as is what a policy of the cluster forbids");
    }
    return false;
  }

  void CheckSettings(const Sink& sink) {
    const auto settings = admin_.Settings(sink.topic->topic);
    if (!settings.ok()) {
      Refuse(sink.topic->position, sink.key + ".topic",
             absl::StrFormat("topic '%s': its settings can't be read (%s), "
                             "and so not whether it keeps records too long",
                             sink.topic->topic, settings.status().message()),
             "add an ACL that allows DESCRIBE_CONFIGS");
      return;
    }
    CheckRetention(sink, *settings);
    const auto bytes = Number(*settings, "max.message.bytes");
    const auto limit = static_cast<uint64_t>(
        bytes.value_or(static_cast<int64_t>(kBrokerMessageBytesDefault)));
    if (limit < 2 * kMessageOverheadBytes) {
      Refuse(sink.topic->position, sink.key + ".topic",
             absl::StrFormat("topic '%s' takes no more than %d bytes "
                             "(max.message.bytes)",
                             sink.topic->topic, limit),
             "raise it");
    }
    message_bytes_max_ = std::min(message_bytes_max_, limit);
  }

  void CheckRetention(const Sink& sink,
                      const std::map<std::string, std::string>& settings) {
    if (sink.retention == nullptr) return;
    const int64_t limit = PeriodMillisecondsMin(sink.retention->period);
    const auto policy = settings.find("cleanup.policy");
    const bool deletes = policy == settings.end() ||
                         policy->second.find("delete") != std::string::npos;
    const auto retention = Number(settings, "retention.ms");
    if (deletes && retention && *retention >= 0 && *retention <= limit) {
      return;
    }
    const std::string has =
        deletes ? absl::StrCat("retention.ms ", retention.value_or(-1))
                : absl::StrCat("cleanup.policy ", policy->second);
    Refuse(sink.topic->position, sink.key + ".topic",
           absl::StrFormat("%s: topic '%s' keeps records longer than the "
                           "policy allows, %s (%s); it has %s",
                           sink.what, sink.topic->topic,
                           PeriodText(sink.retention->period),
                           sink.retention->clause.heading, has),
           absl::StrFormat("set cleanup.policy=delete and retention.ms to %d "
                           "or less",
                           limit));
  }

  const Pipeline& pipeline_;
  Admin& admin_;
  Diagnostics* findings_;
  uint64_t message_bytes_max_ = std::numeric_limits<int32_t>::max();
};

}  // namespace

uint64_t MessageBytesFor(const Limits& limits) {
  return std::max(kBrokerMessageBytesDefault,
                  limits.record_bytes_max + 2 * kMessageOverheadBytes);
}

TopicFacts CheckCluster(const Pipeline& pipeline, const Plan& plan,
                        const std::function<void(const std::string& topic,
                                                 int partitions)>& created,
                        Admin* admin, Diagnostics* findings) {
  TopicFacts facts;
  ClusterCheck check(pipeline, admin, findings);
  if (!check.CheckConnection()) return facts;
  check.CheckSource();
  for (const Sink& sink : SinksOf(pipeline, plan)) {
    facts.partitions.push_back(check.CheckSink(sink, created));
  }
  // librdkafka's own bounds of message.max.bytes.
  facts.message_bytes_max =
      std::clamp<uint64_t>(check.message_bytes_max(), 1000, 1000000000);
  return facts;
}

}  // namespace nymstream
