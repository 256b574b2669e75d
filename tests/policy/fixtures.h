// A small policy, schema and pipeline that compile, for tests to bend.
#ifndef NYMSTREAM_TESTS_POLICY_FIXTURES_H_
#define NYMSTREAM_TESTS_POLICY_FIXTURES_H_

#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "nymstream/diagnostic.h"
#include "nymstream/log_schema.h"
#include "nymstream/pipeline.h"
#include "nymstream/plan.h"
#include "nymstream/policy.h"
#include "policy/compiler.h"

namespace nymstream {

inline FieldPath PathOf(const std::string& text) {
  FieldPath path;
  std::string error;
  EXPECT_TRUE(ParseFieldPath(text, &path, &error)) << text << ": " << error;
  return path;
}

inline SchemaField FieldOf(const std::string& path, const std::string& category,
                           ValueType type) {
  SchemaField field;
  field.path = PathOf(path);
  field.category = category;
  field.type = type;
  return field;
}

inline Clause ClauseOf(const std::string& heading) {
  Clause clause;
  clause.heading = heading;
  return clause;
}

inline Grant GrantOf(const std::string& use, Audience audience,
                     Identifiability at_most, const std::string& heading) {
  return {use, audience, at_most, ClauseOf(heading)};
}

inline Policy SmallPolicy() {
  Policy policy;
  policy.name = "small";
  policy.document = "small.txt";
  policy.personal = {"user.device.ip_address", "user.account"};
  policy.grants = {
      GrantOf("analytics", Audience::kInternal, Identifiability::kPseudonymized,
              "Inside"),
      GrantOf("marketing", Audience::kThirdParty,
              Identifiability::kUnlinkedPseudonymized, "Partners"),
      GrantOf("essential.service.security", Audience::kThirdParty,
              Identifiability::kIdentified, "Security"),
      GrantOf("essential.service.security", Audience::kInternal,
              Identifiability::kIdentified, "Security"),
  };
  policy.never = {{{"user.contact"}, ClauseOf("No contact data")}};
  return policy;
}

inline LogSchema SmallSchema() {
  LogSchema schema;
  schema.name = "small-log";
  schema.event_time = PathOf("time");
  schema.event_time_position = {"schema.yaml", 3, 13};
  schema.fields = {
      FieldOf("time", "system.operations", ValueType::kTimestamp),
      FieldOf("client", "user.device.ip_address", ValueType::kIp),
      FieldOf("user", "user.account.username", ValueType::kId),
      FieldOf("mail", "user.contact.email", ValueType::kEmail),
      FieldOf("status", "system.operations", ValueType::kNumber),
  };
  return schema;
}

// With a key, field 5, and a header, field 6.
inline LogSchema CarrierSchema() {
  LogSchema schema = SmallSchema();
  SchemaField key;
  key.carrier = Carrier::kKafkaKey;
  key.category = "user.account.username";
  key.type = ValueType::kId;
  SchemaField header = key;
  header.carrier = Carrier::kKafkaHeader;
  header.header = "client-ip";
  header.category = "user.device.ip_address";
  header.type = ValueType::kIp;
  schema.fields.push_back(key);
  schema.fields.push_back(header);
  return schema;
}

inline Release InternalRelease() {
  Release release;
  release.name = "inside";
  release.use = "analytics.reporting";
  release.audience = Audience::kInternal;
  release.level = Identifiability::kPseudonymized;
  release.epoch = Period{0, 0, 30};
  release.position = {"pipeline.yaml", 5, 5};
  release.level_position = {"pipeline.yaml", 8, 12};
  return release;
}

inline Release PartnerRelease() {
  Release release;
  release.name = "partners";
  release.use = "marketing.advertising.third_party";
  release.audience = Audience::kThirdParty;
  release.level = Identifiability::kUnlinkedPseudonymized;
  release.epoch = Period{0, 0, 1};
  release.recipient = "Example Partners";
  release.position = {"pipeline.yaml", 15, 5};
  release.level_position = {"pipeline.yaml", 18, 12};
  return release;
}

inline Pipeline SmallPipeline(std::vector<Release> releases) {
  Pipeline pipeline;
  pipeline.name = "edge";
  pipeline.schema = "small-log";
  pipeline.policy = "small";
  pipeline.releases = std::move(releases);
  pipeline.keyring = "keyring";
  pipeline.position = {"pipeline.yaml", 1, 1};
  return pipeline;
}

inline FieldOverride OverrideOf(const std::string& path, Treatment treatment) {
  FieldOverride choice;
  choice.path = PathOf(path);
  choice.treatment = treatment;
  choice.position = {"pipeline.yaml", 11, 9};
  return choice;
}

inline FieldOverride KeyOverride(Treatment treatment) {
  FieldOverride choice;
  choice.carrier = Carrier::kKafkaKey;
  choice.treatment = treatment;
  choice.position = {"pipeline.yaml", 12, 9};
  return choice;
}

inline FieldOverride HeaderOverride(const std::string& header,
                                    Treatment treatment) {
  FieldOverride choice = KeyOverride(treatment);
  choice.carrier = Carrier::kKafkaHeader;
  choice.header = header;
  choice.position.line = 13;
  return choice;
}

// What the compiler said and made.
struct Compiled {
  std::shared_ptr<const Plan> plan;
  std::vector<std::string> messages;  // formatted, in order
};

inline Compiled Compile(const Pipeline& pipeline,
                        const Policy& policy = SmallPolicy(),
                        const LogSchema& schema = SmallSchema()) {
  Compiled compiled;
  Diagnostics findings;
  compiled.plan = CompilePlan(pipeline, policy, schema, &findings);
  for (const Diagnostic& finding : findings)
    compiled.messages.push_back(FormatDiagnostic(finding));
  EXPECT_EQ(compiled.plan == nullptr, HasErrors(findings));
  return compiled;
}

// The treatment of a field in a release of a compiled plan.
inline const FieldPlan& FieldIn(const Plan& plan, size_t release,
                                const std::string& path) {
  for (size_t i = 0; i < plan.fields.size(); ++i) {
    if (plan.fields[i].path_text == path)
      return plan.releases[release].fields[i];
  }
  ADD_FAILURE() << "no field " << path;
  return plan.releases[release].fields.front();
}

}  // namespace nymstream

#endif  // NYMSTREAM_TESTS_POLICY_FIXTURES_H_
