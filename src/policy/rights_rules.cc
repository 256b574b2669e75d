#include "policy/rights_rules.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_format.h"
#include "nymstream/plan.h"
#include "policy/finding.h"
#include "policy/grant_search.h"

namespace nymstream {
namespace {

// True if who used `right` must be missing from `release`.
bool RightCovers(Right right, const Release& release) {
  switch (right) {
    case Right::kErasure:
      return true;
    case Right::kOptOutOfThirdPartyDisclosure:
      return release.audience == Audience::kThirdParty ||
             release.audience == Audience::kAffiliate ||
             release.audience == Audience::kPublic;
    case Right::kOptOutOfMarketing:
      return Covers("marketing", release.use);
    case Right::kDisclosureList:
      return false;
  }
  return true;
}

bool LeavesTheCompany(const Release& release) {
  return release.audience != Audience::kInternal;
}

bool HasList(const Pipeline& pipeline, Right right) {
  return std::any_of(
      pipeline.rights.begin(), pipeline.rights.end(),
      [&](const RightsRule& rule) { return rule.right == right; });
}

void WarnUnlisted(const Policy& policy, const RightGranted& granted,
                  const Release& release, const std::string& key,
                  Diagnostics* findings) {
  AddWarning(
      findings, release.position, key,
      absl::StrFormat("release '%s': policy %s grants %s (%s), which "
                      "covers this release, and no suppression list "
                      "serves it",
                      release.name, policy.name, RightName(granted.right),
                      DescribeClause(policy, granted.clause)),
      absl::StrFormat("add rights: [{right: %s, subjects: FILE}]",
                      RightName(granted.right)));
}

void WarnUnnamed(const Policy& policy, const RightGranted& granted,
                 const Release& release, const std::string& key,
                 Diagnostics* findings) {
  AddWarning(findings, release.position, key + ".recipient",
             absl::StrFormat("release '%s': policy %s promises a list of "
                             "recipients (%s), and this release names none",
                             release.name, policy.name,
                             DescribeClause(policy, granted.clause)),
             "name who gets it");
}

std::string JoinRights(const Policy& policy) {
  std::string joined;
  for (const RightGranted& granted : policy.rights) {
    if (!joined.empty()) joined += ", ";
    joined += RightName(granted.right);
  }
  return joined.empty() ? "none" : joined;
}

void CheckRule(const RightsRule& rule, const Pipeline& pipeline,
               const Policy& policy, const std::string& key,
               Diagnostics* findings) {
  if (rule.right == Right::kDisclosureList) {
    AddError(findings, rule.position, key + ".right",
             "disclosure_list needs no suppression list",
             "it is answered by nymstream explain --disclosures");
    return;
  }
  const bool granted = std::any_of(policy.rights.begin(), policy.rights.end(),
                                   [&](const RightGranted& candidate) {
                                     return candidate.right == rule.right;
                                   });
  if (!granted) {
    AddError(
        findings, rule.position, key + ".right",
        absl::StrFormat("policy %s (%s) grants no such right, got %s",
                        policy.name, policy.document, RightName(rule.right)),
        "its rights: " + JoinRights(policy));
    return;
  }
  const bool used = std::any_of(
      pipeline.releases.begin(), pipeline.releases.end(),
      [&](const Release& release) { return RightCovers(rule.right, release); });
  if (used) return;
  AddWarning(findings, rule.position, key,
             absl::StrFormat("%s covers no release of this pipeline",
                             RightName(rule.right)),
             "remove the list");
}

}  // namespace

std::vector<int> RightsOfRelease(const Pipeline& pipeline, const Policy& policy,
                                 const Release& release, const std::string& key,
                                 Diagnostics* findings) {
  for (const RightGranted& granted : policy.rights) {
    if (granted.right == Right::kDisclosureList) {
      if (LeavesTheCompany(release) && release.recipient.empty())
        WarnUnnamed(policy, granted, release, key, findings);
    } else if (RightCovers(granted.right, release) &&
               !HasList(pipeline, granted.right)) {
      WarnUnlisted(policy, granted, release, key, findings);
    }
  }
  std::vector<int> covering;
  for (size_t i = 0; i < pipeline.rights.size(); ++i) {
    if (RightCovers(pipeline.rights[i].right, release))
      covering.push_back(static_cast<int>(i));
  }
  return covering;
}

void CheckRights(const Pipeline& pipeline, const Policy& policy,
                 const LogSchema& schema, Diagnostics* findings) {
  if (pipeline.rights.size() > kListsMax) {
    AddError(findings, pipeline.rights.front().position, "rights",
             absl::StrFormat("at most %d suppression lists, got %d", kListsMax,
                             pipeline.rights.size()),
             "join lists of the same right");
  }
  for (size_t i = 0; i < pipeline.rights.size(); ++i) {
    CheckRule(pipeline.rights[i], pipeline, policy,
              absl::StrFormat("rights[%d]", i), findings);
  }
  const bool matchable = std::any_of(
      schema.fields.begin(), schema.fields.end(), [](const SchemaField& field) {
        return field.carrier == Carrier::kBody && IdentifiesSubject(field.type);
      });
  if (pipeline.rights.empty() || matchable) return;
  AddError(findings, pipeline.rights.front().position, "rights",
           absl::StrFormat("schema %s has no field of type ip, id, mac or "
                           "email, so no record can be matched to a subject",
                           schema.name),
           "classify the field that names the subject");
}

}  // namespace nymstream
