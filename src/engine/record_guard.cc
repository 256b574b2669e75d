#include "engine/record_guard.h"

#include <algorithm>

#include "base/byte_scan.h"
#include "engine/guard_candidates.h"
#include "engine/outgoing_pieces.h"
#include "nymstream/batch.h"
#include "record/combined_parser.h"

namespace nymstream {
namespace {

// Owner of a candidate that may be in any piece.
constexpr uint32_t kNobody = ~uint32_t{0};

}  // namespace

RecordGuard::RecordGuard(const Plan& plan, const FieldRules& rules)
    : plan_(plan), rules_(rules), guard_(plan.format) {}

void RecordGuard::SumOutgoing() {
  record_->all_outgoing = record_->outgoing;
  for (size_t i = 0; i < record_->clear_count; ++i) {
    record_->all_outgoing.AddString(*record_->clear_pieces[i].facts);
  }
}

template <typename Text>
inline bool RecordGuard::MayLeave(const Text& candidate, uint32_t owner) const {
  return record_->all_outgoing.MayHold(candidate) &&
         MayLeaveInPiece(candidate, owner);
}

template <typename Text>
[[gnu::noinline]] bool RecordGuard::MayLeaveInPiece(const Text& candidate,
                                                    uint32_t owner) const {
  if (record_->outgoing.MayHold(candidate)) return true;
  for (size_t i = 0; i < record_->clear_count; ++i) {
    const RecordInHand::ClearPiece& piece = record_->clear_pieces[i];
    if (piece.owner != owner && MayHold(*piece.facts, candidate)) return true;
  }
  return false;
}

void RecordGuard::FindSuspects() {
  // Texts are of the record or of the arena.
  static_assert(ByteBlocks::kReadAhead <= kRawPadding &&
                ByteBlocks::kReadAhead <= Arena::kReadAhead);
  suspects_.clear();
  suspect_owners_.clear();
  SumOutgoing();
  if (!record_->all_outgoing.HoldsAny()) return;
  size_t next = 0;
  for (const RecordInHand::TreatedNow& value : record_->treated_now) {
    for (; next < value.candidates_end; ++next) {
      const Candidate& candidate = record_->candidates[next];
      if (!MayLeave(candidate.value, value.owner)) [[likely]]
        continue;
      suspects_.push_back(candidate);
      MakeMarks(&suspects_.back());
      suspect_owners_.push_back(value.owner);
    }
  }
  for (const RecordInHand::Remembered& value : record_->remembered) {
    for (const Candidate& candidate : value.entry->candidates()) {
      if (!MayLeave(candidate, value.owner)) [[likely]]
        continue;
      suspects_.push_back(candidate);
      suspect_owners_.push_back(value.owner);
    }
  }
  const auto consider = [&](std::string_view text) {
    text = TrimCandidate(text);
    if (text.size() < kGuardedBytesMin || !MayLeave(text, kNobody)) [[likely]]
      return;
    if (!IsWorthGuarding(text)) return;
    Candidate& suspect = suspects_.emplace_back();
    suspect.value = text;
    MakeMarks(&suspect);
    suspect.releases = rules_.all_releases;
    suspect_owners_.push_back(kNobody);
  };
  for (const std::string_view text : record_->withheld) {
    consider(text);
    ForEachPiece(text, consider);
  }
}

void RecordGuard::ConfirmSuspects() {
  record_->outgoing.Start();
  record_->clear_count = 0;
  const auto note = [&](uint32_t index, const Element& element) {
    if (record_->results[index] == nullptr || !IsScalarText(element)) return;
    NoteOutgoing(index, element,
                 rules_.fields[static_cast<size_t>(element.field)], record_);
  };
  const auto size = static_cast<uint32_t>(record_->parsed.elements.size());
  for (uint32_t i = 0; i < size; ++i) note(i, record_->parsed.elements[i]);
  for (uint32_t i = 0; i < record_->carriers.size(); ++i) {
    note(size + i, record_->carriers[i].element);
  }
  SumOutgoing();
  size_t kept = 0;
  for (size_t i = 0; i < suspects_.size(); ++i) {
    // Which of the two was asked before depends on the memo.
    if (!MayLeave(suspects_[i].value, suspect_owners_[i]) ||
        !MayLeave(suspects_[i], suspect_owners_[i])) {
      continue;
    }
    suspects_[kept] = suspects_[i];
    suspect_owners_[kept++] = suspect_owners_[i];
  }
  suspects_.resize(kept);
  suspect_owners_.resize(kept);
}

void RecordGuard::SuspectAll() {
  suspects_ = record_->candidates;
  for (const RecordInHand::Remembered& value : record_->remembered) {
    const std::span<const Candidate> more = value.entry->candidates();
    suspects_.insert(suspects_.end(), more.begin(), more.end());
  }
  for (const std::string_view text : record_->withheld) {
    AddCandidate(text, rules_.all_releases, false, &suspects_);
    AddCandidatePieces(text, rules_.all_releases, &suspects_);
  }
  for (Candidate& suspect : suspects_) {
    MakeMarks(&suspect);
  }
}

void RecordGuard::Guard(RecordInHand* record,
                        std::span<ReleaseCounters> counters) {
  record_ = record;
  FindSuspects();
  if (suspects_.empty()) [[likely]]
    return;
  ConfirmSuspects();
  if (suspects_.empty()) return;
  guard_.Begin(suspects_, record_->parsed.text.size());
  if (!ScanAll()) return;
  // What is redacted may make a piece hold what it did not hold before.
  SuspectAll();
  guard_.Begin(suspects_, record_->parsed.text.size());
  RedactAll();
  if (guard_.exhausted()) {
    record_->suppression.Add(rules_.all_releases,
                             SuppressionReason::kLeakGuard);
    return;
  }
  for (const ResultOverride& redacted : record_->overrides) {
    ++counters[static_cast<size_t>(redacted.release)].leak_guard_redactions;
  }
}

template <typename Use>
void RecordGuard::ForEachPieceOut(Use use) const {
  const auto use_element = [&](uint32_t index, const Element& element,
                               std::string_view content) {
    if (record_->results[index] == nullptr || !IsScalarText(element)) return;
    const FieldRule& rule = rules_.fields[static_cast<size_t>(element.field)];
    for (size_t i = 0; i < rule.variants.size(); ++i) {
      const Result& result = record_->results[index][i];
      if (!result.from_input) continue;
      use(index, PieceOf(element, content, result),
          rule.variants[i].releases & ~record_->suppression.releases());
    }
  };
  const auto size = static_cast<uint32_t>(record_->parsed.elements.size());
  for (uint32_t i = 0; i < size; ++i) {
    const Element& element = record_->parsed.elements[i];
    use_element(i, element, record_->parsed.Content(element));
  }
  for (uint32_t i = 0; i < record_->carriers.size(); ++i) {
    use_element(size + i, record_->carriers[i].element,
                record_->carriers[i].content);
  }
}

bool RecordGuard::ScanAll() {
  bool hit = false;
  ForEachPieceOut(
      [&](uint32_t, const GuardedPiece& piece, ReleaseMask releases) {
        hit = hit || guard_.Scan(piece, releases) != 0;
      });
  return hit || guard_.exhausted();
}

void RecordGuard::RedactAll() {
  ForEachPieceOut(
      [&](uint32_t index, const GuardedPiece& piece, ReleaseMask releases) {
        ReleaseMask hits = guard_.Scan(piece, releases);
        for (int release = 0; hits != 0; ++release, hits >>= 1) {
          if ((hits & 1) != 0) Redact(index, release, piece);
        }
      });
}

void RecordGuard::Redact(uint32_t index, int release,
                         const GuardedPiece& piece) {
  Result redacted;
  if (plan_.format == LogFormat::kCombined &&
      index < record_->parsed.elements.size() &&
      kCombinedFields[index].is_number) {
    // Only a number or "-" may stand there.
    redacted.kind = ResultKind::kDrop;
    redacted.action = FieldAction::kSuppressed;
  } else {
    redacted.kind = ResultKind::kText;
    redacted.action = FieldAction::kPartRedacted;
    redacted.quoted = true;
    redacted.text =
        guard_.Redact(piece, ReleaseMask{1} << release, &record_->arena);
  }
  record_->overrides.push_back({index, release, redacted});
}

}  // namespace nymstream
