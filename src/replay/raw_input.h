// An input file's bytes as stored, digested as they pass.
#ifndef NYMSTREAM_REPLAY_RAW_INPUT_H_
#define NYMSTREAM_REPLAY_RAW_INPUT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "replay/byte_source.h"
#include "replay/input_list.h"
#include "replay/input_position.h"
#include "replay/posix_file.h"
#include "replay/sha256.h"

namespace nymstream {

class RawInput : public ByteSource {
 public:
  // kAborted if the file is no longer the one that `input` identifies. `input`
  // and `stopped` are borrowed. `expected` is a prefix that an
  // earlier session read: other bytes in its place are kAborted.
  static absl::StatusOr<std::unique_ptr<RawInput>> Open(
      const InputFile& input, const std::function<bool()>& stopped,
      std::optional<RawPrefix> expected);

  // kCancelled once `stopped` says so: also while a stream has nothing to say.
  absl::StatusOr<size_t> Read(char* to, size_t size) override;

  // The next `size` bytes without consuming them; fewer at the end.
  absl::StatusOr<std::string_view> Peek(size_t size);

  // To be called at the end: kAborted if the file grew, shrank or was written
  // to since it was listed.
  absl::Status CheckUnchanged() const;

  // Of all bytes taken from the file, peeked ones too.
  RawPrefix prefix() const { return {bytes_, digest_.Hex()}; }
  uint64_t bytes() const { return bytes_; }

 private:
  RawInput(const InputFile& input, FileHandle file,
           const std::function<bool()>& stopped,
           std::optional<RawPrefix> expected);
  absl::StatusOr<size_t> ReadFile(char* to, size_t size);
  absl::Status WaitForBytes() const;
  absl::Status Digest(std::string_view bytes);

  const InputFile& input_;
  FileHandle file_;
  const std::function<bool()>& stopped_;
  std::optional<RawPrefix> expected_;
  std::string peeked_;
  Sha256 digest_;
  uint64_t bytes_ = 0;
};

}  // namespace nymstream

#endif  // NYMSTREAM_REPLAY_RAW_INPUT_H_
