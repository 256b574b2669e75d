// Zstandard (RFC 8878), decompressed as it is read.
#ifndef NYMSTREAM_REPLAY_ZSTD_SOURCE_H_
#define NYMSTREAM_REPLAY_ZSTD_SOURCE_H_

#include <memory>

#include "replay/byte_source.h"
#include "replay/raw_input.h"

namespace nymstream {

// Window of a frame that is still read: 2^27 bytes = 128 MiB, what zstd(1)
// reads without --long.
inline constexpr int kZstdWindowLogMax = 27;

// Reads every frame, skippable ones as nothing. Damaged data, an end inside a
// frame or too large a window is kDataLoss with the byte offset in the
// compressed file. `raw` and `name` are borrowed.
std::unique_ptr<ByteSource> MakeZstdSource(RawInput* raw,
                                           std::string_view name);

}  // namespace nymstream

#endif  // NYMSTREAM_REPLAY_ZSTD_SOURCE_H_
