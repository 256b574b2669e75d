// Counters as JSON, for the manifest and the checkpoint.
#ifndef NYMSTREAM_REPLAY_COUNTERS_JSON_H_
#define NYMSTREAM_REPLAY_COUNTERS_JSON_H_

#include <nlohmann/json.hpp>

#include "nymstream/plan.h"
#include "nymstream/verdict.h"

namespace nymstream {

// Names and numbers only; reasons and actions that never occurred are there
// with 0, so that readers need no default.
nlohmann::ordered_json CountersToJson(const Plan& plan,
                                      const Counters& counters);

// What CountersToJson wrote for the same plan. Throws nlohmann::json::exception
// on anything else.
Counters CountersFromJson(const Plan& plan, const nlohmann::ordered_json& json);

}  // namespace nymstream

#endif  // NYMSTREAM_REPLAY_COUNTERS_JSON_H_
