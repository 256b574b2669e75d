// The key pair of the sealed quarantine as files.
#ifndef NYMSTREAM_FILES_QUARANTINE_KEY_FILE_H_
#define NYMSTREAM_FILES_QUARANTINE_KEY_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "quarantine/quarantine_key.h"

namespace nymstream {

// Refuses a file that others may write: whoever exchanges the key can read what
// is sealed to it. Errors name the file.
absl::StatusOr<QuarantinePublicKey> ReadQuarantinePublicKey(
    const std::string& path);

// Errors of ReadSecretFile and ParseQuarantinePrivateKey.
absl::StatusOr<QuarantinePrivateKey> ReadQuarantinePrivateKey(
    const std::string& path);

// Makes both files, the private one with mode 0600. kAlreadyExists if one of
// them is there; then nothing is made.
absl::Status CreateQuarantineKeyFiles(const QuarantinePrivateKey& key,
                                      const std::string& private_path,
                                      const std::string& public_path);

}  // namespace nymstream

#endif  // NYMSTREAM_FILES_QUARANTINE_KEY_FILE_H_
