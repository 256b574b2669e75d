// An input opened for its plain bytes, whatever it is compressed with.
#ifndef NYMSTREAM_REPLAY_OPEN_INPUT_H_
#define NYMSTREAM_REPLAY_OPEN_INPUT_H_

#include <functional>
#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "replay/byte_source.h"
#include "replay/raw_input.h"

namespace nymstream {

struct OpenedInput {
  std::unique_ptr<RawInput> raw;
  // Decompressed; null if `raw` is plain.
  std::unique_ptr<ByteSource> decoder;

  ByteSource* bytes() const {
    return decoder != nullptr ? decoder.get() : raw.get();
  }
};

// The first bytes decide: gzip, zstd, or plain. kDataLoss for a file named .gz
// or .zst that begins otherwise, and for compression that is not read (bzip2,
// xz, lz4, zip), rather than to take it for log lines. Arguments as in
// RawInput::Open.
absl::StatusOr<OpenedInput> OpenInput(const InputFile& input,
                                      const std::function<bool()>& stopped,
                                      std::optional<RawPrefix> expected);

}  // namespace nymstream

#endif  // NYMSTREAM_REPLAY_OPEN_INPUT_H_
