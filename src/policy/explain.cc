#include "policy/explain.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "base/check.h"
#include "base/status_macros.h"
#include "nlohmann/json.hpp"
#include "policy/table_text.h"
#include "policy/treatment_table.h"

namespace nymstream {
namespace {

using Json = nlohmann::ordered_json;

// Policy documents may hold any bytes; bytes that are no UTF-8 are replaced.
std::string DumpJson(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

absl::StatusOr<std::vector<const ReleasePlan*>> SelectReleases(
    const Plan& plan, const std::string& name) {
  std::vector<const ReleasePlan*> selected;
  std::string names;
  for (const ReleasePlan& release : plan.releases) {
    if (!names.empty()) names += ", ";
    names += release.name;
    if (name.empty() || release.name == name) selected.push_back(&release);
  }
  if (!name.empty() && selected.empty()) {
    return absl::NotFoundError(
        absl::StrFormat("pipeline %s has no release '%s'; its releases: %s",
                        plan.pipeline_name, name, names));
  }
  return selected;
}

std::string JoinBuckets(const std::vector<double>& buckets) {
  std::string joined;
  for (const double bound : buckets) {
    if (!joined.empty()) joined += ",";
    joined += absl::StrFormat("%g", bound);
  }
  return joined;
}

std::string DescribeSpec(const TreatmentSpec& spec) {
  switch (spec.treatment) {
    case Treatment::kTruncate:
      return absl::StrFormat("%s /%d /%d", TreatmentName(spec.treatment),
                             spec.prefix_v4, spec.prefix_v6);
    case Treatment::kBuckets:
      return absl::StrFormat("%s %s", TreatmentName(spec.treatment),
                             JoinBuckets(spec.buckets));
    default:
      return std::string(TreatmentName(spec.treatment));
  }
}

// What a release is, in one line: "use to audience at level".
std::string DescribeRelease(const ReleasePlan& release) {
  std::string text = absl::StrFormat("%s to %s at %s", release.use,
                                     AudienceName(release.audience),
                                     IdentifiabilityName(release.level));
  if (!release.epoch.empty()) text += ", key epoch " + release.epoch;
  return text;
}

// The rules that judge whole records, one sentence each.
std::vector<std::string> RecordRules(const Plan& plan,
                                     const ReleasePlan& release) {
  std::vector<std::string> rules;
  if (release.minors_under.has_value()) {
    rules.push_back(absl::StrFormat(
        "records that state an age under %d are suppressed (\"%s\")",
        *release.minors_under, release.minors_clause));
  }
  if (release.retention.has_value()) {
    const Retention& retention = *release.retention;
    rules.push_back(
        absl::StrFormat("records older than %s are suppressed%s (\"%s\")",
                        PeriodText(retention.period),
                        retention.of == RetentionScope::kPersonal
                            ? " if anything personal would leave"
                            : "",
                        retention.clause.heading));
  }
  for (const int index : release.rights) {
    rules.push_back(absl::StrFormat(
        "records of subjects on the list for %s are suppressed",
        RightName(plan.rights[static_cast<size_t>(index)].right)));
  }
  return rules;
}

TextTable FieldTable(const Plan& plan, const ReleasePlan& release) {
  TextTable table{{"field", "category", "treatment", "why", "clause"}, {}};
  for (size_t i = 0; i < plan.fields.size(); ++i) {
    const FieldPlan& field = release.fields[i];
    table.rows.push_back({plan.fields[i].path_text, plan.fields[i].category,
                          DescribeSpec(field.spec), field.why, field.clause});
  }
  table.rows.push_back(
      {"(every other field)", "", "suppress", "not classified", ""});
  return table;
}

std::string PlanAsText(const Plan& plan,
                       const std::vector<const ReleasePlan*>& releases) {
  std::string text = absl::StrFormat("pipeline %s, schema %s, policy %s (%s)\n",
                                     plan.pipeline_name, plan.schema_name,
                                     plan.policy_name, plan.policy_document);
  for (const ReleasePlan* release : releases) {
    text += absl::StrFormat("\nrelease %s: %s\n", release->name,
                            DescribeRelease(*release));
    text += absl::StrFormat("granted by \"%s\"\n", release->grant_clause);
    for (const std::string& rule : RecordRules(plan, *release))
      text += rule + "\n";
    text += AlignedTable(FieldTable(plan, *release));
  }
  return text;
}

std::string PlanAsMarkdown(const Plan& plan,
                           const std::vector<const ReleasePlan*>& releases) {
  std::string text = absl::StrFormat(
      "# Pipeline %s\n\nSchema %s, policy %s (%s).\n", plan.pipeline_name,
      plan.schema_name, plan.policy_name, plan.policy_document);
  for (const ReleasePlan* release : releases) {
    text += absl::StrFormat("\n## Release %s\n\n%s, granted by \"%s\".\n\n",
                            release->name, DescribeRelease(*release),
                            release->grant_clause);
    const std::vector<std::string> rules = RecordRules(plan, *release);
    for (const std::string& rule : rules) text += "- " + rule + "\n";
    if (!rules.empty()) text += "\n";
    text += MarkdownTable(FieldTable(plan, *release));
  }
  return text;
}

Json HeadAsJson(const Plan& plan) {
  return {{"pipeline", plan.pipeline_name},
          {"schema", plan.schema_name},
          {"policy", plan.policy_name},
          {"document", plan.policy_document}};
}

Json FieldAsJson(const PlanField& field, const FieldPlan& plan) {
  return {{"field", field.path_text},
          {"category", field.category},
          {"type", ValueTypeName(field.type)},
          {"personal", field.personal},
          {"treatment", TreatmentName(plan.spec.treatment)},
          {"form", DescribeSpec(plan.spec)},
          {"why", plan.why},
          {"clause", plan.clause}};
}

Json ReleaseAsJson(const ReleasePlan& release) {
  return {{"release", release.name},
          {"recipient", release.recipient},
          {"audience", AudienceName(release.audience)},
          {"use", release.use},
          {"level", IdentifiabilityName(release.level)},
          {"epoch", release.epoch},
          {"grant_clause", release.grant_clause}};
}

std::string PlanAsJson(const Plan& plan,
                       const std::vector<const ReleasePlan*>& releases) {
  Json json = HeadAsJson(plan);
  json["releases"] = Json::array();
  for (const ReleasePlan* release : releases) {
    Json entry = ReleaseAsJson(*release);
    entry["rules"] = RecordRules(plan, *release);
    entry["fields"] = Json::array();
    for (size_t i = 0; i < plan.fields.size(); ++i)
      entry["fields"].push_back(
          FieldAsJson(plan.fields[i], release->fields[i]));
    entry["other_fields"] = TreatmentName(Treatment::kSuppress);
    json["releases"].push_back(std::move(entry));
  }
  return DumpJson(json);
}

// Category to the forms in which it leaves, each once, in order of the fields.
std::map<std::string, std::vector<std::string>> DisclosedCategories(
    const Plan& plan, const ReleasePlan& release) {
  std::map<std::string, std::vector<std::string>> disclosed;
  for (size_t i = 0; i < plan.fields.size(); ++i) {
    const TreatmentSpec& spec = release.fields[i].spec;
    if (spec.treatment == Treatment::kSuppress) continue;
    std::vector<std::string>& forms = disclosed[plan.fields[i].category];
    std::string form = DescribeSpec(spec);
    if (plan.fields[i].carrier != Carrier::kBody)
      form += " in " + plan.fields[i].path_text;
    if (std::find(forms.begin(), forms.end(), form) == forms.end())
      forms.push_back(form);
  }
  return disclosed;
}

std::string JoinForms(const std::vector<std::string>& forms) {
  std::string joined;
  for (const std::string& form : forms) {
    if (!joined.empty()) joined += ", ";
    joined += form;
  }
  return joined;
}

TextTable DisclosureTable(const Plan& plan,
                          const std::vector<const ReleasePlan*>& releases) {
  TextTable table{{"release", "recipient", "audience", "use", "category",
                   "form", "level", "granted by"},
                  {}};
  for (const ReleasePlan* release : releases) {
    for (const auto& [category, forms] : DisclosedCategories(plan, *release)) {
      table.rows.push_back({release->name, release->recipient,
                            std::string(AudienceName(release->audience)),
                            release->use, category, JoinForms(forms),
                            std::string(IdentifiabilityName(release->level)),
                            release->grant_clause});
    }
  }
  return table;
}

std::string DisclosuresAsJson(const Plan& plan,
                              const std::vector<const ReleasePlan*>& releases) {
  Json json = HeadAsJson(plan);
  json["disclosures"] = Json::array();
  for (const ReleasePlan* release : releases) {
    Json entry = ReleaseAsJson(*release);
    entry["categories"] = Json::array();
    for (const auto& [category, forms] : DisclosedCategories(plan, *release))
      entry["categories"].push_back({{"category", category}, {"forms", forms}});
    json["disclosures"].push_back(std::move(entry));
  }
  return DumpJson(json);
}

}  // namespace

absl::StatusOr<std::string> ExplainPlan(const Plan& plan,
                                        const ExplainOptions& options) {
  NYM_ASSIGN_OR_RETURN(const std::vector<const ReleasePlan*> releases,
                       SelectReleases(plan, options.release));
  switch (options.format) {
    case ExplainFormat::kText:
      return PlanAsText(plan, releases);
    case ExplainFormat::kJson:
      return PlanAsJson(plan, releases);
    case ExplainFormat::kMarkdown:
      return PlanAsMarkdown(plan, releases);
  }
  NYM_CHECK(false);
}

absl::StatusOr<std::string> ExplainDisclosures(const Plan& plan,
                                               const ExplainOptions& options) {
  NYM_ASSIGN_OR_RETURN(const std::vector<const ReleasePlan*> releases,
                       SelectReleases(plan, options.release));
  switch (options.format) {
    case ExplainFormat::kText:
      return AlignedTable(DisclosureTable(plan, releases));
    case ExplainFormat::kJson:
      return DisclosuresAsJson(plan, releases);
    case ExplainFormat::kMarkdown:
      return absl::StrFormat("# Disclosures of pipeline %s under policy %s\n\n",
                             plan.pipeline_name, plan.policy_name) +
             MarkdownTable(DisclosureTable(plan, releases));
  }
  NYM_CHECK(false);
}

}  // namespace nymstream
