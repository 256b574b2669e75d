#include "engine/record_treater.h"

#include <algorithm>

#include "engine/canonical_value.h"
#include "engine/guard_candidates.h"
#include "engine/outgoing_pieces.h"
#include "nymstream/batch.h"
#include "treatment/number.h"

namespace nymstream {

RecordTreater::RecordTreater(const Plan& plan, const FieldRules& rules,
                             const DeidentifierOptions& options)
    : plan_(plan),
      rules_(rules),
      treater_(plan.format, options.countries, plan.leak_guard),
      own_guard_(plan.format),
      memo_(options.memo_bytes),
      recent_(rules.recent_fields) {}

absl::Status RecordTreater::Init(const DeidentifierOptions& options) {
  return subjects_.Init(plan_, rules_.domains, options.subjects,
                        options.keyring.get());
}

void RecordTreater::Begin(RecordInHand* record) {
  record_ = record;
  record_->overrides.clear();
  record_->carriers.clear();
  record_->candidates.clear();
  record_->treated_now.clear();
  record_->remembered.clear();
  record_->withheld.clear();
  record_->outgoing = recent_.outgoing();
  record_->clear_count = 0;
  const size_t size = record_->parsed.elements.size();
  record_->results.resize(size);
  if (record_->pending.size() < size) record_->pending.resize(size);
  BeginElements();
}

std::string_view RecordTreater::Decoded(const Element& element,
                                        std::string_view content) {
  return element.escaped
             ? DecoderOf(plan_.format)(content, &record_->arena, nullptr)
             : content;
}

void RecordTreater::BeginElements() {
  const Begun begun =
      record_->shape != nullptr ? BeginShaped(*record_->shape) : BeginEach();
  record_->pending_count =
      static_cast<size_t>(begun.pending - record_->pending.data());
  record_->holds_personal = begun.personal;
  record_->holds_pseudonym = begun.pseudonym;
  record_->outgoing.AddNumbers(begun.number_sizes);
}

RecordTreater::Begun RecordTreater::BeginShaped(const ShapeRules& shape) {
  const Element* const elements = record_->parsed.elements.begin();
  const char* const text = record_->parsed.text.data();
  std::copy(shape.results.begin(), shape.results.end(),
            record_->results.begin());
  Begun begun{.pending = record_->pending.data(), .personal = shape.personal};
  for (const uint32_t i : shape.kept_numbers) {
    begun.number_sizes.Add(elements[i].end - elements[i].begin);
  }
  if (plan_.leak_guard) {
    record_->withheld.resize(shape.withheld.size());
    auto withheld = record_->withheld.begin();
    for (const uint32_t i : shape.withheld) {
      *withheld++ = {text + elements[i].begin,
                     elements[i].end - elements[i].begin};
    }
  }
  for (const uint32_t i : shape.others) {
    BeginValue(i, elements[i], rules_.WayOf(elements[i].field), &begun);
  }
  return begun;
}

RecordTreater::Begun RecordTreater::BeginEach() {
  Begun begun{.pending = record_->pending.data()};
  const auto size = static_cast<uint32_t>(record_->parsed.elements.size());
  for (uint32_t i = 0; i < size; ++i) {
    const Element& element = record_->parsed.elements[i];
    const FieldWay& way = rules_.WayOf(element.field);
    const std::string_view content = record_->parsed.Content(element);
    record_->results[i] = nullptr;
    switch (WayOf(element, way)) {
      case ElementWay::kNothing:
        break;
      case ElementWay::kWithhold:
        record_->results[i] = way.withheld;
        [[fallthrough]];
      case ElementWay::kWithholdNumber:
        if (plan_.leak_guard) {
          record_->withheld.push_back(Decoded(element, content));
        }
        break;
      case ElementWay::kKeepNumber:
        record_->results[i] = &kKeptNumber;
        begun.personal |= way.personal;
        begun.number_sizes.Add(content.size());
        break;
      case ElementWay::kLookUp:
      case ElementWay::kTreat:
        BeginValue(i, element, way, &begun);
        break;
    }
  }
  return begun;
}

inline void RecordTreater::BeginValue(uint32_t index, const Element& element,
                                      const FieldWay& way, Begun* begun) {
  const char* const content = record_->parsed.text.data() + element.begin;
  const size_t bytes = element.end - element.begin;
  if (element.kind != ElementKind::kString) [[unlikely]] {
    *begun->pending++ = {index, false, ValueMemo::kNowhere, 0};
    return;
  }
  if (IsPlaceholder({content, bytes})) {
    begun->personal |= way.personal;
    begun->pseudonym |= way.keyed;
    record_->results[index] = way.placeholders;
    return;
  }
  if (way.lookup == Lookup::kNone || bytes < 2 || element.escaped)
      [[unlikely]] {
    *begun->pending++ = {index, false, ValueMemo::kNowhere, 0};
    return;
  }
  if (way.lookup == Lookup::kRecent) {
    const Result* const recent = FindRecent(index, way, content, bytes);
    if (recent != nullptr) [[likely]] {
      begun->personal |= way.personal;
      record_->results[index] = recent;
      return;
    }
  }
  const uint64_t hash =
      ValueMemo::Hash({{content, bytes}, record_->keys->id, way.memo_class});
  memo_.PrefetchSet(hash);
  *begun->pending++ = {index, true, ValueMemo::kNowhere, hash};
}

void RecordTreater::Prefetch(RecordInHand* record) const {
  for (size_t i = 0; i < record->pending_count; ++i) {
    Pending& value = record->pending[i];
    if (value.hashed) value.located = memo_.Locate(value.hash);
  }
}

void RecordTreater::Finish(RecordInHand* record) {
  record_ = record;
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
  if (entry->has_candidates()) record_->remembered.push_back({index, entry});
  return entry->results();
}

inline void RecordTreater::FinishElement(const Pending& pending) {
  const Element& element = record_->parsed.elements[pending.element];
  const FieldRule& rule = rules_.fields[static_cast<size_t>(element.field)];
  if (pending.hashed) {
    LookUp(pending, element, rule);
  } else if (IsBegin(element.kind)) {
    JudgeContainer(element);
  } else {
    Treat(pending.element, element, record_->parsed.Content(element));
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
    record_->suppression.Add(entry->rights(), SuppressionReason::kRight);
    return;
  }
  const size_t first_candidate = record_->candidates.size();
  const ReleaseMask rights = Treat(pending.element, element, key.raw);
  if (!memo_.Admits(pending.hash)) return;
  memo_.Insert(key, pending.hash,
               {record_->results[pending.element], rule.variants.size()},
               std::span(record_->candidates).subspan(first_candidate), rights);
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
  record_->results[index] = entry.results();
  if (entry.has_candidates()) record_->remembered.push_back({index, &entry});
  NoteOutgoing(index, element, rule, record_);
}

void RecordTreater::TreatCarrier(int32_t field, std::string_view content,
                                 RecordInHand* record) {
  record_ = record;
  RecordInHand::Carrier& carrier = record_->carriers.emplace_back();
  carrier.element.kind = ElementKind::kString;
  carrier.element.field = field;
  carrier.element.end = static_cast<uint32_t>(content.size());
  carrier.content = content;
  record_->results.push_back(nullptr);
  Treat(static_cast<uint32_t>(record_->results.size() - 1), carrier.element,
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
  const size_t first_candidate = record_->candidates.size();
  treater_.Treat(rule, element, content, record_->keys, &record_->arena,
                 &treated_, &record_->candidates);
  if (record_->candidates.size() != first_candidate) {
    ClearOfOwn(element, content, rule, first_candidate);
    record_->treated_now.push_back({index, record_->candidates.size()});
  }
  record_->results[index] = record_->arena.CopyObjects<Result>(treated_).data();
  NoteOutgoing(index, element, rule, record_);
  if (!IsScalarText(element)) return 0;
  const ReleaseMask rights = subjects_.ReleasesOf(ListsOfText(rule, decoded));
  record_->suppression.Add(rights, SuppressionReason::kRight);
  return rights;
}

// It leaves no release itself.
void RecordTreater::JudgeContainer(const Element& container) {
  const FieldRule& rule = rules_.fields[static_cast<size_t>(container.field)];
  if (rule.field->type == ValueType::kAge) SuppressUnder(std::nullopt);
  record_->suppression.Add(subjects_.ReleasesOf(ListsOfContainer(container)),
                           SuppressionReason::kRight);
}

ListMask RecordTreater::ListsOfContainer(const Element& container) {
  const FieldRule& rule = rules_.fields[static_cast<size_t>(container.field)];
  ListMask lists = 0;
  const Element* const end =
      record_->parsed.elements.begin() + container.partner;
  for (const Element* inner = &container + 1; inner < end; ++inner) {
    if (inner->HasKey()) {
      lists |=
          ListsOfText(rule, DecoderOf(plan_.format)(record_->parsed.Key(*inner),
                                                    &record_->arena, nullptr));
    }
    if (IsScalarText(*inner)) {
      lists |=
          ListsOfText(rule, Decoded(*inner, record_->parsed.Content(*inner)));
    }
  }
  return lists;
}

ListMask RecordTreater::ListsOf(RecordInHand* record) {
  record_ = record;
  ListMask lists = 0;
  const auto add = [&](const Element& element, std::string_view content) {
    if (!IsScalarText(element)) return;
    lists |= ListsOfText(rules_.fields[static_cast<size_t>(element.field)],
                         Decoded(element, content));
  };
  for (const Element& element : record_->parsed.elements) {
    if (element.field < 0) continue;
    if (IsBegin(element.kind)) {
      lists |= ListsOfContainer(element);
    } else {
      add(element, record_->parsed.Content(element));
    }
  }
  for (const RecordInHand::Carrier& carrier : record_->carriers) {
    add(carrier.element, carrier.content);
  }
  return lists;
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
  record_->suppression.Add(minors, SuppressionReason::kMinor);
}

void RecordTreater::ClearOfOwn(const Element& element, std::string_view content,
                               const FieldRule& rule, size_t first) {
  if (std::none_of(treated_.begin(), treated_.end(), [](const Result& result) {
        return result.facts != nullptr;
      })) {
    return;
  }
  const std::span<Candidate> own =
      std::span(record_->candidates).subspan(first);
  // Each search has a budget of its own, so it is for short work only.
  constexpr size_t kWorkMax = 16 * 1024;
  if (own.size() * content.size() > kWorkMax) return;
  for (Candidate& candidate : own) {
    MakeMarks(&candidate);
  }
  for (size_t i = 0; i < treated_.size(); ++i) {
    if (treated_[i].facts == nullptr) continue;
    own_guard_.Begin(own, content.size());
    const ReleaseMask hits = own_guard_.Scan(
        PieceOf(element, content, treated_[i]), rule.variants[i].releases);
    treated_[i].clear_of_own = hits == 0 && !own_guard_.exhausted();
  }
}

}  // namespace nymstream
