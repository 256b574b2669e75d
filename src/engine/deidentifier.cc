#include "nymstream/deidentifier.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/arena.h"
#include "base/check.h"
#include "base/status_macros.h"
#include "document/utf8.h"
#include "engine/canonical_value.h"
#include "engine/epoch_keys.h"
#include "engine/field_rules.h"
#include "engine/guard_candidates.h"
#include "engine/leak_guard.h"
#include "engine/record_writer.h"
#include "engine/retention.h"
#include "engine/subject_lists.h"
#include "engine/value_memo.h"
#include "engine/value_treater.h"
#include "quarantine/record_sealer.h"
#include "record/combined_parser.h"
#include "record/json_parser.h"
#include "record/parsed_record.h"
#include "record/path_matcher.h"
#include "treatment/number.h"
#include "treatment/timestamp.h"

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

// No value grows by more: an address of two bytes ("::") in a list becomes a
// token of 37, behind a comma.
constexpr uint64_t kGrowthMax = 32;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Of a JSON number that every release keeps.
constexpr Result kKeptNumber = [] {
  Result kept;
  kept.kind = ResultKind::kRaw;
  kept.action = FieldAction::kKept;
  kept.from_input = true;
  return kept;
}();

bool IsBlank(std::string_view line) {
  return std::all_of(line.begin(), line.end(),
                     [](char c) { return c == ' ' || c == '\t' || c == '\r'; });
}

