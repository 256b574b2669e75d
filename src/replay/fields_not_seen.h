// What a schema and a log do not have in common.
#ifndef NYMSTREAM_REPLAY_FIELDS_NOT_SEEN_H_
#define NYMSTREAM_REPLAY_FIELDS_NOT_SEEN_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "nymstream/plan.h"
#include "nymstream/verdict.h"

namespace nymstream {

// Fields of records that no released record had, by index. Optional ones are
// among them, and mistyped ones.
std::vector<size_t> FieldsNotSeen(const Plan& plan, const Counters& counters);

// How many members that no field covers were dropped from a release; of the one
// with the most.
uint64_t UnclassifiedMembers(const Counters& counters);

}  // namespace nymstream

#endif  // NYMSTREAM_REPLAY_FIELDS_NOT_SEEN_H_
