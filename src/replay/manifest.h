// The last file of a replay: what was read, by which rules, what came of it.
#ifndef NYMSTREAM_REPLAY_MANIFEST_H_
#define NYMSTREAM_REPLAY_MANIFEST_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "nymstream/keyring.h"
#include "nymstream/plan.h"
#include "replay/checkpoint.h"
#include "secret/pseudonym_key.h"

namespace nymstream {

// The key of the digests of inputs (docs/cryptography.md). From an unkeyed
// digest of a short log whoever can guess its content finds it. Nullopt if
// `keyring` (may be null) has no secret of the series subjects.
absl::StatusOr<std::optional<PseudonymKey>> InputDigestKey(
    const Keyring* keyring);

// manifest.json for a replay whose last checkpoint is `end`; without a key
// inputs have no digest. Two replays of the same inputs differ only in
// "started" and "duration_seconds".
std::string ManifestText(const Plan& plan, const Checkpoint& end,
                         const std::optional<PseudonymKey>& digest_key);

}  // namespace nymstream

#endif  // NYMSTREAM_REPLAY_MANIFEST_H_
