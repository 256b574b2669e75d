// What `nymstream keys` does to a keyring file.
#ifndef NYMSTREAM_CLI_KEYS_ACTIONS_H_
#define NYMSTREAM_CLI_KEYS_ACTIONS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace nymstream {

// Times are unix seconds. Errors of the files and of AddEpochs; kOutOfRange for
// what a flag can't ask. The texts hold no secret.

struct EpochRequest {
  std::string keyring;               // path
  std::vector<std::string> periods;  // canonical; empty: see each action
  std::optional<int64_t> from;
  std::optional<int64_t> until;
};

// Makes a keyring with the series of `periods` (P1D and P30D if empty) and the
// one of subjects, from 30 days before `now` to 366 days after it unless said
// otherwise. One line for each series.
absl::StatusOr<std::string> GenerateKeys(const EpochRequest& request,
                                         int64_t now);

// Adds the epochs that are missing in the series of `periods` (all that the
// keyring has if empty), from the end of the last one, or 30 days before `now`
// for a new series, to 366 days after `now` unless said otherwise; and the
// series of subjects. One line for each series.
absl::StatusOr<std::string> RotateKeys(const EpochRequest& request,
                                       int64_t now);

// A table: series, id, from, until, state.
absl::StatusOr<std::string> ListKeys(const std::string& keyring, int64_t now);

struct DestroyRequest {
  std::string keyring;
  std::vector<std::string> ids;
  // Every epoch that ends at this time or before it; not after `now`.
  std::optional<int64_t> before;
};

// Takes secrets out of the keyring for good. One line for each epoch.
absl::StatusOr<std::string> DestroyKeys(const DestroyRequest& request,
                                        int64_t now);

}  // namespace nymstream

#endif  // NYMSTREAM_CLI_KEYS_ACTIONS_H_
