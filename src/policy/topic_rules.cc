#include "policy/topic_rules.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/str_format.h"
#include "policy/finding.h"

namespace nymstream {
namespace {

// Who uses which topic.
using Users = std::map<std::string_view, std::string>;

void Use(const std::string& user, const KafkaSink& sink, const std::string& key,
         Users* users, Diagnostics* findings) {
  const auto entry = users->emplace(sink.topic, user);
  if (entry.second) return;
  AddError(findings, sink.position, key,
           absl::StrFormat("%s: topic '%s' belongs to %s already", user,
                           sink.topic, entry.first->second),
           "give every release and the quarantine a topic of their own");
}

std::string Subject(const Release& release) {
  return absl::StrFormat("release '%s'", release.name);
}

std::string OutputKey(size_t index) {
  return absl::StrFormat("releases[%d].output", index);
}

void RequireTopics(const Pipeline& pipeline, Diagnostics* findings) {
  for (size_t i = 0; i < pipeline.releases.size(); ++i) {
    const Release& release = pipeline.releases[i];
    if (release.output.has_value()) continue;
    AddError(findings, release.position, OutputKey(i),
             Subject(release) +
                 ": the pipeline has a source, and the release goes nowhere",
             "add output: {kafka: {topic: NAME}}");
  }
  if (pipeline.quarantine.has_value()) return;
  AddError(findings, pipeline.position, "quarantine.kafka",
           "the pipeline has a source, and records that can't be processed go "
           "nowhere",
           "add quarantine: {kafka: {topic: NAME}}");
}

void RefuseSharedTopics(const Pipeline& pipeline, Diagnostics* findings) {
  Users users;
  if (pipeline.source.has_value())
    users.emplace(pipeline.source->topic, "the source");
  if (pipeline.quarantine.has_value()) {
    Use("the quarantine", *pipeline.quarantine, "quarantine.kafka.topic",
        &users, findings);
  }
  for (size_t i = 0; i < pipeline.releases.size(); ++i) {
    const Release& release = pipeline.releases[i];
    if (!release.output.has_value()) continue;
    Use(Subject(release), *release.output, OutputKey(i) + ".kafka.topic",
        &users, findings);
  }
}

// `sink` may be absent, and `limit` null.
void CheckRetention(const std::string& user,
                    const std::optional<KafkaSink>& sink,
                    const Retention* limit, const Plan& plan,
                    const std::string& key, Diagnostics* findings) {
  if (limit == nullptr || !sink.has_value() || !sink->create.has_value() ||
      !sink->create->retention.has_value()) {
    return;
  }
  const Period& asked = *sink->create->retention;
  if (PeriodMillisecondsMin(asked) <= PeriodMillisecondsMin(limit->period))
    return;
  const std::string allowed = PeriodText(limit->period);
  AddError(findings, sink->position, key + ".create.retention",
           absl::StrFormat("%s: policy %s keeps %s for %s (\"%s\" of %s), got "
                           "%s",
                           user, plan.policy_name,
                           limit->of == RetentionScope::kPersonal
                               ? "what is personal"
                               : "records",
                           allowed, limit->clause.heading, plan.policy_document,
                           PeriodText(asked)),
           absl::StrFormat("choose %s or less, or leave it out", allowed));
}

void WarnOfReadablePassword(const Pipeline& pipeline, Diagnostics* findings) {
  if (!pipeline.source.has_value()) return;
  const KafkaSecurity& security = pipeline.source->security;
  if (security.protocol != SecurityProtocol::kSaslPlaintext) return;
  AddWarning(findings, security.position, "source.kafka.security.protocol",
             "raw records, and with PLAIN or OAUTHBEARER the password or "
             "token, can be read on their way, got sasl_plaintext",
             "choose sasl_ssl");
}

}  // namespace

void CheckKafka(const Pipeline& pipeline, const Plan& plan,
                Diagnostics* findings) {
  if (pipeline.source.has_value()) RequireTopics(pipeline, findings);
  RefuseSharedTopics(pipeline, findings);
  for (size_t i = 0; i < pipeline.releases.size(); ++i) {
    const Release& release = pipeline.releases[i];
    CheckRetention(Subject(release), release.output,
                   RetentionOfTopic(plan, plan.releases[i]), plan,
                   OutputKey(i) + ".kafka", findings);
  }
  CheckRetention("the quarantine", pipeline.quarantine,
                 RetentionOfQuarantine(plan, !pipeline.seal_to.empty()), plan,
                 "quarantine.kafka", findings);
  WarnOfReadablePassword(pipeline, findings);
}

const Retention* RetentionOfTopic(const Plan& plan,
                                  const ReleasePlan& release) {
  if (!release.retention.has_value()) return nullptr;
  if (release.retention->of == RetentionScope::kAll) return &*release.retention;
  for (size_t i = 0; i < release.fields.size(); ++i) {
    const Treatment treatment = release.fields[i].spec.treatment;
    if (treatment == Treatment::kSuppress) continue;
    if (plan.fields[i].personal ||
        (release.linked_is_personal && IsKeyed(treatment))) {
      return &*release.retention;
    }
  }
  return nullptr;
}

const Retention* RetentionOfQuarantine(const Plan& plan, bool sealed) {
  if (plan.releases.empty()) return nullptr;
  const std::optional<Retention>& retention = plan.releases.front().retention;
  if (!retention.has_value()) return nullptr;
  const bool covered = sealed || retention->of == RetentionScope::kAll;
  return covered ? &*retention : nullptr;
}

int64_t PeriodMillisecondsMin(const Period& period) {
  // Days of so many months in a row at the least, which begin in February.
  constexpr std::array<int64_t, 12> kDaysOfMonths = {
      0, 28, 59, 89, 120, 150, 181, 212, 242, 273, 303, 334};
  constexpr int64_t kDaysOfYear = 365;
  constexpr int64_t kMonthsOfYear = 12;
  constexpr int64_t kMillisecondsOfDay = 86'400'000;
  const int64_t months = kMonthsOfYear * period.years + period.months;
  return kMillisecondsOfDay *
         (months / kMonthsOfYear * kDaysOfYear +
          kDaysOfMonths[static_cast<size_t>(months % kMonthsOfYear)] +
          period.days);
}

}  // namespace nymstream
