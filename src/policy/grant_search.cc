#include "policy/grant_search.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_format.h"

namespace nymstream {
namespace {

constexpr size_t kNearestMax = 3;

bool CoversRelease(const Grant& grant, const Release& release) {
  return grant.audience == release.audience && Covers(grant.use, release.use);
}

std::string_view FirstLabel(std::string_view key) {
  return key.substr(0, key.find('.'));
}

// 0 is nearest; 2 is not near.
int Distance(const Grant& grant, const Release& release) {
  if (Covers(grant.use, release.use) || Covers(release.use, grant.use))
    return 0;
  if (grant.audience == release.audience ||
      FirstLabel(grant.use) == FirstLabel(release.use))
    return 1;
  return 2;
}

}  // namespace

bool IsWithin(Identifiability at_most, Identifiability level) {
  return level >= at_most;
}

const Grant* FindGrant(const Policy& policy, const Release& release) {
  const Grant* found = nullptr;
  for (const Grant& grant : policy.grants) {
    if (!CoversRelease(grant, release)) continue;
    if (!IsWithin(grant.at_most, release.level)) continue;
    if (found == nullptr || grant.use.size() > found->use.size())
      found = &grant;
  }
  return found;
}

const Grant* WidestGrant(const Policy& policy, const Release& release) {
  const Grant* widest = nullptr;
  for (const Grant& grant : policy.grants) {
    if (!CoversRelease(grant, release)) continue;
    if (widest == nullptr || grant.at_most < widest->at_most) widest = &grant;
  }
  return widest;
}

std::vector<const Grant*> NearestGrants(const Policy& policy,
                                        const Release& release) {
  std::vector<const Grant*> near;
  for (const Grant& grant : policy.grants) {
    if (Distance(grant, release) < 2) near.push_back(&grant);
  }
  std::stable_sort(
      near.begin(), near.end(), [&](const Grant* left, const Grant* right) {
        return Distance(*left, release) < Distance(*right, release);
      });
  near.resize(std::min(near.size(), kNearestMax));
  return near;
}

std::string DescribeClause(const Policy& policy, const Clause& clause) {
  if (clause.heading.empty()) return policy.document;
  return absl::StrFormat("\"%s\" of %s", clause.heading, policy.document);
}

std::string DescribeGrant(const Policy& policy, const Grant& grant) {
  return absl::StrFormat(
      "%s to %s, at most %s (%s)", grant.use, AudienceName(grant.audience),
      IdentifiabilityName(grant.at_most), DescribeClause(policy, grant.clause));
}

}  // namespace nymstream
