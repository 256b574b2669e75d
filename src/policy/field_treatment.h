// What each field becomes in one release, and why.
#ifndef NYMSTREAM_POLICY_FIELD_TREATMENT_H_
#define NYMSTREAM_POLICY_FIELD_TREATMENT_H_

#include <string>
#include <vector>

#include "nymstream/diagnostic.h"
#include "nymstream/log_schema.h"
#include "nymstream/pipeline.h"
#include "nymstream/plan.h"
#include "nymstream/policy.h"

namespace nymstream {

// One release on its way through the compiler.
struct ReleaseContext {
  const Policy& policy;
  const LogSchema& schema;
  const Release& release;  // its level is not kAggregated
  const Grant& grant;      // covers the release
  std::string key;         // releases[0]
};

// Where a release says what becomes of a field: releases[0].fields.remote_addr,
// releases[0].output.kafka.key. `release` is the release's place.
std::string FieldKey(const std::string& release, Carrier carrier,
                     const FieldPath& path, const std::string& header);

// Treatments parallel to the fields of the schema: what the policy withholds is
// suppressed with its clause, the rest is treated by the table or by the
// release's override; a key or a header without one is suppressed. Overrides
// that the table or the policy refuses are added to `findings` and leave the
// standard treatment in place.
std::vector<FieldPlan> TreatFields(const ReleaseContext& context,
                                   Diagnostics* findings);

}  // namespace nymstream

#endif  // NYMSTREAM_POLICY_FIELD_TREATMENT_H_
