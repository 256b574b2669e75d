// Proves that a pipeline keeps its policy's promises, or says why not.
#ifndef NYMSTREAM_POLICY_COMPILER_H_
#define NYMSTREAM_POLICY_COMPILER_H_

#include <memory>

#include "nymstream/diagnostic.h"
#include "nymstream/log_schema.h"
#include "nymstream/pipeline.h"
#include "nymstream/plan.h"
#include "nymstream/policy.h"

namespace nymstream {

// Appends every finding to `findings` (not only the first); null if any of
// them is an error. Each refusal names release, field or grant, and the clause
// with its document. Pure; thread safe. Cost: fields times releases.
std::shared_ptr<const Plan> CompilePlan(const Pipeline& pipeline,
                                        const Policy& policy,
                                        const LogSchema& schema,
                                        Diagnostics* findings);

}  // namespace nymstream

#endif  // NYMSTREAM_POLICY_COMPILER_H_
