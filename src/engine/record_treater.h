// What becomes of the values of one record, in every release.
#ifndef NYMSTREAM_ENGINE_RECORD_TREATER_H_
#define NYMSTREAM_ENGINE_RECORD_TREATER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "engine/field_rules.h"
#include "engine/leak_guard.h"
#include "engine/outgoing_filter.h"
#include "engine/recent_values.h"
#include "engine/record_in_hand.h"
#include "engine/shape_rules.h"
#include "engine/size_set.h"
#include "engine/subject_lists.h"
#include "engine/treated_value.h"
#include "engine/value_memo.h"
#include "engine/value_treater.h"
#include "nymstream/deidentifier.h"
#include "nymstream/plan.h"
#include "record/parsed_record.h"

namespace nymstream {

// Looks values up or treats them, and notes what of them leaves and what is
// withheld, for RecordGuard. Remembers values from record to record, but never
// so that it shows in a result. One thread per object. Cost: see
// docs/performance.md; no allocation once warm.
//
// Several records may be in hand. Each goes through Begin, Prefetch and Finish;
// while others do, the memory that it will read is fetched. Once all have been
// used, Release forgets them.
class RecordTreater {
 public:
  // `plan` and `rules` must outlive the object.
  RecordTreater(const Plan& plan, const FieldRules& rules,
                const DeidentifierOptions& options);

  // Reads the suppression lists of `options`.
  absl::Status Init(const DeidentifierOptions& options);

  // `record` is parsed, has its keys, an empty arena and kRawPadding readable
  // bytes behind its text.
  void Begin(RecordInHand* record);
  void Prefetch(RecordInHand* record) const;
  // Fills in the results, and what is suppressed by age or by a list.
  void Finish(RecordInHand* record);
  // Once for each value beside a record that is finished.
  void TreatCarrier(int32_t field, std::string_view content,
                    RecordInHand* record);
  // The suppression lists that have a subject of `record`, which is finished.
  // Looks its values up anew, since few records are on a list.
  ListMask ListsOf(RecordInHand* record);
  // Results of all records are void from now on.
  void Release();

 private:
  using Pending = RecordInHand::Pending;
  // What is noted of the elements of a record while they are begun with.
  struct Begun {
    Pending* pending = nullptr;  // the next one
    ReleaseMask personal = 0;
    ReleaseMask pseudonym = 0;
    SizeSet number_sizes{};  // of numbers that leave
  };

  // The results of one of the last values of a field; null if it is none.
  const Result* FindRecent(uint32_t index, const FieldWay& way,
                           const char* content, size_t bytes);
  void NoteRecent(const FieldRule& rule, std::string_view content,
                  const ValueMemo::Place& place, const ValueMemo::Entry& entry);
  // Does at once what needs no lookup, and asks for the memory that the rest
  // will read.
  void BeginElements();
  // The same by what is known of their shape, and one by one.
  Begun BeginShaped(const ShapeRules& shape);
  Begun BeginEach();
  [[gnu::always_inline]] void BeginValue(uint32_t index, const Element& element,
                                         const FieldWay& way, Begun* begun);
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
    return {record_->parsed.Content(element), record_->keys->id,
            rule.memo_class};
  }
  // What retention wants to know of a record that has a value of `rule`.
  void NoteLinks(const FieldRule& rule) {
    record_->holds_personal |= rule.personal;
    record_->holds_pseudonym |= rule.keyed;
  }
  // What policy rules want to know of a container where a value should be.
  void JudgeContainer(const Element& container);
  // The lists that have a subject in it.
  ListMask ListsOfContainer(const Element& container);
  ListMask ListsOfText(const FieldRule& rule, std::string_view text) {
    return subjects_.Find(rule, text, &record_->arena, &subject_scratch_);
  }
  void SuppressMinors(std::string_view text);
  void SuppressUnder(std::optional<int> age);

  // Notes results whose value gave none of the candidates from `first` on that
  // is in them.
  void ClearOfOwn(const Element& element, std::string_view content,
                  const FieldRule& rule, size_t first);

  const Plan& plan_;
  const FieldRules& rules_;
  SubjectLists subjects_;
  ValueTreater treater_;
  LeakGuard own_guard_;  // of values alone
  ValueMemo memo_;
  RecentValues recent_;

  RecordInHand* record_ = nullptr;  // the one at work
  std::vector<Result> treated_;     // of the value in hand, one per variant
  SubjectLists::Scratch subject_scratch_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_RECORD_TREATER_H_
