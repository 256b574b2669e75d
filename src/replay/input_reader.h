// All inputs of a replay, one chunk after the other.
#ifndef NYMSTREAM_REPLAY_INPUT_READER_H_
#define NYMSTREAM_REPLAY_INPUT_READER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "replay/chunker.h"
#include "replay/input_list.h"
#include "replay/input_position.h"
#include "replay/open_input.h"
#include "replay/ordered_pool.h"

namespace nymstream {

// One thread per object.
class InputReader {
 public:
  // `inputs` and `stopped` are borrowed. Reading begins at `position`; what an
  // earlier session read before it is read again, compared with its digest and
  // passed over.
  InputReader(const std::vector<InputFile>& inputs, InputPosition position,
              const ChunkLimits& limits, const std::function<bool()>& stopped);

  // Fills `slot` with the next chunk, or with the end of an input. False after
  // the end of the last. Errors as in Replay().
  absl::StatusOr<bool> Next(ChunkSlot& slot);

 private:
  struct Current {
    OpenedInput input;
    Chunker chunker;
  };

  absl::Status OpenAt(const InputPosition& position);

  const std::vector<InputFile>& inputs_;
  InputPosition position_;
  ChunkLimits limits_;
  const std::function<bool()>& stopped_;
  std::optional<Current> current_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_REPLAY_INPUT_READER_H_
