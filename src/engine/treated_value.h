// What became of one value: its bytes for each release, and what of it must
// not turn up elsewhere.
#ifndef NYMSTREAM_ENGINE_TREATED_VALUE_H_
#define NYMSTREAM_ENGINE_TREATED_VALUE_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "engine/gram_signature.h"
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

// What the leak guard wants to know of a string that leaves with input in it.
struct PieceFacts {
  // Grams of every view of it that the guard searches.
  GramSignature grams;
  // Four-byte runs of text that the value holds in hex or base64; see
  // EncodedWindows.
  std::span<const uint32_t> windows;
  // Too many windows to keep: look for encoded values in any case.
  bool any_window = false;
  // The value holds a percent sign, so it has decoded views.
  bool percent = false;
};

// One value in the releases of one variant.
struct Result {
  std::string_view
      text;  // kText: safe inside the quotes of the record's format
  // What was cut out by detectors, in order, without overlap. They know nothing
  // of what is withheld, so a cut may leave the rest of it.
  std::span<const Cut> cuts;
  // Of a string that holds input; null: nothing is known.
  const PieceFacts* facts = nullptr;
  ResultKind kind = ResultKind::kDrop;
  FieldAction action = FieldAction::kSuppressed;
  bool quoted = false;      // kText: a string, not a bare number
  bool from_input = false;  // holds bytes a client may have written
  // A cut left nothing in its place, so that what stood around it may read as
  // something new.
  bool joined = false;
  // What was withheld of this value is not in it: the leak guard has looked.
  bool clear_of_own = false;
};

// What a text must have to hold a candidate; see GuardMarksOf. As they begin,
// they rule nothing out.
struct GuardMarks {
  static constexpr size_t kGrams = 4;
  // Bits of its signature. Not used if any_gram.
  std::array<GramSignature::Bit, kGrams> grams{};
  // The window of its encoded forms, if has_window.
  uint32_t window = 0;
  // No gram rules the candidate out.
  bool any_gram = true;
  // Its first gram may hold a space.
  bool spaced = false;
  bool has_window = false;
  // Long enough to be looked for encoded, but no window rules it out.
  bool any_window = true;

  // False if a text with these grams does not hold the candidate in clear.
  // Without a meaning if any_gram.
  bool MayBeIn(const GramSignature& signature) const {
    return std::all_of(grams.begin(), grams.end(), [&](GramSignature::Bit bit) {
      return signature.Has(bit);
    });
  }
};

// A value that some releases must not hold in any form.
struct Candidate {
  std::string_view value;  // decoded
  GuardMarks marks{};      // made for those that are kept or may be in a piece
  ReleaseMask releases = 0;
  // Identifies a subject by itself, so that two or three characters count too,
  // as a word.
  bool identifier = false;
  // Counts as a whole word only, however long.
  bool word = false;
};

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_TREATED_VALUE_H_
