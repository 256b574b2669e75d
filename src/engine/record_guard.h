// The leak guard's work on one record: what is looked for, and where.
#ifndef NYMSTREAM_ENGINE_RECORD_GUARD_H_
#define NYMSTREAM_ENGINE_RECORD_GUARD_H_

#include <cstdint>
#include <span>
#include <vector>

#include "engine/field_rules.h"
#include "engine/leak_guard.h"
#include "engine/record_in_hand.h"
#include "engine/treated_value.h"
#include "nymstream/plan.h"
#include "nymstream/verdict.h"

namespace nymstream {

// Searches what leaves of a record for what is withheld of it. Filters rule
// most of it out; what is left is looked for by LeakGuard. One thread per
// object. Cost: see docs/performance.md; no allocation once warm.
class RecordGuard {
 public:
  // `plan` and `rules` must outlive the object.
  RecordGuard(const Plan& plan, const FieldRules& rules);

  // Redacts and counts what is withheld and would leave, and suppresses a
  // record that can't be searched to the end. `record` has all its results.
  void Guard(RecordInHand* record, std::span<ReleaseCounters> counters);

 private:
  // Makes all_outgoing, which MayLeave() asks first.
  void SumOutgoing();
  // False if `candidate`, withheld of element `owner`, is in no other piece,
  // nor in its own unless that is clear.
  template <typename Text>
  bool MayLeave(const Text& candidate, uint32_t owner) const;
  // The same once all_outgoing was asked.
  template <typename Text>
  bool MayLeaveInPiece(const Text& candidate, uint32_t owner) const;
  // Fills suspects_ with what may be in a piece that leaves. The filters know
  // more than this record, so another one might come with others.
  void FindSuspects();
  // Leaves those that a filter of this record alone lets pass, so that what the
  // guard spends does not depend on others.
  void ConfirmSuspects();
  // The same with everything that is withheld.
  void SuspectAll();
  // Looks for suspects_ in all that leaves; true if there is a hit or the guard
  // can't tell.
  bool ScanAll();
  // Redacts suspects_ in all that leaves.
  void RedactAll();
  // Calls use(index, piece, releases) for each piece of input that leaves.
  template <typename Use>
  void ForEachPieceOut(Use use) const;
  void Redact(uint32_t index, int release, const GuardedPiece& piece);

  const Plan& plan_;
  const FieldRules& rules_;
  LeakGuard guard_;

  RecordInHand* record_ = nullptr;  // the one at work
  // With the element that each is of.
  std::vector<Candidate> suspects_;
  std::vector<uint32_t> suspect_owners_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_RECORD_GUARD_H_
