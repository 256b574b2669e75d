#include "engine/record_treater.h"

#include <algorithm>

#include "engine/canonical_value.h"
#include "engine/guard_candidates.h"
#include "nymstream/batch.h"
#include "record/combined_parser.h"
#include "treatment/number.h"

namespace nymstream {
namespace {

// Of a JSON number that every release keeps.
constexpr Result kKeptNumber = [] {
  Result kept;
  kept.kind = ResultKind::kRaw;
  kept.action = FieldAction::kKept;
  kept.from_input = true;
  return kept;
}();

GuardedPiece PieceOf(const Element& element, std::string_view content,
                     const Result& result) {
  return {.text = result.kind == ResultKind::kRaw ? content : result.text,
          .original = content,
          .cuts = result.cuts(),
          .joined = result.joined,
          .escaped = element.escaped,
          .whole = element.kind == ElementKind::kNumber,
          .facts = result.facts};
}

void AddString(const Result& result, OutgoingFilter* filter) {
  if (result.facts != nullptr) {
    filter->AddString(*result.facts);
  } else {
    filter->AddUnknown();
  }
}

// Owner of a candidate that may be in any piece.
constexpr uint32_t kNobody = ~uint32_t{0};

bool IsScalarText(const Element& element) {
  return element.kind == ElementKind::kString ||
         element.kind == ElementKind::kNumber;
}

}  // namespace

RecordTreater::RecordTreater(const Plan& plan, const FieldRules& rules,
                             const DeidentifierOptions& options)
    : plan_(plan),
      rules_(rules),
      treater_(plan.format, options.countries, plan.leak_guard),
      guard_(plan.format),
      memo_(options.memo_bytes),
      recent_(rules.recent_fields) {}

absl::Status RecordTreater::Init(const DeidentifierOptions& options) {
  return subjects_.Init(plan_, rules_.domains, options.subjects,
                        options.keyring.get());
}

void RecordTreater::Begin(RecordInHand* record) {
  s_ = record;
  s_->overrides.clear();
  s_->carriers.clear();
  s_->candidates.clear();
  s_->treated_now.clear();
  s_->remembered.clear();
  s_->withheld.clear();
  s_->outgoing = recent_.outgoing();
  s_->clear_count = 0;
  const size_t size = s_->parsed.elements.size();
  s_->results.resize(size);
  if (s_->pending.size() < size) s_->pending.resize(size);
  BeginElements();
}

std::string_view RecordTreater::Decoded(const Element& element,
                                        std::string_view content) {
  return element.escaped ? DecoderOf(plan_.format)(content, &s_->arena, nullptr)
                         : content;
}

void RecordTreater::BeginElements() {
  const auto size = static_cast<uint32_t>(s_->parsed.elements.size());
  const Element* const elements = s_->parsed.elements.begin();
  const char* const text = s_->parsed.text.data();
  // Copies, because what is stored might be any of these members.
  const FieldWay* const ways = rules_.ways.data() + FieldRules::kFieldWays;
  const Result** const results = s_->results.data();
  const uint64_t epoch_set = s_->keys->id;
  ReleaseMask personal = 0;
  ReleaseMask pseudonym = 0;
  SizeSet number_sizes;
  Pending* pending = s_->pending.data();
  for (uint32_t i = 0; i < size; ++i) {
    const Element& element = elements[i];
    const FieldWay& way = ways[element.field];
    const char* const content = text + element.begin;
    const size_t bytes = element.end - element.begin;
    results[i] = nullptr;
    if (element.kind == ElementKind::kString) [[likely]] {
      if (way.lookup >= Lookup::kWithheld) {
        results[i] = way.withheld;
        if (plan_.leak_guard) {
          s_->withheld.push_back(Decoded(element, {content, bytes}));
        }
        continue;
      }
      if (IsPlaceholder({content, bytes})) {
        personal |= way.personal;
        pseudonym |= way.keyed;
        results[i] = way.placeholders;
        continue;
      }
      if (way.lookup != Lookup::kNone && bytes > 1 && !element.escaped)
          [[likely]] {
        if (way.lookup == Lookup::kRecent) {
          const Result* const recent = FindRecent(i, way, content, bytes);
          if (recent != nullptr) [[likely]] {
            personal |= way.personal;
            results[i] = recent;
            continue;
          }
        }
        const uint64_t hash =
            ValueMemo::Hash({{content, bytes}, epoch_set, way.memo_class});
        memo_.PrefetchSet(hash);
        *pending++ = {i, true, ValueMemo::kNowhere, hash};
        continue;
      }
    } else if (element.kind == ElementKind::kNumber) {
      if (way.keeps_numbers) {
        personal |= way.personal;
        results[i] = &kKeptNumber;
        number_sizes.Add(bytes);
        continue;
      }
      if (way.lookup == Lookup::kUnclassified) {
        if (plan_.leak_guard) s_->withheld.emplace_back(content, bytes);
        continue;
      }
    } else if (IsEnd(element.kind) || way.lookup == Lookup::kUnclassified) {
      continue;
    }
    *pending++ = {i, false, ValueMemo::kNowhere, 0};
  }
  s_->holds_personal = personal;
  s_->holds_pseudonym = pseudonym;
  s_->outgoing.AddNumbers(number_sizes);
  s_->pending_count = static_cast<size_t>(pending - s_->pending.data());
}

void RecordTreater::Prefetch(RecordInHand* record) const {
  for (size_t i = 0; i < record->pending_count; ++i) {
    Pending& value = record->pending[i];
    if (value.hashed) value.located = memo_.Locate(value.hash);
  }
}

void RecordTreater::Finish(RecordInHand* record) {
  s_ = record;
  for (size_t i = 0; i < record->pending_count; ++i) {
    FinishElement(record->pending[i]);
  }
}

void RecordTreater::Release() { memo_.Release(); }

// Null if it is not one of the last values of its field.
inline const Result* RecordTreater::FindRecent(uint32_t index,
                                               const FieldWay& way,
                                               const char* content,
                                               size_t bytes) {
  if (!RecentValues::Takes(bytes)) return nullptr;
  const ValueMemo::Place* const place =
      recent_.Find(way.recent, content, bytes);
  if (place == nullptr) return nullptr;
  const ValueMemo::Entry* const entry = memo_.Again(*place);
  if (entry == nullptr) return nullptr;
  if (entry->has_candidates()) s_->remembered.push_back({index, entry});
  return entry->results();
}

inline void RecordTreater::FinishElement(const Pending& pending) {
  const Element& element = s_->parsed.elements[pending.element];
  const FieldRule& rule = rules_.fields[static_cast<size_t>(element.field)];
  if (pending.hashed) {
    LookUp(pending, element, rule);
  } else if (IsBegin(element.kind)) {
    JudgeContainer(element);
  } else {
    Treat(pending.element, element, s_->parsed.Content(element));
  }
}

inline void RecordTreater::LookUp(const Pending& pending,
                                  const Element& element,
                                  const FieldRule& rule) {
  const ValueMemo::Key key = MemoKey(element, rule);
  ValueMemo::Place place;
  const ValueMemo::Entry* entry =
      memo_.Find(key, pending.hash, pending.located, &place);
  if (entry != nullptr) [[likely]] {
    if (rule.lookup == Lookup::kRecent && entry->rights() == 0 &&
        RecentValues::Takes(key.raw.size())) {
      NoteRecent(rule, key.raw, place, *entry);
    }
    UseEntry(pending.element, element, rule, *entry);
    s_->suppression.Add(entry->rights(), SuppressionReason::kRight);
    return;
  }
  const size_t first_candidate = s_->candidates.size();
  const ReleaseMask rights = Treat(pending.element, element, key.raw);
  if (!memo_.Admits(pending.hash)) return;
  memo_.Insert(key, pending.hash,
               {s_->results[pending.element], rule.variants.size()},
               std::span(s_->candidates).subspan(first_candidate), rights);
}

void RecordTreater::NoteRecent(const FieldRule& rule, std::string_view content,
                               const ValueMemo::Place& place,
                               const ValueMemo::Entry& entry) {
  OutgoingFilter leaves;
  for (size_t i = 0; i < rule.variants.size(); ++i) {
    if (entry.results()[i].from_input) AddString(entry.results()[i], &leaves);
  }
  recent_.Note(rule.recent, content.data(), content.size(), place, leaves);
}

inline void RecordTreater::UseEntry(uint32_t index, const Element& element,
                                    const FieldRule& rule,
                                    const ValueMemo::Entry& entry) {
  NoteLinks(rule);
  s_->results[index] = entry.results();
  if (entry.has_candidates()) s_->remembered.push_back({index, &entry});
  NoteOutgoing(index, element, rule);
}

void RecordTreater::TreatCarrier(int32_t field, std::string_view content,
                                 RecordInHand* record) {
  s_ = record;
  RecordInHand::Carrier& carrier = s_->carriers.emplace_back();
  carrier.element.kind = ElementKind::kString;
  carrier.element.field = field;
  carrier.element.end = static_cast<uint32_t>(content.size());
  carrier.content = content;
  s_->results.push_back(nullptr);
  Treat(static_cast<uint32_t>(s_->results.size() - 1), carrier.element,
        content);
}

ReleaseMask RecordTreater::Treat(uint32_t index, const Element& element,
                                 std::string_view content) {
  const FieldRule& rule = rules_.fields[static_cast<size_t>(element.field)];
  NoteLinks(rule);
  const std::string_view decoded = Decoded(element, content);
  if (rule.field->type == ValueType::kAge &&
      element.kind != ElementKind::kNull) {
    SuppressMinors(decoded);
  }
  treated_.clear();
  const size_t first_candidate = s_->candidates.size();
  treater_.Treat(rule, element, content, s_->keys, &s_->arena, &treated_,
                 &s_->candidates);
  if (s_->candidates.size() != first_candidate) {
    ClearOfOwn(element, content, rule, first_candidate);
    s_->treated_now.push_back({index, s_->candidates.size()});
  }
  s_->results[index] = s_->arena.CopyObjects<Result>(treated_).data();
  NoteOutgoing(index, element, rule);
  if (!IsScalarText(element)) return 0;
  const ReleaseMask rights =
      subjects_.Find(rule, decoded, &s_->arena, &subject_scratch_);
  s_->suppression.Add(rights, SuppressionReason::kRight);
  return rights;
}

// It leaves no release itself.
void RecordTreater::JudgeContainer(const Element& container) {
  const FieldRule& rule = rules_.fields[static_cast<size_t>(container.field)];
  if (rule.field->type == ValueType::kAge) SuppressUnder(std::nullopt);
  const auto find = [&](std::string_view text) {
    s_->suppression.Add(
        subjects_.Find(rule, text, &s_->arena, &subject_scratch_),
        SuppressionReason::kRight);
  };
  const Element* const end = s_->parsed.elements.begin() + container.partner;
  for (const Element* inner = &container + 1; inner < end; ++inner) {
    if (inner->HasKey()) {
      find(
          DecoderOf(plan_.format)(s_->parsed.Key(*inner), &s_->arena, nullptr));
    }
    if (IsScalarText(*inner)) find(Decoded(*inner, s_->parsed.Content(*inner)));
  }
}

// An age that nobody can read may be a child's.
void RecordTreater::SuppressMinors(std::string_view text) {
  if (IsPlaceholder(text)) return;
  SuppressUnder(ParseAge(text));
}

void RecordTreater::SuppressUnder(std::optional<int> age) {
  ReleaseMask minors = 0;
  for (size_t i = 0; i < plan_.releases.size(); ++i) {
    const auto& under = plan_.releases[i].minors_under;
    if (under && (!age || *age < *under)) minors |= ReleaseMask{1} << i;
  }
  s_->suppression.Add(minors, SuppressionReason::kMinor);
}

void RecordTreater::ClearOfOwn(const Element& element, std::string_view content,
                               const FieldRule& rule, size_t first) {
  if (std::none_of(treated_.begin(), treated_.end(), [](const Result& result) {
        return result.facts != nullptr;
      })) {
    return;
  }
  const std::span<Candidate> own = std::span(s_->candidates).subspan(first);
  // Each search has a budget of its own, so it is for short work only.
  constexpr size_t kWorkMax = 16 * 1024;
  if (own.size() * content.size() > kWorkMax) return;
  for (Candidate& candidate : own) {
    MakeMarks(&candidate);
  }
  for (size_t i = 0; i < treated_.size(); ++i) {
    if (treated_[i].facts == nullptr) continue;
    guard_.Begin(own, content.size());
    const ReleaseMask hits = guard_.Scan(PieceOf(element, content, treated_[i]),
                                         rule.variants[i].releases);
    treated_[i].clear_of_own = hits == 0 && !guard_.exhausted();
  }
}

inline void RecordTreater::NoteOutgoing(uint32_t index, const Element& element,
                                        const FieldRule& rule) {
  const Result* const results = s_->results[index];
  for (const Result* result = results; result != results + rule.variants.size();
       ++result) {
    if (!result->from_input) continue;
    if (element.kind == ElementKind::kNumber) {
      s_->outgoing.AddNumber(result->kind == ResultKind::kRaw
                                 ? element.end - element.begin
                                 : result->text.size());
    } else if (result->clear_of_own && rule.lookup != Lookup::kRecent &&
               s_->clear_count < RecordInHand::kClearPiecesMax) {
      RecordInHand::ClearPiece& piece = s_->clear_pieces[s_->clear_count++];
      piece.owner = index;
      piece.filter.Start();
      piece.filter.AddString(*result->facts);
    } else {
      AddString(*result, &s_->outgoing);
    }
  }
}

void RecordTreater::SumOutgoing() {
  s_->all_outgoing = s_->outgoing;
  for (size_t i = 0; i < s_->clear_count; ++i) {
    s_->all_outgoing.Add(s_->clear_pieces[i].filter);
  }
}

template <typename Text>
inline bool RecordTreater::MayLeave(const Text& candidate,
                                    uint32_t owner) const {
  if (!s_->all_outgoing.MayHold(candidate)) [[likely]]
    return false;
  if (s_->outgoing.MayHold(candidate)) return true;
  for (size_t i = 0; i < s_->clear_count; ++i) {
    const RecordInHand::ClearPiece& piece = s_->clear_pieces[i];
    if (piece.owner != owner && piece.filter.MayHold(candidate)) return true;
  }
  return false;
}

void RecordTreater::FindSuspects() {
  // Texts are of the record or of the arena.
  static_assert(ByteBlocks::kReadAhead <= kRawPadding &&
                ByteBlocks::kReadAhead <= Arena::kReadAhead);
  suspects_.clear();
  suspect_owners_.clear();
  SumOutgoing();
  if (!s_->all_outgoing.HoldsAny()) return;
  size_t next = 0;
  for (const RecordInHand::TreatedNow& value : s_->treated_now) {
    for (; next < value.candidates_end; ++next) {
      const Candidate& candidate = s_->candidates[next];
      if (!MayLeave(candidate.value, value.owner)) [[likely]]
        continue;
      suspects_.push_back(candidate);
      MakeMarks(&suspects_.back());
      suspect_owners_.push_back(value.owner);
    }
  }
  for (const RecordInHand::Remembered& value : s_->remembered) {
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
  for (const std::string_view text : s_->withheld) {
    consider(text);
    ForEachPiece(text, consider);
  }
}

void RecordTreater::ConfirmSuspects() {
  s_->outgoing.Start();
  s_->clear_count = 0;
  const auto note = [&](uint32_t index, const Element& element) {
    if (s_->results[index] == nullptr || !IsScalarText(element)) return;
    NoteOutgoing(index, element,
                 rules_.fields[static_cast<size_t>(element.field)]);
  };
  const auto size = static_cast<uint32_t>(s_->parsed.elements.size());
  for (uint32_t i = 0; i < size; ++i) note(i, s_->parsed.elements[i]);
  for (uint32_t i = 0; i < s_->carriers.size(); ++i) {
    note(size + i, s_->carriers[i].element);
  }
  SumOutgoing();
  size_t kept = 0;
  for (size_t i = 0; i < suspects_.size(); ++i) {
    // Which of the two was asked before depends on the memo.
    if (!MayLeave(suspects_[i].value, suspect_owners_[i]) ||
        !MayLeave(suspects_[i], suspect_owners_[i])) {
      continue;
    }
    suspects_[kept++] = suspects_[i];
  }
  suspects_.resize(kept);
}

void RecordTreater::SuspectAll() {
  suspects_ = s_->candidates;
  for (const RecordInHand::Remembered& value : s_->remembered) {
    const std::span<const Candidate> more = value.entry->candidates();
    suspects_.insert(suspects_.end(), more.begin(), more.end());
  }
  for (const std::string_view text : s_->withheld) {
    AddCandidate(text, rules_.all_releases, false, &suspects_);
    AddCandidatePieces(text, rules_.all_releases, &suspects_);
  }
  for (Candidate& suspect : suspects_) {
    MakeMarks(&suspect);
  }
}

void RecordTreater::Guard(RecordInHand* record,
                          std::span<ReleaseCounters> counters) {
  s_ = record;
  FindSuspects();
  if (suspects_.empty()) [[likely]]
    return;
  ConfirmSuspects();
  if (suspects_.empty()) return;
  guard_.Begin(suspects_, s_->parsed.text.size());
  if (!ScanAll()) return;
  // What is redacted may make a piece hold what it did not hold before.
  SuspectAll();
  guard_.Begin(suspects_, s_->parsed.text.size());
  RedactAll(counters);
  if (guard_.exhausted()) {
    s_->suppression.Add(rules_.all_releases, SuppressionReason::kLeakGuard);
  }
}

template <typename Use>
void RecordTreater::ForEachPieceOut(Use use) const {
  const auto use_element = [&](uint32_t index, const Element& element,
                               std::string_view content) {
    if (s_->results[index] == nullptr || !IsScalarText(element)) return;
    const FieldRule& rule = rules_.fields[static_cast<size_t>(element.field)];
    for (size_t i = 0; i < rule.variants.size(); ++i) {
      const Result& result = s_->results[index][i];
      if (!result.from_input) continue;
      use(index, PieceOf(element, content, result),
          rule.variants[i].releases & ~s_->suppression.releases());
    }
  };
  const auto size = static_cast<uint32_t>(s_->parsed.elements.size());
  for (uint32_t i = 0; i < size; ++i) {
    const Element& element = s_->parsed.elements[i];
    use_element(i, element, s_->parsed.Content(element));
  }
  for (uint32_t i = 0; i < s_->carriers.size(); ++i) {
    use_element(size + i, s_->carriers[i].element, s_->carriers[i].content);
  }
}

bool RecordTreater::ScanAll() {
  bool hit = false;
  ForEachPieceOut(
      [&](uint32_t, const GuardedPiece& piece, ReleaseMask releases) {
        hit = hit || guard_.Scan(piece, releases) != 0;
      });
  return hit || guard_.exhausted();
}

void RecordTreater::RedactAll(std::span<ReleaseCounters> counters) {
  ForEachPieceOut(
      [&](uint32_t index, const GuardedPiece& piece, ReleaseMask releases) {
        ReleaseMask hits = guard_.Scan(piece, releases);
        for (int release = 0; hits != 0; ++release, hits >>= 1) {
          if ((hits & 1) == 0) continue;
          Redact(index, release, piece);
          ++counters[static_cast<size_t>(release)].leak_guard_redactions;
        }
      });
}

void RecordTreater::Redact(uint32_t index, int release,
                           const GuardedPiece& piece) {
  Result redacted;
  if (plan_.format == LogFormat::kCombined &&
      index < s_->parsed.elements.size() && kCombinedFields[index].is_number) {
    // Only a number or "-" may stand there.
    redacted.kind = ResultKind::kDrop;
    redacted.action = FieldAction::kSuppressed;
  } else {
    redacted.kind = ResultKind::kText;
    redacted.action = FieldAction::kPartRedacted;
    redacted.quoted = true;
    redacted.text = guard_.Redact(piece, ReleaseMask{1} << release, &s_->arena);
  }
  s_->overrides.push_back({index, release, redacted});
}

}  // namespace nymstream
