// What became of the records that were measured.
#ifndef NYMSTREAM_MEASURE_OUTCOME_H_
#define NYMSTREAM_MEASURE_OUTCOME_H_

#include <vector>

#include "absl/status/statusor.h"
#include "measure/bench_report.h"
#include "nymstream/plan.h"
#include "nymstream/verdict.h"

namespace nymstream {

// Of each release. kFailedPrecondition with the reasons if no record leaves
// any: figures of that would tell nothing.
absl::StatusOr<std::vector<BenchRelease>> OutcomeOf(const Plan& plan,
                                                    const Counters& counters);

}  // namespace nymstream

#endif  // NYMSTREAM_MEASURE_OUTCOME_H_
