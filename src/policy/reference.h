// Reference pages made from the treatment table and from policies. Tests keep
// docs/reference current.
#ifndef NYMSTREAM_POLICY_REFERENCE_H_
#define NYMSTREAM_POLICY_REFERENCE_H_

#include <span>
#include <string>

#include "nymstream/policy.h"

namespace nymstream {

// docs/reference/treatments.md: what a value of each type becomes at each
// level, and what a release may choose instead.
std::string TreatmentReference();

// docs/reference/grants.md: which use and audience each policy grants at which
// level, by which clause, and what it withholds.
std::string GrantReference(std::span<const Policy> policies);

}  // namespace nymstream

#endif  // NYMSTREAM_POLICY_REFERENCE_H_
