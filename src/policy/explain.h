// The plan in words: for `nymstream explain`, and for the list of disclosures
// that a policy may promise. Never a value of a record.
#ifndef NYMSTREAM_POLICY_EXPLAIN_H_
#define NYMSTREAM_POLICY_EXPLAIN_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "nymstream/plan.h"

namespace nymstream {

enum class ExplainFormat { kText, kJson, kMarkdown };

struct ExplainOptions {
  ExplainFormat format = ExplainFormat::kText;
  std::string release;  // one release only; empty: all of them
};

// One row per field and release: field, category, type, treatment, why, clause.
// kNotFound, naming the releases there are, if `options.release` is none.
absl::StatusOr<std::string> ExplainPlan(const Plan& plan,
                                        const ExplainOptions& options);

// One row per release and category that leaves: recipient, audience, use,
// category, form, level and the clause of the grant. Errors as ExplainPlan.
absl::StatusOr<std::string> ExplainDisclosures(const Plan& plan,
                                               const ExplainOptions& options);

}  // namespace nymstream

#endif  // NYMSTREAM_POLICY_EXPLAIN_H_
