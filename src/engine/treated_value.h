// What became of one value: its bytes for each release, and what of it must
// not turn up elsewhere.
#ifndef NYMSTREAM_ENGINE_TREATED_VALUE_H_
#define NYMSTREAM_ENGINE_TREATED_VALUE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/branch_free.h"
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
  const uint32_t* window_data = nullptr;
  uint16_t window_count = 0;
  // Too many windows to keep: look for encoded values in any case.
  bool any_window = false;
  // The value holds a percent sign, so it has decoded views.
  bool percent = false;

  std::span<const uint32_t> windows() const {
    return {window_data, window_count};
  }
  void SetWindows(std::span<const uint32_t> windows) {
    window_data = windows.data();
    window_count = static_cast<uint16_t>(windows.size());
  }
};

// One value in the releases of one variant. Small, since many are remembered.
struct Result {
  std::string_view
      text;  // kText: safe inside the quotes of the record's format
  // Of a string that holds input; null: nothing is known.
  const PieceFacts* facts = nullptr;
  // What was cut out by detectors, in order, without overlap. They know nothing
  // of what is withheld, so a cut may leave the rest of it.
  const Cut* cut_data = nullptr;
  uint32_t cut_count = 0;
  ResultKind kind = ResultKind::kDrop;
  FieldAction action = FieldAction::kSuppressed;
  bool quoted : 1 = false;      // kText: a string, not a bare number
  bool from_input : 1 = false;  // holds bytes a client may have written
  // A cut left nothing in its place, so that what stood around it may read as
  // something new.
  bool joined : 1 = false;
  // What was withheld of this value is not in it: the leak guard has looked.
  bool clear_of_own : 1 = false;

  std::span<const Cut> cuts() const { return {cut_data, cut_count}; }
  void SetCuts(std::span<const Cut> cuts) {
    cut_data = cuts.data();
    cut_count = static_cast<uint32_t>(cuts.size());
  }
};

// What a text must have to hold a candidate; see GuardMarksOf. As they begin,
// they rule nothing out.
struct GuardMarks {
  static constexpr size_t kGrams = 4;
  static constexpr uint32_t kGramMask = GramSignature::kBits - 1;
  // Bits of its signature. Not used if any_gram.
  uint32_t first_gram : GramSignature::kBitsLog = 0;
  uint32_t second_gram : GramSignature::kBitsLog = 0;
  // No gram rules the candidate out.
  uint32_t any_gram : 1 = 1;
  // Its first gram may hold a space.
  uint32_t spaced : 1 = 0;
  uint32_t has_window : 1 = 0;
  // Long enough to be looked for encoded, but no window rules it out.
  uint32_t any_window : 1 = 1;
  // It counts as a whole word only, however long.
  uint32_t whole_word : 1 = 0;
  uint32_t third_gram : GramSignature::kBitsLog = 0;
  uint32_t fourth_gram : GramSignature::kBitsLog = 0;
  // The window of its encoded forms, if has_window.
  uint32_t window = 0;

  void SetGrams(const std::array<GramSignature::Bit, kGrams>& grams) {
    first_gram = grams[0] & kGramMask;
    second_gram = grams[1] & kGramMask;
    third_gram = grams[2] & kGramMask;
    fourth_gram = grams[3] & kGramMask;
  }

  // False if a text with these grams does not hold the candidate in clear.
  // Without a meaning if any_gram.
  bool MayBeIn(const GramSignature& signature) const {
    return AllOf(signature.Has(first_gram), signature.Has(second_gram),
                 signature.Has(third_gram), signature.Has(fourth_gram));
  }
};

// A value that some releases must not hold in any form. Small, since many are
// remembered.
struct Candidate {
  std::string_view value;  // decoded
  GuardMarks marks{};      // see MakeMarks
  ReleaseMask releases = 0;
};

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_TREATED_VALUE_H_
