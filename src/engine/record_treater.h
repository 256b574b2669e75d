// What becomes of the values of one record, in every release.
#ifndef NYMSTREAM_ENGINE_RECORD_TREATER_H_
#define NYMSTREAM_ENGINE_RECORD_TREATER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "base/arena.h"
#include "engine/epoch_keys.h"
#include "engine/field_rules.h"
#include "engine/leak_guard.h"
#include "engine/outgoing_filter.h"
#include "engine/recent_values.h"
#include "engine/record_writer.h"
#include "engine/subject_lists.h"
#include "engine/suppression.h"
#include "engine/treated_value.h"
#include "engine/value_memo.h"
#include "engine/value_treater.h"
#include "nymstream/deidentifier.h"
#include "nymstream/plan.h"
#include "record/parsed_record.h"

namespace nymstream {

// Looks values up or treats them, and then guards: what is withheld is searched
// for in what leaves. Remembers values from record to record, but never so that
// it shows in a result. One thread per object. Cost: see docs/performance.md;
// no allocation once warm.
class RecordTreater {
 public:
  // What travels beside the record, as one more string.
  struct Carrier {
    Element element;
    std::string_view content;
  };

  // `plan` and `rules` must outlive the object.
  RecordTreater(const Plan& plan, const FieldRules& rules,
                const DeidentifierOptions& options);

  // Reads the suppression lists of `options`.
  absl::Status Init(const DeidentifierOptions& options);

  // Starts a record. `record` must have kRawPadding readable bytes behind its
  // text, and stay with `arena` and `keys` while results are read.
  void Start(const ParsedRecord& record, const EpochSet& keys, Arena* arena,
             Suppression* suppression);
  // In this order: once, for each value beside the record, once.
  void TreatElements();
  void TreatCarrier(int32_t field, std::string_view content);
  // A value beside the record that never leaves.
  void WithholdCarrier(std::string_view content);
  // Adds the hits in each release to its `redactions`.
  void Guard(std::span<ReleaseCounters> counters);

  TreatedRecord treated() const {
    return {record_, &rules_, results_, overrides_};
  }
  std::span<const Carrier> carriers() const { return carriers_; }
  // Releases in which the record holds a personal field, and a pseudonym.
  ReleaseMask holds_personal() const { return holds_personal_; }
  ReleaseMask holds_pseudonym() const { return holds_pseudonym_; }

 private:
  // A value that is yet to be looked up or treated.
  struct Pending {
    uint32_t element;
    ValueMemo* memo;  // null: it may not be there
    uint64_t hash;    // where it may have it
  };

  // The results of one of the last values of a field; null if it is none.
  const Result* FindRecent(int32_t field, const char* content, size_t bytes);
  void NoteRecent(int32_t field, std::string_view content,
                  const ValueMemo::Place& place, const ValueMemo::Entry& entry);
  void FinishElement(const Pending& pending);
  void LookUp(const Pending& pending, const Element& element,
              const FieldRule& rule);
  void UseEntry(uint32_t index, const Element& element, const FieldRule& rule,
                const ValueMemo::Entry& entry);
  // Treats a value and makes it the result of `index`. Returns the releases
  // that a suppression list keeps its subject from.
  ReleaseMask Treat(uint32_t index, const Element& element,
                    std::string_view content);
  // What a string or number says, its escapes decoded.
  std::string_view Decoded(const Element& element, std::string_view content);
  ValueMemo::Key MemoKey(const Element& element, const FieldRule& rule) const {
    return {record_->Content(element), keys_->id, rule.memo_class};
  }
  // What retention wants to know of a record that has a value of `rule`.
  void NoteLinks(const FieldRule& rule) {
    holds_personal_ |= rule.personal;
    holds_pseudonym_ |= rule.keyed;
  }
  // What policy rules want to know of a container where a value should be.
  void JudgeContainer(const Element& container);
  void SuppressMinors(std::string_view text);
  void SuppressUnder(std::optional<int> age);

  // Notes results whose value gave none of the candidates from `first` on that
  // is in them.
  void ClearOfOwn(const Element& element, std::string_view content,
                  const FieldRule& rule, size_t first);
  // Tells the filters what leaves.
  void NoteOutgoing(uint32_t index, const Element& element,
                    const FieldRule& rule);
  // False if `candidate`, withheld of element `owner`, is in no other piece,
  // nor in its own unless that is clear.
  template <typename Text>
  bool MayLeave(const Text& candidate, uint32_t owner) const;
  // Fills suspects_ with what may be in a piece that leaves.
  void FindSuspects();
  // The same with everything that is withheld.
  void SuspectAll();
  // Looks for suspects_ in all that leaves; true if there is a hit or the guard
  // can't tell.
  bool ScanAll();
  // Redacts suspects_ in all that leaves.
  void RedactAll(std::span<ReleaseCounters> counters);
  // Calls use(index, piece, releases) for each piece of input that leaves.
  template <typename Use>
  void ForEachPieceOut(Use use) const;
  void Redact(uint32_t index, int release, const GuardedPiece& piece);

  const Plan& plan_;
  const FieldRules& rules_;
  SubjectLists subjects_;
  ValueTreater treater_;
  LeakGuard guard_;
  ValueMemo memo_;
  ValueMemo large_memo_;
  RecentValues recent_;

  // Of the record in hand.
  const ParsedRecord* record_ = nullptr;
  const EpochSet* keys_ = nullptr;
  Arena* arena_ = nullptr;
  Suppression* suppression_ = nullptr;
  // Of each element and carrier, its results by variant: in the memo, in the
  // arena or constant; null: none.
  std::vector<const Result*> results_;
  std::vector<ResultOverride> overrides_;
  std::vector<Carrier> carriers_;
  std::vector<Pending> pending_;
  std::vector<Result> treated_;  // of the value in hand, one per variant
  SubjectLists::Scratch subject_scratch_;
  ReleaseMask holds_personal_ = 0;
  ReleaseMask holds_pseudonym_ = 0;
  // What leaves: a filter for all pieces but the last few that are clear of
  // their own candidates, which have their own.
  OutgoingFilter outgoing_;
  struct ClearPiece {
    uint32_t owner;
    OutgoingFilter filter;
  };
  static constexpr size_t kClearPiecesMax = 4;
  std::array<ClearPiece, kClearPiecesMax> clear_pieces_;
  size_t clear_count_ = 0;
  // What was withheld: of values treated now, of memo entries, and texts as a
  // whole.
  struct TreatedNow {
    uint32_t owner;
    size_t candidates_end;
  };
  std::vector<Candidate> candidates_;
  std::vector<TreatedNow> treated_now_;
  struct Remembered {
    uint32_t owner;
    const ValueMemo::Entry* entry;
  };
  std::vector<Remembered> remembered_;
  std::vector<std::string_view> withheld_;
  std::vector<Candidate> suspects_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_RECORD_TREATER_H_
