#include "policy/field_treatment.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "document/shape_check.h"
#include "policy/finding.h"
#include "policy/grant_search.h"
#include "policy/treatment_table.h"

namespace nymstream {
namespace {

// Why a field may leave in no form, whatever the release chooses.
struct Withheld {
  std::string why;
  const Clause* clause = nullptr;  // null: the rule is ours, not the policy's
};

const std::string* FindCovering(const std::vector<std::string>& ancestors,
                                std::string_view key) {
  const auto found = std::find_if(
      ancestors.begin(), ancestors.end(),
      [&](const std::string& ancestor) { return Covers(ancestor, key); });
  return found == ancestors.end() ? nullptr : &*found;
}

bool CapApplies(const Cap& cap, const Release& release) {
  if (IsWithin(cap.at_most, release.level)) return false;
  const bool audience = cap.audiences.empty() ||
                        std::find(cap.audiences.begin(), cap.audiences.end(),
                                  release.audience) != cap.audiences.end();
  const bool use =
      cap.uses.empty() || FindCovering(cap.uses, release.use) != nullptr;
  return audience && use;
}

std::optional<Withheld> FindWithheld(const ReleaseContext& context,
                                     const SchemaField& field) {
  const Policy& policy = context.policy;
  for (const Never& never : policy.never) {
    const std::string* category =
        FindCovering(never.categories, field.category);
    if (category == nullptr) continue;
    return Withheld{absl::StrFormat("%s is in no release under policy %s",
                                    *category, policy.name),
                    &never.clause};
  }
  for (const Cap& cap : policy.caps) {
    const std::string* category = FindCovering(cap.categories, field.category);
    if (category == nullptr || !CapApplies(cap, context.release)) continue;
    return Withheld{
        absl::StrFormat("policy %s allows %s at most %s here", policy.name,
                        *category, IdentifiabilityName(cap.at_most)),
        &cap.clause};
  }
  if (const BannedCategory* ban = FindBan(field.category); ban != nullptr)
    return Withheld{std::string(ban->reason), nullptr};
  return std::nullopt;
}

// TreatmentMeaning, with what the schema excepts from it.
std::string MeaningFor(const SchemaField& field, Treatment treatment) {
  std::string meaning(TreatmentMeaning(treatment));
  if (treatment != Treatment::kRedactParameters ||
      field.keep_parameters.empty()) {
    return meaning;
  }
  return absl::StrReplaceAll(
      meaning,
      {{"query values",
        absl::StrCat("query values (except ",
                     absl::StrJoin(field.keep_parameters, ", "), ")")}});
}

std::string TableReason(const SchemaField& field, const TreatmentRow& row,
                        Identifiability level, Treatment treatment) {
  if (treatment == Treatment::kSuppress && !row.reason.empty())
    return std::string(row.reason);
  return absl::StrFormat("%s at %s %s", ValueTypeName(field.type),
                         IdentifiabilityName(level),
                         MeaningFor(field, treatment));
}

FieldPlan StandardPlan(const ReleaseContext& context,
                       const SchemaField& field) {
  FieldPlan plan;
  if (const std::optional<Withheld> withheld = FindWithheld(context, field)) {
    plan.why = withheld->why;
    if (withheld->clause != nullptr) plan.clause = withheld->clause->heading;
    return plan;
  }
  const TreatmentRow& row = FindTreatmentRow(field.type, field.granularity);
  const Identifiability level = context.release.level;
  const bool never_leaves = row.ladder.size() == 1;
  if (field.carrier != Carrier::kBody && !never_leaves) {
    plan.why = "keys and headers leave only where a release names them";
    return plan;
  }
  plan.spec.treatment = StandardTreatment(row, level);
  plan.why = TableReason(field, row, level, plan.spec.treatment);
  if (!never_leaves) plan.clause = context.grant.clause.heading;
  return plan;
}

std::string JoinTreatments(std::span<const Treatment> treatments) {
  std::string joined;
  for (size_t i = 0; i < treatments.size(); ++i) {
    if (i > 0) joined += i + 1 == treatments.size() ? " or " : ", ";
    joined += TreatmentName(treatments[i]);
  }
  return joined;
}

// Where a finding about an override goes, and how it begins.
struct OverridePlace {
  const FieldOverride& choice;
  std::string key;      // releases[0].fields.remote_addr
  std::string subject;  // release 'partners': remote_addr
};

void RefuseWithheld(const ReleaseContext& context, const OverridePlace& place,
                    const Withheld& withheld, Diagnostics* findings) {
  std::string source;
  if (withheld.clause != nullptr) {
    source = absl::StrFormat(" (%s)",
                             DescribeClause(context.policy, *withheld.clause));
  }
  AddError(findings, place.choice.position, place.key,
           absl::StrFormat("%s: %s%s, got %s", place.subject, withheld.why,
                           source, TreatmentName(place.choice.treatment)),
           "remove the override or choose suppress");
}

void RefuseTreatment(const ReleaseContext& context, const OverridePlace& place,
                     const SchemaField& field, const TreatmentRow& row,
                     Diagnostics* findings) {
  const Identifiability level = context.release.level;
  const Treatment chosen = place.choice.treatment;
  const bool known = std::find(row.ladder.begin(), row.ladder.end(), chosen) !=
                     row.ladder.end();
  const std::string what =
      known ? absl::StrFormat(
                  "%s: too weak for type %s at %s (granted by %s), got %s",
                  place.subject, ValueTypeName(field.type),
                  IdentifiabilityName(level),
                  DescribeClause(context.policy, context.grant.clause),
                  TreatmentName(chosen))
            : absl::StrFormat("%s: not a treatment for type %s, got %s",
                              place.subject, ValueTypeName(field.type),
                              TreatmentName(chosen));
  AddError(findings, place.choice.position, place.key, what,
           "choose " + JoinTreatments(AllowedTreatments(row, level)));
}

// Finer networks, or a network that keeps nothing, are refused.
bool CheckPrefix(const OverridePlace& place, std::string_view name, int prefix,
                 int max, Diagnostics* findings) {
  if (prefix >= 1 && prefix <= max) return true;
  AddError(findings, place.choice.position, place.key,
           absl::StrFormat("%s: %s must be 1 to %d, got %d", place.subject,
                           name, max, prefix),
           "a finer network points to a household or a person");
  return false;
}

bool CheckBuckets(const OverridePlace& place, Diagnostics* findings) {
  const std::vector<double>& buckets = place.choice.buckets;
  const auto descent = std::adjacent_find(
      buckets.begin(), buckets.end(),
      [](double left, double right) { return !(left < right); });
  if (!buckets.empty() && descent == buckets.end()) return true;
  AddError(findings, place.choice.position, place.key,
           place.subject + ": buckets must be lower bounds in ascending order",
           "for example buckets: [0, 100, 1000]");
  return false;
}

bool CheckParameters(const OverridePlace& place, Diagnostics* findings) {
  switch (place.choice.treatment) {
    case Treatment::kTruncate: {
      const bool v4 = CheckPrefix(place, "prefix_v4", place.choice.prefix_v4,
                                  kPrefixV4Max, findings);
      const bool v6 = CheckPrefix(place, "prefix_v6", place.choice.prefix_v6,
                                  kPrefixV6Max, findings);
      return v4 && v6;
    }
    case Treatment::kBuckets:
      return CheckBuckets(place, findings);
    default:
      return true;
  }
}

TreatmentSpec SpecOf(const FieldOverride& choice) {
  TreatmentSpec spec;
  spec.treatment = choice.treatment;
  if (choice.treatment == Treatment::kTruncate) {
    spec.prefix_v4 = choice.prefix_v4;
    spec.prefix_v6 = choice.prefix_v6;
  }
  if (choice.treatment == Treatment::kBuckets) spec.buckets = choice.buckets;
  return spec;
}

void ApplyOverride(const ReleaseContext& context, const OverridePlace& place,
                   const SchemaField& field, FieldPlan* plan,
                   Diagnostics* findings) {
  const Treatment treatment = place.choice.treatment;
  if (const std::optional<Withheld> withheld = FindWithheld(context, field)) {
    if (treatment != Treatment::kSuppress)
      RefuseWithheld(context, place, *withheld, findings);
    return;
  }
  const TreatmentRow& row = FindTreatmentRow(field.type, field.granularity);
  if (!IsTreatmentAllowed(row, context.release.level, treatment)) {
    RefuseTreatment(context, place, field, row, findings);
    return;
  }
  if (!CheckParameters(place, findings)) return;
  plan->spec = SpecOf(place.choice);
  if (treatment != Treatment::kSuppress)
    plan->clause = context.grant.clause.heading;
  plan->why =
      absl::StrFormat("chosen by the release: %s %s", ValueTypeName(field.type),
                      MeaningFor(field, treatment));
}

std::string TextOf(const SchemaField& field) {
  return field.carrier == Carrier::kKafkaHeader ? field.header
                                                : FieldPathText(field.path);
}

std::string SuggestField(const LogSchema& schema, const FieldOverride& choice) {
  std::vector<std::string> names;
  for (const SchemaField& field : schema.fields) {
    if (field.carrier == choice.carrier) names.push_back(TextOf(field));
  }
  if (names.empty()) {
    return choice.carrier == Carrier::kKafkaKey
               ? "classify it there: kafka: {key: {category: ..., type: ...}}"
               : "classify it there: kafka: {headers: {NAME: {category: ..., "
                 "type: ...}}}";
  }
  return DidYouMean(choice.carrier == Carrier::kKafkaHeader
                        ? choice.header
                        : FieldPathText(choice.path),
                    names);
}

bool IsMeant(const FieldOverride& choice, const SchemaField& field) {
  return field.carrier == choice.carrier && field.path == choice.path &&
         field.header == choice.header;
}

// Index of the field that `choice` means; adds a finding and returns nullopt if
// there is none or it was meant before.
std::optional<size_t> ResolveField(const ReleaseContext& context,
                                   const OverridePlace& place,
                                   const std::vector<bool>& taken,
                                   Diagnostics* findings) {
  const std::vector<SchemaField>& fields = context.schema.fields;
  const auto field = std::find_if(fields.begin(), fields.end(),
                                  [&](const SchemaField& candidate) {
                                    return IsMeant(place.choice, candidate);
                                  });
  if (field == fields.end()) {
    AddError(findings, place.choice.position, place.key,
             absl::StrFormat("%s: not a field of schema %s", place.subject,
                             context.schema.name),
             SuggestField(context.schema, place.choice));
    return std::nullopt;
  }
  const auto index = static_cast<size_t>(field - fields.begin());
  if (taken[index]) {
    AddError(findings, place.choice.position, place.key,
             place.subject + ": named twice", "keep one of them");
    return std::nullopt;
  }
  return index;
}

}  // namespace

std::string FieldKey(const std::string& release, Carrier carrier,
                     const FieldPath& path, const std::string& header) {
  switch (carrier) {
    case Carrier::kBody:
      return release + ".fields." + FieldPathText(path);
    case Carrier::kKafkaKey:
      return release + ".output.kafka.key";
    case Carrier::kKafkaHeader:
      break;
  }
  return KeyOfMember(release + ".output.kafka.headers", header);
}

std::vector<FieldPlan> TreatFields(const ReleaseContext& context,
                                   Diagnostics* findings) {
  const std::vector<SchemaField>& fields = context.schema.fields;
  std::vector<FieldPlan> plans;
  plans.reserve(fields.size());
  for (const SchemaField& field : fields)
    plans.push_back(StandardPlan(context, field));

  std::vector<bool> taken(fields.size(), false);
  for (const FieldOverride& choice : context.release.fields) {
    const OverridePlace place{
        choice,
        FieldKey(context.key, choice.carrier, choice.path, choice.header),
        absl::StrFormat("release '%s': %s", context.release.name,
                        FieldName(choice.carrier, choice.path, choice.header))};
    const std::optional<size_t> index =
        ResolveField(context, place, taken, findings);
    if (!index.has_value()) continue;
    taken[*index] = true;
    ApplyOverride(context, place, fields[*index], &plans[*index], findings);
  }
  return plans;
}

}  // namespace nymstream
