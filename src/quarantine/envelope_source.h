// Where sealed records come from: a file, a topic.
#ifndef NYMSTREAM_QUARANTINE_ENVELOPE_SOURCE_H_
#define NYMSTREAM_QUARANTINE_ENVELOPE_SOURCE_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace nymstream {

// One thread per object.
class EnvelopeSource {
 public:
  virtual ~EnvelopeSource() = default;

  // The next envelope, valid until the next call; empty at the end. An error
  // names the place, and nothing after it can be read.
  virtual absl::StatusOr<std::string_view> Next() = 0;

  // Of the envelope that Next() gave: "FILE: byte N", "TOPIC[P]@OFFSET".
  virtual std::string Place() const = 0;
};

}  // namespace nymstream

#endif  // NYMSTREAM_QUARANTINE_ENVELOPE_SOURCE_H_
