// Small files, read whole.
#ifndef NYMSTREAM_FILES_READ_FILE_H_
#define NYMSTREAM_FILES_READ_FILE_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"

namespace nymstream {

// The bytes of the regular file at `path`. Errors say why and not which file:
// the caller does. kNotFound, kPermissionDenied, kInvalidArgument (a folder, or
// more than `bytes_max` bytes), kUnavailable (the read failed). Not for
// secrets: the bytes are neither locked nor wiped.
absl::StatusOr<std::string> ReadFile(const std::string& path, size_t bytes_max);

}  // namespace nymstream

#endif  // NYMSTREAM_FILES_READ_FILE_H_
