// Chunks worked on by many threads, and written in the order they were read.
#ifndef NYMSTREAM_REPLAY_ORDERED_POOL_H_
#define NYMSTREAM_REPLAY_ORDERED_POOL_H_

#include <functional>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "nymstream/batch.h"
#include "replay/input_position.h"

namespace nymstream {

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
