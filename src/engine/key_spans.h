// How many spans of time each of several Deidentifiers may keep keys of.
#ifndef NYMSTREAM_ENGINE_KEY_SPANS_H_
#define NYMSTREAM_ENGINE_KEY_SPANS_H_

#include <cstddef>

#include "absl/status/statusor.h"
#include "nymstream/plan.h"

namespace nymstream {

// For DeidentifierOptions::key_spans_max: divides what memory can be locked
// among `threads` that each have a Deidentifier. One that lacked it would
// quarantine records, and the output would depend on their number.
// kResourceExhausted, for the user, if it is too little for one span each.
absl::StatusOr<size_t> KeySpansOfEach(const Plan& plan, size_t threads);

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_KEY_SPANS_H_
