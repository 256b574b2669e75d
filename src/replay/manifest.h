// The last file of a replay: what was read, by which rules, what came of it.
#ifndef NYMSTREAM_REPLAY_MANIFEST_H_
#define NYMSTREAM_REPLAY_MANIFEST_H_

#include <string>

#include "nymstream/plan.h"
#include "replay/checkpoint.h"

namespace nymstream {

// manifest.json for a replay whose last checkpoint is `end`. Two replays of the
// same inputs differ only in "started" and "duration_seconds".
std::string ManifestText(const Plan& plan, const Checkpoint& end);

}  // namespace nymstream

#endif  // NYMSTREAM_REPLAY_MANIFEST_H_
