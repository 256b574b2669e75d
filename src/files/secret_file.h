// Files that hold secrets: safe by owner and mode, or not read.
#ifndef NYMSTREAM_FILES_SECRET_FILE_H_
#define NYMSTREAM_FILES_SECRET_FILE_H_

#include <sys/stat.h>

#include <cstddef>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "files/descriptor.h"
#include "secret/secret_bytes.h"

namespace nymstream {

// Checks an opened file: regular, owned by the effective user or root, written
// by the owner only, and, if it is `secret`, not readable by others (a group
// may read it: 0400, 0440, 0600, 0640). kPermissionDenied with the remedy.
absl::Status CheckFileSafety(const std::string& path, const struct stat& status,
                             bool secret);
// Of it, that nobody but the owner may write; `mode` is what chmod shall set.
absl::Status CheckWriters(const std::string& path, const struct stat& status,
                          const char* mode);

// The whole file, in locked memory. kNotFound, kPermissionDenied (unsafe, or
// not ours), kInvalidArgument (empty, or larger than `bytes_max`),
// kResourceExhausted (memory can't be locked), else the system's error.
absl::StatusOr<SecretBytes> ReadSecretFile(const std::string& path,
                                           size_t bytes_max);

// As ReadSecretFile, whatever owner and mode: to tell whether a file that was
// refused is a secret at all.
absl::StatusOr<SecretBytes> ReadUnsafeFile(const std::string& path,
                                           size_t bytes_max);

// Makes `path` with mode 0600, whole or not at all. kAlreadyExists if there is
// one; it is left as it is.
absl::Status CreateSecretFile(const std::string& path,
                              std::span<const unsigned char> bytes);

enum class OldBytes { kKeep, kOverwrite };

// A secret file that nobody else edits meanwhile.
class SecretFileEditor {
 public:
  // Errors as ReadSecretFile; kFailedPrecondition if another editor is at work.
  static absl::StatusOr<SecretFileEditor> Open(const std::string& path,
                                               size_t bytes_max);

  const SecretBytes& bytes() const { return bytes_; }

  // Puts a new file with the same owner and mode in its place, whole or not at
  // all. With kOverwrite the old file's blocks are overwritten with zeros
  // afterwards, as far as the file system writes in place. Call it once.
  absl::Status Replace(std::span<const unsigned char> bytes, OldBytes old);

 private:
  std::string path_;  // of the file itself, symbolic links followed
  Descriptor file_;   // locked
  struct stat status_ {};
  SecretBytes bytes_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_FILES_SECRET_FILE_H_
