// One record on its way through the engine.
#ifndef NYMSTREAM_ENGINE_RECORD_IN_HAND_H_
#define NYMSTREAM_ENGINE_RECORD_IN_HAND_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "engine/epoch_keys.h"
#include "engine/outgoing_filter.h"
#include "engine/record_writer.h"
#include "engine/shape_rules.h"
#include "engine/suppression.h"
#include "engine/treated_value.h"
#include "engine/value_memo.h"
#include "record/parsed_record.h"

namespace nymstream {

// What a parse, a RecordTreater and a writer know of it. Reused, so that its
// memory is.
struct RecordInHand {
  // What travels beside the record, as one more string.
  struct Carrier {
    Element element;
    std::string_view content;
  };
  // A value that is yet to be looked up or treated.
  struct Pending {
    uint32_t element;
    bool hashed;  // the memo may have it
    ValueMemo::Index located;
    uint64_t hash;
  };
  // A string that leaves and holds nothing that was withheld of `owner`, the
  // element whose value it is.
  struct ClearPiece {
    uint32_t owner;
    const PieceFacts* facts;
  };
  static constexpr size_t kClearPiecesMax = 4;
  // Candidates of a value that was treated now: up to `candidates_end`.
  struct TreatedNow {
    uint32_t owner;
    size_t candidates_end;
  };
  // A value that a memo had.
  struct Remembered {
    uint32_t owner;
    const ValueMemo::Entry* entry;
  };

  RecordInHand() {
    // Room for most records, since each of several gets warm by itself.
    constexpr size_t kRoom = 128;
    results.reserve(kRoom);
    pending.resize(kRoom);
    candidates.reserve(kRoom);
    treated_now.reserve(kRoom);
    remembered.reserve(kRoom);
    withheld.reserve(kRoom);
    arena.Allocate(kRoom);
  }

  ParsedRecord parsed;
  const ShapeRules* shape = nullptr;  // of it, if known
  int64_t event_time = 0;             // unix seconds
  const EpochSet* keys = nullptr;
  Arena arena;
  Suppression suppression;

  // Of each element and carrier, its results by variant: in a memo, in the
  // arena or constant; null: none.
  std::vector<const Result*> results;
  std::vector<ResultOverride> overrides;
  std::vector<Carrier> carriers;
  std::vector<Pending> pending;  // room; so many are in use:
  size_t pending_count = 0;
  // Releases in which the record holds a personal field, and a pseudonym.
  ReleaseMask holds_personal = 0;
  ReleaseMask holds_pseudonym = 0;

  // What leaves: a filter for all pieces but the first few clear ones.
  OutgoingFilter outgoing;
  std::array<ClearPiece, kClearPiecesMax> clear_pieces;
  size_t clear_count = 0;
  OutgoingFilter all_outgoing;  // made for the guard: all of these
  // What was withheld: parts of values, and texts as a whole.
  std::vector<Candidate> candidates;
  std::vector<TreatedNow> treated_now;
  std::vector<Remembered> remembered;
  std::vector<std::string_view> withheld;
};

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_RECORD_IN_HAND_H_
