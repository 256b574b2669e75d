// Which grant of a policy lets a release be what it is.
#ifndef NYMSTREAM_POLICY_GRANT_SEARCH_H_
#define NYMSTREAM_POLICY_GRANT_SEARCH_H_

#include <string>
#include <string_view>
#include <vector>

#include "nymstream/pipeline.h"
#include "nymstream/policy.h"

namespace nymstream {

// True if a release at `level` is no more identifying than `at_most`.
bool IsWithin(Identifiability at_most, Identifiability level);

// The grant with the narrowest use that covers use, audience and level of
// `release`; null if none does. Lives as long as `policy`.
const Grant* FindGrant(const Policy& policy, const Release& release);

// The most identifying grant for use and audience of `release`, whatever its
// level; null if nothing is granted for them.
const Grant* WidestGrant(const Policy& policy, const Release& release);

// Up to three grants near to what `release` asks for: the same use to others
// first, then a kindred use to the same audience.
std::vector<const Grant*> NearestGrants(const Policy& policy,
                                        const Release& release);

// `analytics to internal, at most pseudonymized ("Heading" of file.txt)`.
std::string DescribeGrant(const Policy& policy, const Grant& grant);

// `"Heading" of file.txt`; only the file where there is no heading.
std::string DescribeClause(const Policy& policy, const Clause& clause);

}  // namespace nymstream

#endif  // NYMSTREAM_POLICY_GRANT_SEARCH_H_
