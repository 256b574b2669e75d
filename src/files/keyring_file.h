// The keyring as a file.
#ifndef NYMSTREAM_FILES_KEYRING_FILE_H_
#define NYMSTREAM_FILES_KEYRING_FILE_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "files/secret_file.h"
#include "nymstream/keyring.h"
#include "secret/keyring_text.h"

namespace nymstream {

// Reads and checks the keyring at `path`. Errors of ReadSecretFile and
// Keyring::Parse; all name the file.
absl::StatusOr<std::shared_ptr<const Keyring>> ReadKeyringFile(
    const std::string& path);

// kAlreadyExists if there is a file; it is left as it is.
absl::Status CreateKeyringFile(const std::string& path,
                               const KeyringContent& content);

// A keyring that nobody else changes meanwhile.
class KeyringFileEditor {
 public:
  static absl::StatusOr<KeyringFileEditor> Open(const std::string& path);

  const KeyringContent& content() const { return content_; }

  // As SecretFileEditor::Replace; call it once.
  absl::Status Replace(const KeyringContent& content, OldBytes old);

 private:
  SecretFileEditor file_;
  KeyringContent content_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_FILES_KEYRING_FILE_H_
