// Bytes in order, from wherever.
#ifndef NYMSTREAM_REPLAY_BYTE_SOURCE_H_
#define NYMSTREAM_REPLAY_BYTE_SOURCE_H_

#include <cstddef>

#include "absl/status/statusor.h"

namespace nymstream {

// One thread per object.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Fills at least one of `size` (not 0) bytes at `to` and returns how many; 0
  // at the end, then and ever after. Errors name file and byte offset.
  virtual absl::StatusOr<size_t> Read(char* to, size_t size) = 0;
};

}  // namespace nymstream

#endif  // NYMSTREAM_REPLAY_BYTE_SOURCE_H_
