#include "engine/record_treater.h"

#include <algorithm>

#include "engine/canonical_value.h"
#include "engine/guard_candidates.h"
#include "nymstream/batch.h"
#include "record/combined_parser.h"
#include "treatment/number.h"

namespace nymstream {
namespace {

// Bytes of a memo's entry: for one release, and for each further one up to
// kEntryReleasesMax, since most have their own result.
struct EntrySize {
  size_t first;
  size_t more;
};
constexpr EntrySize kSmallEntry = {256, 96};   // an address with its token
constexpr EntrySize kLargeEntry = {512, 256};  // a user agent
constexpr size_t kEntryReleasesMax = 4;

size_t EntryBytes(const EntrySize& size, const Plan& plan) {
  constexpr size_t kLineBytes = 64;
  const size_t releases =
      std::clamp<size_t>(plan.releases.size(), 1, kEntryReleasesMax);
  const size_t bytes = size.first + size.more * (releases - 1);
  return (bytes + kLineBytes - 1) / kLineBytes * kLineBytes;
}

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
          .cuts = result.cuts,
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

bool IsEnd(ElementKind kind) {
  return kind == ElementKind::kObjectEnd || kind == ElementKind::kArrayEnd;
}

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
      memo_(options.memo_bytes / 8 * 5, EntryBytes(kSmallEntry, plan)),
      large_memo_(options.memo_bytes / 8 * 3, EntryBytes(kLargeEntry, plan)),
      recent_(plan.fields.size()) {}

absl::Status RecordTreater::Init(const DeidentifierOptions& options) {
  return subjects_.Init(plan_, rules_.domains, options.subjects,
                        options.keyring.get());
}

void RecordTreater::Start(const ParsedRecord& record, const EpochSet& keys,
                          Arena* arena, Suppression* suppression) {
  record_ = &record;
  keys_ = &keys;
  arena_ = arena;
  suppression_ = suppression;
  memo_.NextRecord();
  large_memo_.NextRecord();
  overrides_.clear();
  carriers_.clear();
  candidates_.clear();
  treated_now_.clear();
  remembered_.clear();
  withheld_.clear();
  holds_personal_ = holds_pseudonym_ = 0;
  outgoing_ = recent_.outgoing();
  clear_count_ = 0;
  // TreatElements fills them.
  results_.resize(record.elements.size());
  if (pending_.size() < record.elements.size()) {
    pending_.resize(record.elements.size());
  }
}

std::string_view RecordTreater::Decoded(const Element& element,
                                        std::string_view content) {
  return element.escaped ? DecoderOf(plan_.format)(content, arena_, nullptr)
                         : content;
}

void RecordTreater::TreatElements() {
  const auto size = static_cast<uint32_t>(record_->elements.size());
  const Element* const elements = record_->elements.begin();
  const char* const text = record_->text.data();
  // Copies, because what is stored might be any of these members.
  const FieldWay* const ways = rules_.ways.data() + FieldRules::kFieldWays;
  const Result** const results = results_.data();
  const uint64_t epoch_set = keys_->id;
  ReleaseMask personal = 0;
  ReleaseMask pseudonym = 0;
  uint64_t number_sizes = 0;
  Pending* pending = pending_.data();
  for (uint32_t i = 0; i < size; ++i) {
    const Element& element = elements[i];
    const FieldWay& way = ways[element.field];
    const char* const content = text + element.begin;
    const size_t bytes = element.end - element.begin;
    results[i] = nullptr;
    if (element.kind == ElementKind::kString) [[likely]] {
      if (way.lookup >= Lookup::kWithheld) {
        results[i] = way.withheld;
        withheld_.push_back(Decoded(element, {content, bytes}));
        continue;
      }
      if (bytes <= 1 && (bytes == 0 || *content == '-')) {
        personal |= way.personal;
        pseudonym |= way.keyed;
        results[i] = way.placeholders;
        continue;
      }
      if (way.lookup != Lookup::kNone && bytes > 1 && !element.escaped)
          [[likely]] {
        if (way.lookup == Lookup::kRecent) {
          const Result* const recent =
              FindRecent(element.field, content, bytes);
          if (recent != nullptr) [[likely]] {
            personal |= way.personal;
            results[i] = recent;
            continue;
          }
        }
        ValueMemo* const memo = way.memo_large ? &large_memo_ : &memo_;
        const uint64_t hash =
            ValueMemo::Hash({{content, bytes}, epoch_set, way.memo_class});
        memo->PrefetchSet(hash);
        *pending++ = {i, memo, hash};
        continue;
      }
    } else if (element.kind == ElementKind::kNumber) {
      if (way.keeps_numbers) {
        personal |= way.personal;
        results[i] = &kKeptNumber;
        number_sizes |= OutgoingFilter::SizeBit(bytes);
        continue;
      }
      if (way.lookup == Lookup::kUnclassified) {
        withheld_.emplace_back(content, bytes);
        continue;
      }
    } else if (IsEnd(element.kind) || way.lookup == Lookup::kUnclassified) {
      continue;
    }
    *pending++ = {i, nullptr, 0};
  }
  holds_personal_ = personal;
  holds_pseudonym_ = pseudonym;
  outgoing_.AddNumbers(number_sizes);
  const std::span<const Pending> all(pending_.data(), pending);
  for (const Pending& value : all) {
    if (value.memo != nullptr) value.memo->PrefetchEntry(value.hash);
  }
  for (const Pending& value : all) FinishElement(value);
}

// Null if it is not one of the last values of its field.
inline const Result* RecordTreater::FindRecent(int32_t field,
                                               const char* content,
                                               size_t bytes) {
  if (!RecentValues::Takes(bytes)) return nullptr;
  const ValueMemo::Place* const place =
      recent_.Find(static_cast<size_t>(field), content, bytes);
  if (place == nullptr) return nullptr;
  const ValueMemo::Entry* const entry = memo_.Again(*place);
  if (entry == nullptr) return nullptr;
  if (entry->candidate_count != 0) {
    remembered_.push_back({kNobody, entry});
  }
  return entry->results;
}

inline void RecordTreater::FinishElement(const Pending& pending) {
  const Element& element = record_->elements[pending.element];
  const FieldRule& rule = rules_.fields[static_cast<size_t>(element.field)];
  if (pending.memo != nullptr) {
    LookUp(pending, element, rule);
  } else if (element.kind == ElementKind::kObjectBegin ||
             element.kind == ElementKind::kArrayBegin) {
    JudgeContainer(element);
  } else {
    Treat(pending.element, element, record_->Content(element));
  }
}

inline void RecordTreater::LookUp(const Pending& pending,
                                  const Element& element,
                                  const FieldRule& rule) {
  const ValueMemo::Key key = MemoKey(element, rule);
  ValueMemo::Place place;
  const ValueMemo::Entry* entry = pending.memo->Find(key, pending.hash, &place);
  if (entry != nullptr) [[likely]] {
    if (rule.lookup == Lookup::kRecent && entry->rights == 0 &&
        RecentValues::Takes(key.raw.size())) {
      NoteRecent(element.field, key.raw, place, *entry);
    }
    UseEntry(pending.element, element, rule, *entry);
    suppression_->Add(entry->rights, SuppressionReason::kRight);
    return;
  }
  const size_t first_candidate = candidates_.size();
  const ReleaseMask rights = Treat(pending.element, element, key.raw);
  pending.memo->Insert(key, pending.hash,
                       {results_[pending.element], rule.variants.size()},
                       std::span(candidates_).subspan(first_candidate), rights);
}

void RecordTreater::NoteRecent(int32_t field, std::string_view content,
                               const ValueMemo::Place& place,
                               const ValueMemo::Entry& entry) {
  OutgoingFilter leaves;
  const FieldRule& rule = rules_.fields[static_cast<size_t>(field)];
  for (size_t i = 0; i < rule.variants.size(); ++i) {
    if (entry.results[i].from_input) AddString(entry.results[i], &leaves);
  }
  recent_.Note(static_cast<size_t>(field), content.data(), content.size(),
               place, leaves);
}

inline void RecordTreater::UseEntry(uint32_t index, const Element& element,
                                    const FieldRule& rule,
                                    const ValueMemo::Entry& entry) {
  NoteLinks(rule);
  results_[index] = entry.results;
  if (entry.candidate_count != 0) remembered_.push_back({index, &entry});
  NoteOutgoing(index, element, rule);
}

void RecordTreater::TreatCarrier(int32_t field, std::string_view content) {
  Carrier& carrier = carriers_.emplace_back();
  carrier.element.kind = ElementKind::kString;
  carrier.element.field = field;
  carrier.element.end = static_cast<uint32_t>(content.size());
  carrier.content = content;
  results_.push_back(nullptr);
  Treat(static_cast<uint32_t>(results_.size() - 1), carrier.element, content);
}

void RecordTreater::WithholdCarrier(std::string_view content) {
  withheld_.push_back(content);
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
  const size_t first_candidate = candidates_.size();
  treater_.Treat(rule, element, content, keys_, arena_, &treated_,
                 &candidates_);
  if (candidates_.size() != first_candidate) {
    ClearOfOwn(element, content, rule, first_candidate);
    treated_now_.push_back({index, candidates_.size()});
  }
  results_[index] = arena_->CopyObjects<Result>(treated_).data();
  NoteOutgoing(index, element, rule);
  if (!IsScalarText(element)) return 0;
  const ReleaseMask rights =
      subjects_.Find(rule, decoded, arena_, &subject_scratch_);
  suppression_->Add(rights, SuppressionReason::kRight);
  return rights;
}

// It leaves no release itself.
void RecordTreater::JudgeContainer(const Element& container) {
  const FieldRule& rule = rules_.fields[static_cast<size_t>(container.field)];
  if (rule.field->type == ValueType::kAge) SuppressUnder(std::nullopt);
  const auto find = [&](std::string_view text) {
    suppression_->Add(subjects_.Find(rule, text, arena_, &subject_scratch_),
                      SuppressionReason::kRight);
  };
  const Element* const end = record_->elements.begin() + container.partner;
  for (const Element* inner = &container + 1; inner < end; ++inner) {
    if (inner->HasKey()) {
      find(DecoderOf(plan_.format)(record_->Key(*inner), arena_, nullptr));
    }
    if (IsScalarText(*inner)) find(Decoded(*inner, record_->Content(*inner)));
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
  suppression_->Add(minors, SuppressionReason::kMinor);
}

void RecordTreater::ClearOfOwn(const Element& element, std::string_view content,
                               const FieldRule& rule, size_t first) {
  if (std::none_of(treated_.begin(), treated_.end(), [](const Result& result) {
        return result.facts != nullptr;
      })) {
    return;
  }
  const std::span<Candidate> own = std::span(candidates_).subspan(first);
  for (Candidate& candidate : own) {
    candidate.marks = GuardMarksOf(candidate.value);
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
  const Result* const results = results_[index];
  for (const Result* result = results; result != results + rule.variants.size();
       ++result) {
    if (!result->from_input) continue;
    if (element.kind == ElementKind::kNumber) {
      outgoing_.AddNumbers(
          OutgoingFilter::SizeBit(element.end - element.begin));
    } else if (result->clear_of_own && clear_count_ < kClearPiecesMax) {
      ClearPiece& piece = clear_pieces_[clear_count_++];
      piece.owner = index;
      piece.filter.Start();
      piece.filter.AddString(*result->facts);
    } else {
      AddString(*result, &outgoing_);
    }
  }
}

template <typename Text>
inline bool RecordTreater::MayLeave(const Text& candidate,
                                    uint32_t owner) const {
  if (outgoing_.MayHold(candidate)) [[unlikely]]
    return true;
  for (size_t i = 0; i < clear_count_; ++i) {
    const ClearPiece& piece = clear_pieces_[i];
    if (piece.owner != owner && piece.filter.MayHold(candidate)) return true;
  }
  return false;
}

void RecordTreater::FindSuspects() {
  // Texts are of the record or of the arena.
  static_assert(ByteBlocks::kReadAhead <= kRawPadding &&
                ByteBlocks::kReadAhead <= Arena::kReadAhead);
  suspects_.clear();
  if (!outgoing_.HoldsAny() && clear_count_ == 0) return;
  size_t next = 0;
  for (const TreatedNow& value : treated_now_) {
    for (; next < value.candidates_end; ++next) {
      if (!MayLeave(candidates_[next].value, value.owner)) [[likely]]
        continue;
      suspects_.push_back(candidates_[next]);
      suspects_.back().marks = GuardMarksOf(candidates_[next].value);
    }
  }
  for (const Remembered& value : remembered_) {
    for (const Candidate& candidate : value.entry->Candidates()) {
      if (MayLeave(candidate, value.owner)) [[unlikely]]
        suspects_.push_back(candidate);
    }
  }
  const auto consider = [&](std::string_view text) {
    text = TrimCandidate(text);
    if (text.size() < kGuardedBytesMin || !MayLeave(text, kNobody)) [[likely]]
      return;
    if (!IsWorthGuarding(text)) return;
    Candidate& suspect = suspects_.emplace_back();
    suspect.value = text;
    suspect.marks = GuardMarksOf(text);
    suspect.releases = rules_.all_releases;
  };
  for (const std::string_view text : withheld_) {
    consider(text);
    ForEachPiece(text, consider);
  }
}

void RecordTreater::SuspectAll() {
  suspects_ = candidates_;
  for (const Remembered& value : remembered_) {
    const std::span<const Candidate> more = value.entry->Candidates();
    suspects_.insert(suspects_.end(), more.begin(), more.end());
  }
  for (const std::string_view text : withheld_) {
    AddCandidate(text, rules_.all_releases, false, &suspects_);
    AddCandidatePieces(text, rules_.all_releases, &suspects_);
  }
  for (Candidate& suspect : suspects_) {
    suspect.marks = GuardMarksOf(suspect.value);
  }
}

void RecordTreater::Guard(std::span<ReleaseCounters> counters) {
  FindSuspects();
  if (suspects_.empty()) return;
  guard_.Begin(suspects_, record_->text.size());
  if (!ScanAll()) return;
  // What is redacted may make a piece hold what it did not hold before.
  SuspectAll();
  guard_.Begin(suspects_, record_->text.size());
  RedactAll(counters);
  if (guard_.exhausted()) {
    suppression_->Add(rules_.all_releases, SuppressionReason::kLeakGuard);
  }
}

template <typename Use>
void RecordTreater::ForEachPieceOut(Use use) const {
  const auto use_element = [&](uint32_t index, const Element& element,
                               std::string_view content) {
    if (results_[index] == nullptr || !IsScalarText(element)) return;
    const FieldRule& rule = rules_.fields[static_cast<size_t>(element.field)];
    for (size_t i = 0; i < rule.variants.size(); ++i) {
      const Result& result = results_[index][i];
      if (!result.from_input) continue;
      use(index, PieceOf(element, content, result),
          rule.variants[i].releases & ~suppression_->releases());
    }
  };
  const auto size = static_cast<uint32_t>(record_->elements.size());
  for (uint32_t i = 0; i < size; ++i) {
    const Element& element = record_->elements[i];
    use_element(i, element, record_->Content(element));
  }
  for (uint32_t i = 0; i < carriers_.size(); ++i) {
    use_element(size + i, carriers_[i].element, carriers_[i].content);
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
      index < record_->elements.size() && kCombinedFields[index].is_number) {
    // Only a number or "-" may stand there.
    redacted.kind = ResultKind::kDrop;
    redacted.action = FieldAction::kSuppressed;
  } else {
    redacted.kind = ResultKind::kText;
    redacted.action = FieldAction::kPartRedacted;
    redacted.quoted = true;
    redacted.text = guard_.Redact(piece, ReleaseMask{1} << release, arena_);
  }
  overrides_.push_back({index, release, redacted});
}

}  // namespace nymstream
