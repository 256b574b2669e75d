// What a release must satisfy apart from the treatment of its fields.
#ifndef NYMSTREAM_POLICY_RELEASE_RULES_H_
#define NYMSTREAM_POLICY_RELEASE_RULES_H_

#include <string>

#include "nymstream/diagnostic.h"
#include "nymstream/log_schema.h"
#include "nymstream/pipeline.h"
#include "nymstream/plan.h"
#include "nymstream/policy.h"

namespace nymstream {

// The grant that covers `release`; null, with a finding that names what is
// granted instead and by which clause, if there is none or the level is not one
// of records. `key` is the release's place in the document: releases[0].
const Grant* RequireGrant(const Policy& policy, const Release& release,
                          const std::string& key, Diagnostics* findings);

// Canonical text of the key epoch of `release`, whose fields are planned in
// `plan`; empty if nothing in it is keyed. Adds a finding if the epoch is
// missing, too long or of no use.
std::string RequireEpoch(const Release& release, const ReleasePlan& plan,
                         const std::string& key, Diagnostics* findings);

// Source coordinates and country lookups that the pipeline can't have.
void CheckReleaseOptions(const Pipeline& pipeline, const LogSchema& schema,
                         const Release& release, const ReleasePlan& plan,
                         const std::string& key, Diagnostics* findings);

// Names and number of all releases.
void CheckReleasesTogether(const Pipeline& pipeline, Diagnostics* findings);

}  // namespace nymstream

#endif  // NYMSTREAM_POLICY_RELEASE_RULES_H_
