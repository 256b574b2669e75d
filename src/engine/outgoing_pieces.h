// What of a record leaves with input in it.
#ifndef NYMSTREAM_ENGINE_OUTGOING_PIECES_H_
#define NYMSTREAM_ENGINE_OUTGOING_PIECES_H_

#include <cstdint>
#include <string_view>

#include "engine/field_rules.h"
#include "engine/leak_guard.h"
#include "engine/outgoing_filter.h"
#include "engine/record_in_hand.h"
#include "engine/treated_value.h"
#include "record/parsed_record.h"

namespace nymstream {

inline bool IsScalarText(const Element& element) {
  return element.kind == ElementKind::kString ||
         element.kind == ElementKind::kNumber;
}

// One result of `element` as the leak guard looks at it.
inline GuardedPiece PieceOf(const Element& element, std::string_view content,
                            const Result& result) {
  return {.text = result.kind == ResultKind::kRaw ? content : result.text,
          .original = content,
          .cuts = result.cuts(),
          .joined = result.joined,
          .escaped = element.escaped,
          .whole = element.kind == ElementKind::kNumber,
          .facts = result.facts};
}

// A string leaves as `result`.
inline void AddString(const Result& result, OutgoingFilter* filter) {
  if (result.facts != nullptr) {
    filter->AddString(*result.facts);
  } else {
    filter->AddUnknown();
  }
}

// Tells the filters of `record` what leaves of the results of value `index`.
inline void NoteOutgoing(uint32_t index, const Element& element,
                         const FieldRule& rule, RecordInHand* record) {
  const Result* const results = record->results[index];
  for (const Result* result = results; result != results + rule.variants.size();
       ++result) {
    if (!result->from_input) continue;
    if (element.kind == ElementKind::kNumber) {
      record->outgoing.AddNumber(result->kind == ResultKind::kRaw
                                     ? element.end - element.begin
                                     : result->text.size());
    } else if (result->clear_of_own && rule.lookup != Lookup::kRecent &&
               record->clear_count < RecordInHand::kClearPiecesMax) {
      record->clear_pieces[record->clear_count++] = {index, result->facts};
    } else {
      AddString(*result, &record->outgoing);
    }
  }
}

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_OUTGOING_PIECES_H_