absl::Status CheckOptions(const Plan& plan,
                          const DeidentifierOptions& options) {
  for (const ReleasePlan& release : plan.releases) {
    if (!release.epoch.empty() && options.keyring == nullptr) {
      return absl::FailedPreconditionError(absl::StrCat(
          "release ", release.name, " needs a keyring, and none was given"));
    }
    for (size_t i = 0; i < plan.fields.size(); ++i) {
      if (release.fields[i].spec.treatment == Treatment::kCountry &&
          plan.fields[i].type != ValueType::kGeo &&
          options.countries == nullptr) {
        return absl::FailedPreconditionError(
            absl::StrCat("release ", release.name,
                         " needs a country database, and none was given"));
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace

class Deidentifier::Impl {
 public:
  Impl(std::shared_ptr<const Plan> plan, DeidentifierOptions options)
      : plan_(std::move(plan)),
        options_(std::move(options)),
        rules_(FieldRules::From(*plan_)),
        matcher_(plan_->fields),
        json_(&matcher_, plan_->limits.depth_max),
        combined_(plan_->fields),
        epochs_(*plan_, rules_.domains, options_.keyring),
        treater_(plan_->format, options_.countries),
        guard_(plan_->format),
        memo_(options_.memo_bytes / 8 * 5, EntryBytes(kSmallEntry, *plan_)),
        large_memo_(options_.memo_bytes / 8 * 3,
                    EntryBytes(kLargeEntry, *plan_)),
        retention_(*plan_, options_.as_of),
        last_places_(plan_->fields.size(), 0) {}

  absl::Status Init() {
    return subjects_.Init(*plan_, rules_.domains, options_.subjects,
                          options_.keyring.get());
  }

  void Process(RawBatch& raw, ReleasedBatch* released);
  void SetAsOf(int64_t unix_seconds) {
    retention_ = RetentionRule(*plan_, unix_seconds);
  }
  void SetSealer(std::shared_ptr<RecordSealer> sealer) {
    options_.sealer = std::move(sealer);
  }

 private:
  // Where a record stands in its batch.
  struct Place {
    const RawSegment* segment;
    uint32_t segment_index;
    uint32_t index;  // of the record in its segment
    uint64_t offset;
    uint64_t size;
  };

  // A value that is yet to be treated.
  struct Pending {
    uint32_t element;
    ValueMemo* memo;  // null: it may not be there
    uint64_t hash;    // where it may have it
  };

  void Prepare(ReleasedBatch* released) const;
  void ProcessSegment(const RawSegment& segment, uint32_t segment_index);
  void ProcessRecord(std::string_view text, const Place& place);
  void ProcessTombstone(const Place& place);
  void StartRecord();
  std::optional<QuarantineReason> Parse(std::string_view text);
  std::optional<QuarantineReason> ReadEventTime();
  std::optional<Timestamp> ParseTime(std::string_view text);
  std::optional<QuarantineReason> ChooseKeys();
  void NoteKeyEpochs();
  void Quarantine(std::string_view text, const Place& place,
                  QuarantineReason reason);

  // What a string or number says, its escapes decoded.
  std::string_view Decoded(const Element& element, std::string_view content);
  // Results of all elements; fills candidates_ and suppressed_. Values of the
  // memo are looked up together, since each alone would wait for memory.
  void TreatElements();
  // What needs no memory is done at once, what may suppress the record is done
  // later, in the order of elements.
  void StartElement(uint32_t index);
  void FinishElement(const Pending& pending);
  // True if the memo serves the value of `element`, which has `rule`.
  static bool IsMemoised(const Element& element, const FieldRule& rule) {
    return rule.memo_class >= 0 && element.kind == ElementKind::kString &&
           !element.escaped && element.end - element.begin > 1;
  }
  ValueMemo::Key MemoKey(const Element& element, const FieldRule& rule) const {
    return {record_.Content(element), keys_->id, rule.memo_class};
  }
  // True if the last entry of a field that repeats has the value.
  bool TreatRepeated(uint32_t index, const Element& element,
                     const FieldRule& rule);
  void TreatMemoised(const Pending& pending, const Element& element,
                     const FieldRule& rule);
  void UseEntry(uint32_t index, const ValueMemo::Entry& entry);
  // Treats what travels beside the record, as elements that come after its own.
  void TreatCarriers(const RawSegment& segment);
  // Fills treated_ with the results. Returns the releases that a suppression
  // list keeps its subject from.
  ReleaseMask TreatClassified(const Element& element, std::string_view content);
  // What retention wants to know of a record that has a value of `rule`.
  void NoteLinks(const FieldRule& rule) {
    holds_personal_ |= rule.personal;
    holds_pseudonym_ |= rule.keyed;
  }
  // What policy rules want to know of a container where a value should be.
  void JudgeContainer(const Element& container);
  void WithholdUnclassified(const Element& element);
  void Withhold(std::string_view text);
  void SuppressMinors(std::string_view text);
  void SuppressUnder(std::optional<int> age);
  void Suppress(ReleaseMask releases, SuppressionReason reason);
  void Guard();
  bool NeedsSearch(const Element& element, const Result& result) const;
  void GuardElement(uint32_t index, const Element& element,
                    std::string_view content);
  void WriteReleases(std::string_view text, const Place& place);
  // Takes back what WriteReleases() wrote and counted.
  void Unwrite();
  // True if the record is too large for some release's output.
  bool ReleasedTooLarge() const;
  // "source@offset".
  std::string_view Coordinates(const Place& place);
  void WriteRelease(int release, const Place& place);
  void WriteCarriers(int release, ReleasedBatch::Output* output);

  std::shared_ptr<const Plan> plan_;
  DeidentifierOptions options_;
  FieldRules rules_;
  PathMatcher matcher_;
  JsonParser json_;
  CombinedParser combined_;
  EpochKeys epochs_;
  SubjectLists subjects_;
  ValueTreater treater_;
  LeakGuard guard_;
  ValueMemo memo_;
  ValueMemo large_memo_;
  RetentionRule retention_;
  // By field: where the memo had its last value, if it repeats.
  std::vector<size_t> last_places_;

  // The last event time that was parsed.
  std::array<char, 64> last_time_text_{};
  size_t last_time_size_ = 0;
  std::optional<Timestamp> last_time_;

  // Of the batch in hand.
  ReleasedBatch* released_ = nullptr;
  std::string_view raw_bytes_;
  uint64_t noted_set_ = 0;  // EpochSet whose epochs were noted last
  const RawBatch* raw_ = nullptr;

  // Of the record in hand.
  Arena arena_;
  ParsedRecord record_;
  int64_t event_time_ = 0;
  const EpochSet* keys_ = nullptr;
  // Of each element and carrier, its results by variant: in the memo, in the
  // arena or constant; null: none.
  std::vector<const Result*> results_;
  std::vector<Result> treated_;  // of the value in hand, one per variant
  SubjectLists::Scratch subject_scratch_;
  std::vector<Pending> pending_;
  std::vector<Candidate> candidates_;
  std::vector<ResultOverride> overrides_;
  // What travels beside the record: their results follow those of the record's
  // elements, numbered on from there.
  struct Carrier {
    Element element;
    std::string_view content;
  };
  std::vector<Carrier> carriers_;
  // Before a record that may be too large was written.
  struct Mark {
    size_t bytes;
    size_t records;
    size_t carrier_bytes;
    size_t carriers;
  };
  std::vector<Mark> marks_;  // by release; empty: it can't be too large
  std::vector<ReleaseCounters> counters_before_;
  ReleaseMask suppressed_ = 0;
  std::array<ReleaseMask, kSuppressionReasonCount> suppressed_by_{};
  ReleaseMask holds_personal_ = 0;
  ReleaseMask holds_pseudonym_ = 0;
};

void Deidentifier::Impl::Prepare(ReleasedBatch* released) const {
  released->outputs_.resize(plan_->releases.size());
  for (ReleasedBatch::Output& output : released->outputs_) {
    output.bytes.clear();
    output.records.clear();
    output.carrier_bytes.clear();
    output.carriers.clear();
  }
  released->segment_records_.clear();
  released->receipts_.clear();
  released->receipt_segments_.clear();
  released->sealed_.clear();
  released->sealed_ends_.clear();
  released->key_epochs_.clear();
  Counters& counters = released->counters_;
  counters.received = counters.received_bytes = counters.empty_lines = 0;
  counters.tombstones = 0;
  counters.quarantined_by.fill(0);
  counters.releases.resize(plan_->releases.size());
  for (ReleaseCounters& release : counters.releases) {
    auto fields = std::move(release.fields);
    fields.assign(plan_->fields.size() + 1, {});
    release = ReleaseCounters();
    release.fields = std::move(fields);
  }
}

void Deidentifier::Impl::Process(RawBatch& raw, ReleasedBatch* released) {
  Prepare(released);
  raw.bytes_.Reserve(raw.bytes_.size() + kRawPadding);
  released_ = released;
  noted_set_ = 0;
  raw_ = &raw;
  raw_bytes_ = raw.bytes_.view();
  for (uint32_t i = 0; i < raw.segments_.size(); ++i) {
    const uint64_t before = released->counters_.received;
    ProcessSegment(raw.segments_[i], i);
    released->segment_records_.push_back(
        static_cast<uint32_t>(released->counters_.received - before));
  }
}

void Deidentifier::Impl::ProcessSegment(const RawSegment& segment,
                                        uint32_t segment_index) {
  Place place{&segment, segment_index, 0, segment.offset, 0};
  if (segment.tombstone) {
    ProcessTombstone(place);
    return;
  }
  const std::string_view bytes =
      raw_bytes_.substr(segment.begin, segment.end - segment.begin);
  if (segment.dropped_bytes > 0) {
    place.size = bytes.size() + segment.dropped_bytes;
    ProcessRecord(bytes, place);
    return;
  }
  size_t at = 0;
  const bool may_have_mark = !raw_->offsets_are_bytes || segment.offset == 0;
  if (may_have_mark && bytes.starts_with(kByteOrderMark)) {
    at = kByteOrderMark.size();
  }
  while (at < bytes.size()) {
    const size_t found = bytes.find('\n', at);
    const size_t end = found == std::string_view::npos ? bytes.size() : found;
    std::string_view line = bytes.substr(at, end - at);
    if (raw_->offsets_are_bytes) place.offset = segment.offset + at;
    at = end + 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (IsBlank(line)) {
      ++released_->counters_.empty_lines;
      continue;
    }
    place.size = line.size();
    ProcessRecord(line, place);
    ++place.index;
  }
}

void Deidentifier::Impl::ProcessRecord(std::string_view text,
                                       const Place& place) {
  ++released_->counters_.received;
  released_->counters_.received_bytes += place.size;
  StartRecord();
  std::optional<QuarantineReason> reason;
  if (place.size > plan_->limits.record_bytes_max) {
    reason = QuarantineReason::kTooLarge;
  }
  if (!reason) reason = Parse(text);
  if (!reason) reason = ReadEventTime();
  if (!reason) reason = ChooseKeys();
  if (reason) {
    Quarantine(text, place, *reason);
    return;
  }
  Suppress(keys_->destroyed, SuppressionReason::kKeyEpochDestroyed);
  TreatElements();
  TreatCarriers(*place.segment);
  Suppress(retention_.Expired(event_time_, holds_personal_, holds_pseudonym_),
           SuppressionReason::kRetention);
  if (plan_->leak_guard && suppressed_ != rules_.all_releases) Guard();
  WriteReleases(text, place);
}

void Deidentifier::Impl::StartRecord() {
  arena_.Reset();
  memo_.NextRecord();
  large_memo_.NextRecord();
  results_.clear();
  candidates_.clear();
  carriers_.clear();
  overrides_.clear();
  suppressed_ = holds_personal_ = holds_pseudonym_ = 0;
  suppressed_by_.fill(0);
}

// It leaves where its key does, as the same key left with the records of that
// time.
void Deidentifier::Impl::ProcessTombstone(const Place& place) {
  ++released_->counters_.tombstones;
  StartRecord();
  record_.text = {};
  record_.elements.Start(0);
  event_time_ = place.segment->tombstone_unix_seconds;
  if (ChooseKeys()) return;
  Suppress(keys_->destroyed, SuppressionReason::kKeyEpochDestroyed);
  TreatCarriers(*place.segment);
  for (size_t i = 0; i < released_->outputs_.size(); ++i) {
    if ((suppressed_ >> i & 1) != 0) continue;
    ReleasedBatch::Output& output = released_->outputs_[i];
    const size_t before = output.carriers.size();
    WriteCarriers(static_cast<int>(i), &output);
    const bool has_key = std::any_of(
        output.carriers.begin() + static_cast<ptrdiff_t>(before),
        output.carriers.end(), [&](const ReleasedBatch::Carrier& carrier) {
          return plan_->fields[static_cast<size_t>(carrier.field)].carrier ==
                 nymstream::Carrier::kKafkaKey;
        });
    if (!has_key) {
      output.carriers.resize(before);
      continue;
    }
    output.records.push_back({output.bytes.size(), place.segment_index,
                              static_cast<uint32_t>(output.carriers.size()),
                              true});
  }
}

std::optional<QuarantineReason> Deidentifier::Impl::Parse(
    std::string_view text) {
  return plan_->format == LogFormat::kJson ? json_.Parse(text, &record_)
                                           : combined_.Parse(text, &record_);
}

std::string_view Deidentifier::Impl::Decoded(const Element& element,
                                             std::string_view content) {
  return element.escaped ? DecoderOf(plan_->format)(content, &arena_, nullptr)
                         : content;
}

// Within a second the same text comes again.
std::optional<Timestamp> Deidentifier::Impl::ParseTime(std::string_view text) {
  if (text.size() > last_time_text_.size()) return ParseTimestamp(text);
  if (text != std::string_view(last_time_text_.data(), last_time_size_)) {
    std::copy(text.begin(), text.end(), last_time_text_.begin());
    last_time_size_ = text.size();
    last_time_ = ParseTimestamp(text);
  }
  return last_time_;
}

// Two event times that differ leave no way to choose, so both are refused.
std::optional<QuarantineReason> Deidentifier::Impl::ReadEventTime() {
  std::optional<Timestamp> time;
  const int32_t field = plan_->event_time_field;
  for (const Element& element : record_.elements) {
    if (element.field != field) continue;
    const bool scalar = element.kind == ElementKind::kString ||
                        element.kind == ElementKind::kNumber;
    if (!scalar) return QuarantineReason::kEventTimeInvalid;
    const auto parsed = ParseTime(Decoded(element, record_.Content(element)));
    if (!parsed || (time && parsed->unix_seconds != time->unix_seconds)) {
      return QuarantineReason::kEventTimeInvalid;
    }
    time = parsed;
  }
  if (!time) return QuarantineReason::kEventTimeMissing;
  event_time_ = time->unix_seconds;
  return std::nullopt;
}

std::optional<QuarantineReason> Deidentifier::Impl::ChooseKeys() {
  const auto set = epochs_.At(event_time_);
  if (!set.ok() || *set == nullptr) return QuarantineReason::kKeyEpochMissing;
  keys_ = *set;
  if (keys_->id != noted_set_) NoteKeyEpochs();
  return std::nullopt;
}

void Deidentifier::Impl::NoteKeyEpochs() {
  noted_set_ = keys_->id;
  std::vector<int>& noted = released_->key_epochs_;
  for (const int epoch : keys_->epochs) {
    if (std::find(noted.begin(), noted.end(), epoch) == noted.end()) {
      noted.push_back(epoch);
    }
  }
}

void Deidentifier::Impl::Quarantine(std::string_view text, const Place& place,
                                    QuarantineReason reason) {
  const Receipt receipt{place.offset, place.index, place.size, reason};
  released_->receipts_.push_back(receipt);
  released_->receipt_segments_.push_back(place.segment_index);
  ++released_->counters_.quarantined_by[static_cast<size_t>(reason)];
  for (ReleaseCounters& release : released_->counters_.releases) {
    ++release.received;
    ++release.quarantined;
  }
  if (options_.sealer == nullptr) return;
  // No envelope grows beyond the limit, whoever cut the record.
  text = text.substr(
      0, std::min(plan_->limits.record_bytes_max, options_.sealed_bytes_max));
  options_.sealer->Seal(text, receipt, &released_->sealed_);
  released_->sealed_ends_.push_back(released_->sealed_.size());
}

void Deidentifier::Impl::TreatElements() {
  const auto size = static_cast<uint32_t>(record_.elements.size());
  results_.assign(size, nullptr);
  pending_.clear();
  for (uint32_t i = 0; i < size; ++i) StartElement(i);
  for (const Pending& pending : pending_) {
    if (pending.memo != nullptr) pending.memo->PrefetchEntry(pending.hash);
  }
  for (const Pending& pending : pending_) FinishElement(pending);
}

inline void Deidentifier::Impl::StartElement(uint32_t index) {
  const Element& element = record_.elements[index];
  if (element.kind == ElementKind::kObjectEnd ||
      element.kind == ElementKind::kArrayEnd) {
    return;
  }
  if (element.field < 0) {
    WithholdUnclassified(element);
    return;
  }
  const FieldRule& rule = rules_.fields[static_cast<size_t>(element.field)];
  if (rule.keeps_numbers && element.kind == ElementKind::kNumber) {
    NoteLinks(rule);
    results_[index] = &kKeptNumber;
    return;
  }
  if (element.end - element.begin <= 1 && !element.escaped &&
      element.kind == ElementKind::kString &&
      IsPlaceholder(record_.Content(element))) {
    NoteLinks(rule);
    results_[index] = rule.placeholders.data();
    return;
  }
  Pending pending{index, nullptr, 0};
  if (IsMemoised(element, rule)) {
    if (rule.memo_repeats && TreatRepeated(index, element, rule)) return;
    pending.memo = rule.memo_large ? &large_memo_ : &memo_;
    pending.hash = ValueMemo::Hash(MemoKey(element, rule));
    pending.memo->PrefetchSet(pending.hash);
  }
  pending_.push_back(pending);
}

bool Deidentifier::Impl::TreatRepeated(uint32_t index, const Element& element,
                                       const FieldRule& rule) {
  const size_t place = last_places_[static_cast<size_t>(element.field)];
  const ValueMemo::Entry* entry = memo_.FindAt(MemoKey(element, rule), place);
  if (entry == nullptr || entry->rights != 0) return false;
  NoteLinks(rule);
  UseEntry(index, *entry);
  return true;
}

void Deidentifier::Impl::FinishElement(const Pending& pending) {
  const Element& element = record_.elements[pending.element];
  const FieldRule& rule = rules_.fields[static_cast<size_t>(element.field)];
  if (pending.memo != nullptr) {
    TreatMemoised(pending, element, rule);
  } else if (element.kind == ElementKind::kObjectBegin ||
             element.kind == ElementKind::kArrayBegin) {
    JudgeContainer(element);
  } else {
    TreatClassified(element, record_.Content(element));
    results_[pending.element] = arena_.CopyObjects<Result>(treated_).data();
  }
}

void Deidentifier::Impl::TreatCarriers(const RawSegment& segment) {
  for (uint32_t i = segment.carriers_begin; i < segment.carriers_end; ++i) {
    const RawCarrier& raw = raw_->carriers_[i];
    const std::string_view content =
        raw_bytes_.substr(raw.begin, raw.end - raw.begin);
    if (raw.field == kUnclassifiedCarrier ||
        ValidUtf8Bytes(content) != content.size()) {
      Withhold(content);
      continue;
    }
    Carrier carrier;
    carrier.element.kind = ElementKind::kString;
    carrier.element.field = raw.field;
    carrier.element.end = static_cast<uint32_t>(content.size());
    carrier.content = content;
    carriers_.push_back(carrier);
    TreatClassified(carrier.element, content);
    results_.push_back(arena_.CopyObjects<Result>(treated_).data());
  }
}

void Deidentifier::Impl::UseEntry(uint32_t index,
                                  const ValueMemo::Entry& entry) {
  results_[index] = entry.results;
  for (const Candidate& candidate : entry.Candidates()) {
    candidates_.push_back(candidate);
  }
}

void Deidentifier::Impl::TreatMemoised(const Pending& pending,
                                       const Element& element,
                                       const FieldRule& rule) {
  const ValueMemo::Key key = MemoKey(element, rule);
  size_t place = 0;
  const ValueMemo::Entry* entry = pending.memo->Find(key, pending.hash, &place);
  if (entry != nullptr) [[likely]] {
    if (rule.memo_repeats) {
      last_places_[static_cast<size_t>(element.field)] = place;
    }
    NoteLinks(rule);
    UseEntry(pending.element, *entry);
    Suppress(entry->rights, SuppressionReason::kRight);
    return;
  }
  const size_t first_candidate = candidates_.size();
  const ReleaseMask rights = TreatClassified(element, key.raw);
  const std::span<const Result> results = arena_.CopyObjects<Result>(treated_);
  results_[pending.element] = results.data();
  pending.memo->Insert(key, pending.hash, results,
                       std::span(candidates_).subspan(first_candidate), rights);
}

ReleaseMask Deidentifier::Impl::TreatClassified(const Element& element,
                                                std::string_view content) {
  const FieldRule& rule = rules_.fields[static_cast<size_t>(element.field)];
  NoteLinks(rule);
  const std::string_view decoded = Decoded(element, content);
  if (rule.field->type == ValueType::kAge &&
      element.kind != ElementKind::kNull) {
    SuppressMinors(decoded);
  }
  treated_.clear();
  treater_.Treat(rule, element, content, keys_, &arena_, &treated_,
                 &candidates_);
  if (element.kind != ElementKind::kString &&
      element.kind != ElementKind::kNumber) {
    return 0;
  }
  const ReleaseMask rights =
      subjects_.Find(rule, decoded, &arena_, &subject_scratch_);
  Suppress(rights, SuppressionReason::kRight);
  return rights;
}

// It leaves no release itself.
void Deidentifier::Impl::JudgeContainer(const Element& container) {
  const FieldRule& rule = rules_.fields[static_cast<size_t>(container.field)];
  if (rule.field->type == ValueType::kAge) SuppressUnder(std::nullopt);
  const auto find = [&](std::string_view text) {
    Suppress(subjects_.Find(rule, text, &arena_, &subject_scratch_),
             SuppressionReason::kRight);
  };
  const Element* const end = record_.elements.begin() + container.partner;
  for (const Element* inner = &container + 1; inner < end; ++inner) {
    if (inner->HasKey()) {
      find(DecoderOf(plan_->format)(record_.Key(*inner), &arena_, nullptr));
    }
    if (inner->kind == ElementKind::kString ||
        inner->kind == ElementKind::kNumber) {
      find(Decoded(*inner, record_.Content(*inner)));
    }
  }
}

void Deidentifier::Impl::WithholdUnclassified(const Element& element) {
  if (!plan_->leak_guard) return;
  if (element.kind != ElementKind::kString &&
      element.kind != ElementKind::kNumber) {
    return;
  }
  Withhold(Decoded(element, record_.Content(element)));
}

void Deidentifier::Impl::Withhold(std::string_view text) {
  AddCandidate(text, rules_.all_releases, false, &candidates_);
  AddCandidatePieces(text, rules_.all_releases, &candidates_);
}

// An age that nobody can read may be a child's.
void Deidentifier::Impl::SuppressMinors(std::string_view text) {
  if (IsPlaceholder(text)) return;
  SuppressUnder(ParseAge(text));
}

void Deidentifier::Impl::SuppressUnder(std::optional<int> age) {
  ReleaseMask minors = 0;
  for (size_t i = 0; i < plan_->releases.size(); ++i) {
    const auto& under = plan_->releases[i].minors_under;
    if (under && (!age || *age < *under)) minors |= ReleaseMask{1} << i;
  }
  Suppress(minors, SuppressionReason::kMinor);
}

void Deidentifier::Impl::Suppress(ReleaseMask releases,
                                  SuppressionReason reason) {
  // The first reason counts.
  suppressed_by_[static_cast<size_t>(reason)] |= releases & ~suppressed_;
  suppressed_ |= releases;
}

// False for most.
inline bool Deidentifier::Impl::NeedsSearch(const Element& element,
                                            const Result& result) const {
  if (!result.from_input) return false;
  if (&result == &kKeptNumber) {
    return guard_.MayBeWhole(element.end - element.begin);
  }
  return result.facts == nullptr || guard_.MayHold(*result.facts);
}

void Deidentifier::Impl::Guard() {
  if (candidates_.empty()) return;
  guard_.Begin(candidates_, record_.text.size());
  for (uint32_t i = 0; i < record_.elements.size(); ++i) {
    const Result* const result = results_[i];
    if (result == nullptr) continue;
    const Element& element = record_.elements[i];
    const size_t variants =
        rules_.fields[static_cast<size_t>(element.field)].variants.size();
    if (std::none_of(result, result + variants, [&](const Result& variant) {
          return NeedsSearch(element, variant);
        })) {
      continue;
    }
    const std::string_view content = record_.Content(element);
    GuardElement(i, element, content);
  }
  for (size_t i = 0; i < carriers_.size(); ++i) {
    GuardElement(static_cast<uint32_t>(record_.elements.size() + i),
                 carriers_[i].element, carriers_[i].content);
  }
  if (guard_.exhausted()) {
    Suppress(rules_.all_releases, SuppressionReason::kLeakGuard);
  }
}

void Deidentifier::Impl::GuardElement(uint32_t index, const Element& element,
                                      std::string_view content) {
  const FieldRule& rule = rules_.fields[static_cast<size_t>(element.field)];
  const bool number = element.kind == ElementKind::kNumber;
  if (!number && element.kind != ElementKind::kString) return;
  for (size_t i = 0; i < rule.variants.size(); ++i) {
    const Result& result = results_[index][i];
    if (!result.from_input) continue;
    const ReleaseMask releases = rule.variants[i].releases & ~suppressed_;
    const GuardedPiece piece{
        .text = result.kind == ResultKind::kRaw ? content : result.text,
        .original = content,
        .cuts = result.cuts,
        .joined = result.joined,
        .escaped = element.escaped,
        .whole = number,
        .facts = result.facts};
    ReleaseMask hits = guard_.Scan(piece, releases);
    for (int release = 0; hits != 0; ++release, hits >>= 1) {
      if ((hits & 1) == 0) continue;
      Result redacted;
      if (plan_->format == LogFormat::kCombined &&
          kCombinedFields[index].is_number) {
        // Only a number or "-" may stand there.
        redacted.kind = ResultKind::kDrop;
        redacted.action = FieldAction::kSuppressed;
      } else {
        redacted.kind = ResultKind::kText;
        redacted.action = FieldAction::kPartRedacted;
        redacted.quoted = true;
        redacted.text =
            guard_.Redact(piece, ReleaseMask{1} << release, &arena_);
      }
      overrides_.push_back({index, release, redacted});
      ++released_->counters_.releases[static_cast<size_t>(release)]
            .leak_guard_redactions;
    }
  }
}

bool Deidentifier::Impl::ReleasedTooLarge() const {
  for (size_t i = 0; i < marks_.size(); ++i) {
    const ReleasedBatch::Output& output = released_->outputs_[i];
    if (output.records.size() == marks_[i].records) continue;
    const size_t size = output.bytes.size() - marks_[i].bytes - 1 +
                        output.carrier_bytes.size() - marks_[i].carrier_bytes;
    if (size > options_.released_bytes_max) return true;
  }
  return false;
}

void Deidentifier::Impl::Unwrite() {
  for (size_t i = 0; i < marks_.size(); ++i) {
    ReleasedBatch::Output& output = released_->outputs_[i];
    output.bytes.Truncate(marks_[i].bytes);
    output.records.resize(marks_[i].records);
    output.carrier_bytes.Truncate(marks_[i].carrier_bytes);
    output.carriers.resize(marks_[i].carriers);
  }
  released_->counters_.releases = counters_before_;
}

void Deidentifier::Impl::WriteReleases(std::string_view text,
                                       const Place& place) {
  marks_.clear();
  size_t size = text.size();
  for (const Carrier& carrier : carriers_) size += carrier.content.size();
  if (size > options_.released_bytes_max / kGrowthMax) {
    for (const ReleasedBatch::Output& output : released_->outputs_) {
      marks_.push_back({output.bytes.size(), output.records.size(),
                        output.carrier_bytes.size(), output.carriers.size()});
    }
    counters_before_ = released_->counters_.releases;
  }
  for (size_t i = 0; i < plan_->releases.size(); ++i) {
    ReleaseCounters& counters = released_->counters_.releases[i];
    ++counters.received;
    if ((suppressed_ >> i & 1) == 0) {
      WriteRelease(static_cast<int>(i), place);
      continue;
    }
    ++counters.suppressed;
    for (size_t reason = 0; reason < suppressed_by_.size(); ++reason) {
      if ((suppressed_by_[reason] >> i & 1) != 0) {
        ++counters.suppressed_by[reason];
      }
    }
  }
  if (ReleasedTooLarge()) {
    Unwrite();
    Quarantine(text, place, QuarantineReason::kReleasedTooLarge);
  }
}

std::string_view Deidentifier::Impl::Coordinates(const Place& place) {
  const absl::AlphaNum offset(place.offset);
  const size_t size = raw_->source.size() + 1 + offset.size();
  char* text = arena_.Allocate(size);
  std::memcpy(text, raw_->source.data(), raw_->source.size());
  text[raw_->source.size()] = '@';
  std::memcpy(text + raw_->source.size() + 1, offset.data(), offset.size());
  return {text, size};
}

void Deidentifier::Impl::WriteRelease(int release, const Place& place) {
  const ReleasePlan& plan = plan_->releases[static_cast<size_t>(release)];
  ReleasedBatch::Output& output =
      released_->outputs_[static_cast<size_t>(release)];
  ReleaseCounters& counters =
      released_->counters_.releases[static_cast<size_t>(release)];
  const size_t begin = output.bytes.size();
  const TreatedRecord record{&record_, &rules_, results_, overrides_};
  const std::string_view coordinates =
      plan.source_coordinates && options_.coordinates_in_records
          ? Coordinates(place)
          : std::string_view();
  if (plan_->format == LogFormat::kJson) {
    WriteJsonRecord(record, release, coordinates, counters.fields,
                    &output.bytes);
  } else if (plan.format == OutputFormat::kJson) {
    WriteCombinedAsJson(record, release, coordinates, counters.fields, &arena_,
                        &output.bytes);
  } else {
    WriteCombinedRecord(record, release, counters.fields, &output.bytes);
  }
  output.bytes.Append('\n');
  WriteCarriers(release, &output);
  output.records.push_back({output.bytes.size(), place.segment_index,
                            static_cast<uint32_t>(output.carriers.size()),
                            false});
  ++counters.released;
  counters.bytes += output.bytes.size() - begin;
}

void Deidentifier::Impl::WriteCarriers(int release,
                                       ReleasedBatch::Output* output) {
  ReleaseCounters& counters =
      released_->counters_.releases[static_cast<size_t>(release)];
  const TreatedRecord record{&record_, &rules_, results_, overrides_};
  for (size_t i = 0; i < carriers_.size(); ++i) {
    const int32_t field = carriers_[i].element.field;
    const Result& result = record.ResultOf(
        static_cast<uint32_t>(record_.elements.size() + i), field, release);
    ++counters.fields[static_cast<size_t>(field)]
                     [static_cast<size_t>(result.action)];
    if (result.kind == ResultKind::kDrop) continue;
    const size_t begin = output->carrier_bytes.size();
    output->carrier_bytes.Append(
        result.kind == ResultKind::kRaw ? carriers_[i].content : result.text);
    output->carriers.push_back({field, begin, output->carrier_bytes.size()});
  }
}

Deidentifier::Deidentifier(std::unique_ptr<Impl> impl)
    : impl_(std::move(impl)) {}

Deidentifier::~Deidentifier() = default;

absl::StatusOr<std::unique_ptr<Deidentifier>> Deidentifier::Create(
    std::shared_ptr<const Plan> plan, DeidentifierOptions options) {
  NYM_RETURN_IF_ERROR(CheckOptions(*plan, options));
  auto impl = std::make_unique<Impl>(std::move(plan), std::move(options));
  NYM_RETURN_IF_ERROR(impl->Init());
  return std::unique_ptr<Deidentifier>(new Deidentifier(std::move(impl)));
}

void Deidentifier::Process(RawBatch& raw, ReleasedBatch* released) {
  impl_->Process(raw, released);
}

void Deidentifier::SetAsOf(int64_t unix_seconds) {
  impl_->SetAsOf(unix_seconds);
}

void Deidentifier::SetSealer(std::shared_ptr<RecordSealer> sealer) {
  impl_->SetSealer(std::move(sealer));
}

}  // namespace nymstream
