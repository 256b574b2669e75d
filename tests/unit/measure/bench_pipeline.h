// A pipeline of two releases for the tests of the bench.
#ifndef NYMSTREAM_TESTS_UNIT_MEASURE_BENCH_PIPELINE_H_
#define NYMSTREAM_TESTS_UNIT_MEASURE_BENCH_PIPELINE_H_

#include <memory>

#include "nymstream/plan.h"
#include "support/engine_harness.h"

namespace nymstream {

inline std::shared_ptr<const Plan> BenchPlan() {
  return MakePlan(
      "pipeline: edge\nschema: nginx-json\npolicy: no-ip-2024\n"
      "keys: {keyring: keyring}\nreleases:\n"
      "  - {name: analytics, use: analytics.reporting, audience: internal, "
      "level: pseudonymized, epoch: P30D}\n"
      "  - {name: statistics, use: analytics.reporting, audience: third_party, "
      "level: anonymized}\n",
      ShippedText("policies/no-ip-2024"), ShippedText("schemas/nginx-json"));
}

}  // namespace nymstream

#endif  // NYMSTREAM_TESTS_UNIT_MEASURE_BENCH_PIPELINE_H_
