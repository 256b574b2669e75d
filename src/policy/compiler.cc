#include "policy/compiler.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "document/shape_check.h"
#include "policy/field_treatment.h"
#include "policy/finding.h"
#include "policy/release_rules.h"
#include "policy/rights_rules.h"
#include "policy/topic_rules.h"
#include "policy/treatment_table.h"

namespace nymstream {
namespace {

bool IsPersonal(const Policy& policy, const std::string& category) {
  return std::any_of(
      policy.personal.begin(), policy.personal.end(),
      [&](const std::string& ancestor) { return Covers(ancestor, category); });
}

PlanField MakeField(const Policy& policy, const SchemaField& field) {
  return {.path = field.path,
          .carrier = field.carrier,
          .header = field.header,
          .path_text = FieldName(field.carrier, field.path, field.header),
          .category = field.category,
          .type = field.type,
          .granularity = field.granularity,
          .enum_values = field.values,
          .keep_parameters = field.keep_parameters,
          .domain =
              absl::StrFormat("%s/%s", field.category, DomainKind(field.type)),
          .personal = IsPersonal(policy, field.category),
          .position = field.position};
}

std::string KeyOf(const SchemaField& field) {
  switch (field.carrier) {
    case Carrier::kKafkaKey:
      return "kafka.key";
    case Carrier::kKafkaHeader:
      return KeyOfMember("kafka.headers", field.header);
    case Carrier::kBody:
      return KeyOfMember("fields", FieldPathText(field.path));
  }
  return "";
}

// Addresses of users have a category of their own; those of the system's parts
// may have another.
void WarnOfAddresses(const LogSchema& schema, Diagnostics* findings) {
  constexpr std::string_view kAddress = "user.device.ip_address";
  for (const SchemaField& field : schema.fields) {
    if (!IsAddress(field.type) || field.category == kAddress ||
        Covers("system", field.category)) {
      continue;
    }
    AddWarning(
        findings, field.position, KeyOf(field) + ".category",
        absl::StrFormat("an address of a user (type %s) is %s, and what "
                        "the policy says of that does not hold here, "
                        "got %s",
                        ValueTypeName(field.type), kAddress, field.category),
        absl::StrFormat("write category: %s", kAddress));
  }
}

bool HasAnyElement(const FieldPath& path) {
  return std::any_of(path.begin(), path.end(),
                     [](const PathStep& step) { return step.any_element; });
}

bool IsTimestamp(const SchemaField& field) {
  return field.carrier == Carrier::kBody && field.type == ValueType::kTimestamp;
}

// Index of the schema's event time; -1, with a finding, if it is none.
int FindEventTime(const LogSchema& schema, Diagnostics* findings) {
  const std::string name = FieldPathText(schema.event_time);
  std::vector<std::string> timestamps;
  for (const SchemaField& field : schema.fields) {
    if (IsTimestamp(field)) timestamps.push_back(FieldPathText(field.path));
  }
  const auto refuse = [&](const std::string& what) {
    AddError(findings, schema.event_time_position, "event_time", what,
             timestamps.empty() ? "classify a field as type timestamp"
                                : DidYouMean(name, timestamps));
    return -1;
  };
  const auto field =
      std::find_if(schema.fields.begin(), schema.fields.end(),
                   [&](const SchemaField& candidate) {
                     return candidate.carrier == Carrier::kBody &&
                            candidate.path == schema.event_time;
                   });
  if (field == schema.fields.end()) {
    return refuse(
        absl::StrFormat("not a field of schema %s, got %s", schema.name, name));
  }
  if (field->type != ValueType::kTimestamp) {
    return refuse(
        absl::StrFormat("must be a field of type timestamp, got %s "
                        "of type %s",
                        name, ValueTypeName(field->type)));
  }
  if (HasAnyElement(field->path))
    return refuse("must name one value, got " + name);
  return static_cast<int>(field - schema.fields.begin());
}

// The clauses that judge whole records.
void CopyRecordRules(const Policy& policy, ReleasePlan* plan) {
  if (policy.minors.has_value()) {
    plan->minors_under = policy.minors->under;
    plan->minors_clause = policy.minors->clause.heading;
  }
  plan->retention = policy.retention;
  plan->linked_is_personal = policy.linked_is_personal;
}

ReleasePlan CompileRelease(const Pipeline& pipeline, const Policy& policy,
                           const LogSchema& schema, size_t index,
                           Diagnostics* findings) {
  const Release& release = pipeline.releases[index];
  const std::string key = absl::StrFormat("releases[%d]", index);
  ReleasePlan plan;
  plan.name = release.name;
  plan.use = release.use;
  plan.audience = release.audience;
  plan.level = release.level;
  plan.format = release.format;
  plan.source_coordinates = release.source_coordinates;
  plan.recipient = release.recipient;
  CopyRecordRules(policy, &plan);
  plan.rights = RightsOfRelease(pipeline, policy, release, key, findings);
  const Grant* grant = RequireGrant(policy, release, key, findings);
  if (grant != nullptr) {
    plan.grant_clause = grant->clause.heading;
    plan.fields = TreatFields({policy, schema, release, *grant, key}, findings);
    plan.epoch = RequireEpoch(release, plan, key, findings);
  }
  CheckReleaseOptions(pipeline, schema, release, plan, key, findings);
  return plan;
}

void CheckKeyring(const Pipeline& pipeline, const Plan& plan,
                  Diagnostics* findings) {
  if (!pipeline.keyring.empty()) return;
  std::string keyed;
  for (const ReleasePlan& release : plan.releases) {
    if (release.epoch.empty()) continue;
    if (!keyed.empty()) keyed += ", ";
    keyed += release.name;
  }
  if (keyed.empty() && plan.rights.empty()) return;
  AddError(findings, pipeline.position, "keys.keyring",
           keyed.empty() ? "suppression lists need a keyring, and none is given"
                         : absl::StrFormat("releases that pseudonymize need a "
                                           "keyring, and none is given: %s",
                                           keyed),
           "make one with nymstream keys generate");
}

}  // namespace

std::shared_ptr<const Plan> CompilePlan(const Pipeline& pipeline,
                                        const Policy& policy,
                                        const LogSchema& schema,
                                        Diagnostics* findings) {
  auto plan = std::make_shared<Plan>();
  plan->pipeline_name = pipeline.name;
  plan->policy_name = policy.name;
  plan->policy_document = policy.document;
  plan->schema_name = schema.name;
  plan->format = schema.format;
  plan->rights = pipeline.rights;
  plan->limits = pipeline.limits;
  plan->leak_guard = pipeline.leak_guard;
  for (const SchemaField& field : schema.fields)
    plan->fields.push_back(MakeField(policy, field));

  WarnOfAddresses(schema, findings);
  plan->event_time_field = FindEventTime(schema, findings);
  CheckReleasesTogether(pipeline, findings);
  for (size_t i = 0; i < pipeline.releases.size(); ++i) {
    plan->releases.push_back(
        CompileRelease(pipeline, policy, schema, i, findings));
  }
  CheckRights(pipeline, policy, schema, findings);
  CheckKeyring(pipeline, *plan, findings);
  CheckKafka(pipeline, *plan, findings);
  if (HasErrors(*findings)) return nullptr;
  return plan;
}

}  // namespace nymstream
