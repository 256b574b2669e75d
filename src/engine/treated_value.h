// What became of one value: its bytes for each release, and what of it must
// not turn up elsewhere.
#ifndef NYMSTREAM_ENGINE_TREATED_VALUE_H_
#define NYMSTREAM_ENGINE_TREATED_VALUE_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "nymstream/verdict.h"

namespace nymstream {

// A set of releases, one bit each (kReleasesMax).
using ReleaseMask = uint32_t;

enum class ResultKind : uint8_t {
  kDrop,  // leaves nothing
  kRaw,   // leaves as it stands in the record
  kText,  // leaves as `text`
};

// A span of a value (decoded) that was taken out of it or replaced.
struct Cut {
  uint32_t begin;
  uint32_t end;
};

// One value in the releases of one variant.
struct Result {
  std::string_view
      text;  // kText: safe inside the quotes of the record's format
  ResultKind kind = ResultKind::kDrop;
  FieldAction action = FieldAction::kSuppressed;
  bool quoted = false;      // kText: a string, not a bare number
  bool from_input = false;  // holds bytes a client may have written
  // The value holds a percent sign, so it has decoded views.
  bool percent = false;
  // Too many windows to keep: look for encoded values in any case.
  bool any_window = false;
  // A cut left nothing in its place, so that what stood around it may read as
  // something new.
  bool joined = false;
  // Four-byte runs of text that the value holds in hex or base64; see
  // EncodedWindows.
  std::span<const uint32_t> windows;
  // What was cut out by detectors, in order, without overlap. They know nothing
  // of what is withheld, so a cut may leave the rest of it.
  std::span<const Cut> cuts;
};

// A value that some releases must not hold in any form.
struct Candidate {
  std::string_view value;  // decoded
  ReleaseMask releases = 0;
  // Identifies a subject by itself, so that two or three characters count too,
  // as a word.
  bool identifier = false;
  // Counts as a whole word only, however long.
  bool word = false;
};

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_TREATED_VALUE_H_
