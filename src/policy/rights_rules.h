// Which suppression lists a release must honour.
#ifndef NYMSTREAM_POLICY_RIGHTS_RULES_H_
#define NYMSTREAM_POLICY_RIGHTS_RULES_H_

#include <string>
#include <vector>

#include "nymstream/diagnostic.h"
#include "nymstream/log_schema.h"
#include "nymstream/pipeline.h"
#include "nymstream/policy.h"

namespace nymstream {

// Indexes into `pipeline.rights` of the lists that cover `release`. Warns about
// a right of the policy that covers the release and has no list, and about a
// promised list of recipients that could not name this one.
std::vector<int> RightsOfRelease(const Pipeline& pipeline, const Policy& policy,
                                 const Release& release, const std::string& key,
                                 Diagnostics* findings);

// Every list serves a right that the policy grants, there is a bit for each,
// and the schema has a field by which a record can be matched to a subject.
void CheckRights(const Pipeline& pipeline, const Policy& policy,
                 const LogSchema& schema, Diagnostics* findings);

}  // namespace nymstream

#endif  // NYMSTREAM_POLICY_RIGHTS_RULES_H_
