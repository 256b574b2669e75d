// Chunks worked on by many threads, and written in the order they were read.
#ifndef NYMSTREAM_REPLAY_ORDERED_POOL_H_
#define NYMSTREAM_REPLAY_ORDERED_POOL_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "nymstream/batch.h"
#include "replay/raw_input.h"

namespace nymstream {

// Up to where the inputs have been read, at a border between records.
struct InputPosition {
  uint64_t input = 0;    // index; the number of inputs at the very end
  uint64_t decoded = 0;  // bytes of it, decompressed
  RawPrefix raw;         // that had been read for them; empty if decoded is 0
  bool operator==(const InputPosition& other) const {
    return input == other.input && decoded == other.decoded &&
           raw.bytes == other.raw.bytes && raw.sha256 == other.raw.sha256;
  }
};

// What goes round: filled by the reader, processed by a worker, written, and
// filled again.
struct ChunkSlot {
  RawBatch raw;
  ReleasedBatch released;
  InputPosition after;
  // Set if this chunk, which is empty then, marks the end of an input: all of
  // what was read of it.
  std::optional<RawPrefix> finished;
};

struct PoolOptions {
  size_t slots = 2;  // chunks in memory at most
  // One for each worker thread.
  std::vector<std::function<void(ChunkSlot&)>> workers;
  // On a thread of its own. False: there is no further chunk.
  std::function<absl::StatusOr<bool>(ChunkSlot&)> read;
  // On the calling thread, in the order of reading. After an error, `read` must
  // return soon.
  std::function<absl::Status(ChunkSlot&)> write;
};

// Runs until all is read and written, or one of both fails. An error of `write`
// ends it at once; after one of `read`, what was read before is written first.
// Returns the error. All threads have ended when it returns.
absl::Status RunOrdered(const PoolOptions& options);

}  // namespace nymstream

#endif  // NYMSTREAM_REPLAY_ORDERED_POOL_H_
