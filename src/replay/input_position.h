// How far the inputs have been read.
#ifndef NYMSTREAM_REPLAY_INPUT_POSITION_H_
#define NYMSTREAM_REPLAY_INPUT_POSITION_H_

#include <cstdint>
#include <string>

namespace nymstream {

// The bytes of an input, as stored, that were read so far.
struct RawPrefix {
  uint64_t bytes = 0;
  std::string sha256;  // lower-case hex
  bool operator==(const RawPrefix&) const = default;
};

// A border between records.
struct InputPosition {
  uint64_t input = 0;    // index; the number of inputs at the very end
  uint64_t decoded = 0;  // bytes of it, decompressed
  RawPrefix raw;         // what had been read for them; empty if decoded is 0
  bool operator==(const InputPosition&) const = default;
};

}  // namespace nymstream

#endif  // NYMSTREAM_REPLAY_INPUT_POSITION_H_
