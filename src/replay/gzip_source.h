// gzip (RFC 1952), decompressed as it is read.
#ifndef NYMSTREAM_REPLAY_GZIP_SOURCE_H_
#define NYMSTREAM_REPLAY_GZIP_SOURCE_H_

#include <memory>

#include "replay/byte_source.h"
#include "replay/raw_input.h"

namespace nymstream {

// Reads every member, and zero bytes as padding after the last, as gzip(1)
// does. Anything else after a member, a wrong checksum or an end inside a
// member is kDataLoss with the byte offset in the compressed file. `raw` and
// `name` are borrowed.
std::unique_ptr<ByteSource> MakeGzipSource(RawInput* raw,
                                           std::string_view name);

}  // namespace nymstream

#endif  // NYMSTREAM_REPLAY_GZIP_SOURCE_H_
