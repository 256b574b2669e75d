#include "replay/input_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/absl_view.h"
#include "base/status_macros.h"

namespace nymstream {
namespace {

constexpr size_t kSkipBytes = 64 << 10;

absl::Status Skip(ByteSource* source, uint64_t bytes, std::string_view name) {
  char block[kSkipBytes];
  while (bytes > 0) {
    NYM_ASSIGN_OR_RETURN(
        const size_t got,
        source->Read(block, std::min<uint64_t>(bytes, sizeof(block))));
    if (got == 0) {
      return absl::AbortedError(
          absl::StrCat(ToAbsl(name),
                       ": is shorter than what the stopped replay has read; "
                       "put it back, or begin again in a new folder"));
    }
    bytes -= got;
  }
  return absl::OkStatus();
}

}  // namespace

InputReader::InputReader(const std::vector<InputFile>& inputs,
                         InputPosition position, const ChunkLimits& limits,
                         const std::function<bool()>& stopped)
    : inputs_(inputs),
      position_(std::move(position)),
      limits_(limits),
      stopped_(stopped) {}

absl::Status InputReader::OpenAt(const InputPosition& position) {
  const InputFile& input = inputs_[position.input];
  std::optional<RawPrefix> expected;
  if (position.raw.bytes > 0) expected = position.raw;
  NYM_ASSIGN_OR_RETURN(OpenedInput opened,
                       OpenInput(input, stopped_, std::move(expected)));
  NYM_RETURN_IF_ERROR(Skip(opened.bytes(), position.decoded, input.name));
  Chunker chunker(opened.bytes(), limits_, position.decoded);
  current_.emplace(Current{std::move(opened), std::move(chunker)});
  return absl::OkStatus();
}

absl::StatusOr<bool> InputReader::Next(ChunkSlot& slot) {
  slot.finished.reset();
  if (position_.input == inputs_.size()) return false;
  if (!current_) NYM_RETURN_IF_ERROR(OpenAt(position_));
  const RawInput& raw = *current_->input.raw;
  slot.raw.source = inputs_[position_.input].name;
  NYM_ASSIGN_OR_RETURN(const bool more, current_->chunker.Next(&slot.raw));
  if (more) {
    position_.decoded = current_->chunker.offset();
    position_.raw = raw.prefix();
  } else {
    NYM_RETURN_IF_ERROR(raw.CheckUnchanged());
    slot.finished = raw.prefix();
    current_.reset();
    position_ = {position_.input + 1, 0, {}};
  }
  slot.after = position_;
  return true;
}

}  // namespace nymstream
