#include "policy/release_rules.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string_view>
#include <vector>

#include "absl/strings/str_format.h"
#include "policy/epoch_rules.h"
#include "policy/field_treatment.h"
#include "policy/finding.h"
#include "policy/grant_search.h"
#include "policy/release_name.h"

namespace nymstream {
namespace {

std::string Subject(const Release& release) {
  return absl::StrFormat("release '%s'", release.name);
}

std::string JoinGrants(const Policy& policy,
                       const std::vector<const Grant*>& grants) {
  std::string joined;
  for (const Grant* grant : grants) {
    if (!joined.empty()) joined += "; ";
    joined += DescribeGrant(policy, *grant);
  }
  return joined;
}

void RefuseUngranted(const Policy& policy, const Release& release,
                     const std::string& key, Diagnostics* findings) {
  const std::vector<const Grant*> near = NearestGrants(policy, release);
  AddError(findings, release.position, key,
           absl::StrFormat("%s: policy %s (%s) grants nothing for %s to %s, "
                           "got %s",
                           Subject(release), policy.name, policy.document,
                           release.use, AudienceName(release.audience),
                           IdentifiabilityName(release.level)),
           near.empty() ? "no grant comes near; remove the release"
                        : "nearest grants: " + JoinGrants(policy, near));
}

void RefuseLevel(const Policy& policy, const Release& release,
                 const Grant& widest, const std::string& key,
                 Diagnostics* findings) {
  AddError(findings, release.level_position, key + ".level",
           absl::StrFormat("%s: policy %s grants %s, got %s", Subject(release),
                           policy.name, DescribeGrant(policy, widest),
                           IdentifiabilityName(release.level)),
           widest.at_most == Identifiability::kAggregated
               ? "only aggregates may leave; this version releases records"
               : absl::StrFormat("choose %s or less identifying",
                                 IdentifiabilityName(widest.at_most)));
}

bool HasKeyedField(const ReleasePlan& plan) {
  return std::any_of(
      plan.fields.begin(), plan.fields.end(),
      [](const FieldPlan& field) { return IsKeyed(field.spec.treatment); });
}

bool MayHaveCoordinates(const Release& release) {
  return release.audience == Audience::kInternal &&
         release.level <= Identifiability::kPseudonymized;
}

void CheckName(const Release& release, const std::string& key,
               Diagnostics* findings) {
  const std::string_view why = WhyNameIsTaken(release.name);
  if (why.empty()) return;
  AddError(findings, release.position, key + ".name",
           absl::StrFormat("'%s' %s", release.name, why),
           "choose another name");
}

std::string ReleaseKey(size_t index) {
  return absl::StrFormat("releases[%d]", index);
}

}  // namespace

const Grant* RequireGrant(const Policy& policy, const Release& release,
                          const std::string& key, Diagnostics* findings) {
  const Grant* widest = WidestGrant(policy, release);
  if (widest == nullptr) {
    RefuseUngranted(policy, release, key, findings);
    return nullptr;
  }
  if (release.level == Identifiability::kAggregated) {
    AddError(findings, release.level_position, key + ".level",
             absl::StrFormat("%s: this version releases records and makes no "
                             "aggregates, got aggregated",
                             Subject(release)),
             absl::StrFormat("granted is %s", DescribeGrant(policy, *widest)));
    return nullptr;
  }
  const Grant* grant = FindGrant(policy, release);
  if (grant == nullptr) RefuseLevel(policy, release, *widest, key, findings);
  return grant;
}

std::string RequireEpoch(const Release& release, const ReleasePlan& plan,
                         const std::string& key, Diagnostics* findings) {
  const bool keyed = HasKeyedField(plan);
  if (!release.epoch.has_value()) {
    if (keyed) {
      AddError(
          findings, release.position, key + ".epoch",
          Subject(release) + ": pseudonyms need a key epoch, and none is given",
          release.level == Identifiability::kUnlinkedPseudonymized
              ? "for example epoch: P1D (P7D at most at this level)"
              : "for example epoch: P30D");
    }
    return "";
  }
  std::string text = PeriodText(*release.epoch);
  if (!keyed) {
    AddWarning(findings, release.position, key + ".epoch",
               absl::StrFormat("%s: nothing in it is pseudonymized, so epoch "
                               "%s has no effect",
                               Subject(release), text),
               "remove it");
    return "";
  }
  if (release.level == Identifiability::kUnlinkedPseudonymized &&
      PeriodDaysMax(*release.epoch) > kUnlinkedEpochDaysMax) {
    AddError(findings, release.position, key + ".epoch",
             absl::StrFormat("%s: at unlinked_pseudonymized a key lives P%dD "
                             "at most, got %s",
                             Subject(release), kUnlinkedEpochDaysMax, text),
             "within an epoch a subject can be followed; the level promises "
             "that this ends soon");
  }
  return text;
}

void CheckReleaseOptions(const Pipeline& pipeline, const LogSchema& schema,
                         const Release& release, const ReleasePlan& plan,
                         const std::string& key, Diagnostics* findings) {
  if (release.source_coordinates && !MayHaveCoordinates(release)) {
    AddError(
        findings, release.position, key + ".source_coordinates",
        absl::StrFormat("%s: source coordinates lead back to the raw "
                        "record; they are for identified or pseudonymized "
                        "releases to internal, got %s to %s",
                        Subject(release), IdentifiabilityName(release.level),
                        AudienceName(release.audience)),
        "remove source_coordinates");
  }
  if (!pipeline.country_database.empty()) return;
  for (size_t i = 0; i < plan.fields.size(); ++i) {
    if (plan.fields[i].spec.treatment != Treatment::kCountry) continue;
    const SchemaField& field = schema.fields[i];
    if (!IsAddress(field.type)) continue;
    AddError(
        findings, release.position,
        FieldKey(key, field.carrier, field.path, field.header),
        Subject(release) + ": country of an address needs a MaxMind database",
        "set country_database to the path of an .mmdb file");
  }
}

void CheckReleasesTogether(const Pipeline& pipeline, Diagnostics* findings) {
  if (pipeline.releases.size() > kReleasesMax) {
    AddError(findings, pipeline.position, "releases",
             absl::StrFormat("at most %d releases, got %d", kReleasesMax,
                             pipeline.releases.size()),
             "split the pipeline");
  }
  std::map<std::string_view, size_t> names;
  for (size_t i = 0; i < pipeline.releases.size(); ++i) {
    const Release& release = pipeline.releases[i];
    CheckName(release, ReleaseKey(i), findings);
    const auto entry = names.emplace(release.name, i);
    if (entry.second) continue;
    AddError(findings, release.position, ReleaseKey(i) + ".name",
             absl::StrFormat("%s: %s has this name already, and keys are "
                             "derived from it",
                             Subject(release), ReleaseKey(entry.first->second)),
             "give every release a name of its own");
  }
}

}  // namespace nymstream
