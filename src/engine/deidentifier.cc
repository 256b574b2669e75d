#include "nymstream/deidentifier.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/arena.h"
#include "base/check.h"
#include "base/fetch_line.h"
#include "base/status_macros.h"
#include "document/utf8.h"
#include "engine/epoch_keys.h"
#include "engine/field_rules.h"
#include "engine/outgoing_pieces.h"
#include "engine/record_guard.h"
#include "engine/record_treater.h"
#include "engine/record_writer.h"
#include "engine/retention.h"
#include "engine/shape_rules.h"
#include "engine/suppression.h"
#include "engine/value_treater.h"
#include "quarantine/record_sealer.h"
#include "record/combined_parser.h"
#include "record/json_parser.h"
#include "record/parsed_record.h"
#include "record/path_matcher.h"
#include "treatment/timestamp.h"

namespace nymstream {
namespace {

// No value grows by more: an address of two bytes ("::") in a list becomes a
// token of 37, behind a comma.
constexpr uint64_t kGrowthMax = 32;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// As many bytes as the record in hand has, some records ahead: nothing else
// reads on while records are treated.
void FetchAhead(std::string_view bytes, size_t at, size_t size) {
  constexpr size_t kAhead = 1024;
  const auto place = [&](size_t ahead) {
    return bytes.data() + std::min(bytes.size(), at + ahead);
  };
  FetchLines(place(kAhead), place(kAhead + size));
}

// Bytes of the line end at `at`; nullopt if there is none. The end of all is
// one.
std::optional<size_t> LineEndAt(std::string_view bytes, size_t at) {
  const size_t returns = at < bytes.size() && bytes[at] == '\r' ? 1 : 0;
  if (at + returns == bytes.size()) return returns;
  if (bytes[at + returns] != '\n') return std::nullopt;
  return returns + 1;
}

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
        shapes_(rules_, plan_->event_time_field),
        matcher_(plan_->fields),
        json_(&matcher_, plan_->limits.depth_max),
        combined_(plan_->fields),
        epochs_(*plan_, rules_.domains, options_.keyring,
                options_.key_spans_max),
        treater_(*plan_, rules_, options_),
        guard_(*plan_, rules_),
        retention_(*plan_, options_.as_of) {
    std::transform(works_.begin(), works_.end(), queue_.begin(),
                   [](Work& work) { return &work; });
  }

  absl::Status Init() { return treater_.Init(options_); }

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

  // A record and where it stands.
  struct Work {
    RecordInHand record;
    std::string_view text;
    Place place;
  };

  void Prepare(ReleasedBatch* released) const;
  void ProcessSegment(const RawSegment& segment, uint32_t segment_index);
  void ProcessRecord(std::string_view text, const Place& place);
  // Processes the record at the beginning of `bytes`, which are those of a
  // segment from place->offset on, if it is like one before. Returns the bytes
  // it took with its line end, or 0.
  size_t ProcessAlike(std::string_view bytes, Place* place);
  // Counts a record, which `work` holds unless there is a reason why not, and
  // begins with it.
  void Enter(std::string_view text, const Place& place,
             std::optional<QuarantineReason> reason, Work* work);
  void ProcessTombstone(const Place& place);
  // Does what is left to do for the records in hand, in their order.
  void FinishRecords();
  void FinishAll(std::span<Work* const> works);
  void Treat(Work* work);
  // One to begin a record of `bytes` with; finishes others if need be. It is
  // not in hand yet.
  Work* NextWork(size_t bytes);
  std::optional<QuarantineReason> Parse(std::string_view text, Work* work);
  std::optional<QuarantineReason> ReadEventTime(Work* work);
  std::optional<Timestamp> ParseTime(std::string_view text);
  // May finish the records in hand, whose keys may go.
  std::optional<QuarantineReason> ChooseKeys(Work* work);
  void NoteKeyEpochs();
  void Quarantine(std::string_view text, const Place& place,
                  QuarantineReason reason);

  // Treats what travels beside the record.
  void TreatCarriers(Work* work);
  void WriteReleases(Work* work);
  // In the releases that it does not leave in.
  void CountSuppressed(RecordInHand* record);
  // Takes back what WriteReleases() wrote and counted.
  void Unwrite();
  // True if the record is too large for some release's output.
  bool ReleasedTooLarge() const;
  // "source@offset".
  std::string_view Coordinates(Work* work);
  void WriteRelease(int release, Work* work);
  void WriteCarriers(int release, const RecordInHand& record,
                     ReleasedBatch::Output* output);
  // The result of a carrier of `record` in `release`.
  const Result& ResultOfCarrier(size_t carrier, int release,
                                const RecordInHand& record) const;
  // Whether the record has a Kafka key in `release`.
  bool KeyLeaves(int release, const RecordInHand& record) const;
  TreatedRecord TreatedOf(const RecordInHand& record) const {
    return {&record.parsed, &rules_, record.shape, record.results,
            record.overrides};
  }

  std::shared_ptr<const Plan> plan_;
  DeidentifierOptions options_;
  FieldRules rules_;
  ShapeRulesCache shapes_;
  PathMatcher matcher_;
  JsonParser json_;
  CombinedParser combined_;
  EpochKeys epochs_;
  RecordTreater treater_;
  RecordGuard guard_;
  RetentionRule retention_;

  // The last event time that was parsed.
  std::array<char, 64> last_time_text_{};
  size_t last_time_size_ = 0;
  std::optional<Timestamp> last_time_;

  // Of the batch in hand.
  ReleasedBatch* released_ = nullptr;
  std::string_view raw_bytes_;
  uint64_t noted_set_ = 0;  // EpochSet whose epochs were noted last
  const RawBatch* raw_ = nullptr;

  // Records in hand, so that the memory one needs is fetched while others are
  // at work. A long one goes alone, so that only one holds much memory.
  static constexpr size_t kInHandMax = 8;
  static_assert(kInHandMax < ShapeRulesCache::kKept);
  static constexpr size_t kLongBytes = 16 * 1024;
  std::array<Work, kInHandMax> works_;
  std::array<Work*, kInHandMax> queue_{};  // works_, those in hand first
  size_t in_hand_ = 0;
  Work long_work_;
  const EpochSet* keys_ = nullptr;  // of the last record

  // Before a record that may be too large was written.
  struct Mark {
    size_t bytes;
    size_t records;
    size_t carrier_bytes;
    size_t carriers;
  };
  std::vector<Mark> marks_;  // by release; empty: it can't be too large
  std::vector<ReleaseCounters> counters_before_;
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
  counters.key_epoch_missing_from.reset();
  counters.releases.resize(plan_->releases.size());
  for (ReleaseCounters& release : counters.releases) {
    auto fields = std::move(release.fields);
    auto lists = std::move(release.suppressed_by_list);
    fields.assign(plan_->fields.size() + 1, {});
    lists.assign(plan_->rights.size(), 0);
    release = ReleaseCounters();
    release.fields = std::move(fields);
    release.suppressed_by_list = std::move(lists);
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
  FinishRecords();
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
    if (raw_->offsets_are_bytes) place.offset = segment.offset + at;
    const size_t alike = ProcessAlike(bytes.substr(at), &place);
    if (alike > 0) {
      at += alike;
      continue;
    }
    const size_t found = bytes.find('\n', at);
    const size_t end = found == std::string_view::npos ? bytes.size() : found;
    FetchAhead(bytes, end, end - at);
    std::string_view line = bytes.substr(at, end - at);
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

Deidentifier::Impl::Work* Deidentifier::Impl::NextWork(size_t bytes) {
  const bool is_long = bytes > kLongBytes;
  if (is_long || in_hand_ == kInHandMax) FinishRecords();
  Work* const work = is_long ? &long_work_ : queue_[in_hand_];
  work->record.arena.Reset();
  work->record.suppression.Start();
  return work;
}

size_t Deidentifier::Impl::ProcessAlike(std::string_view bytes, Place* place) {
  if (plan_->format != LogFormat::kJson) return 0;
  Work* const work = NextWork(0);
  const size_t size = json_.ParseAlike(bytes, &work->record.parsed);
  const auto line_end = LineEndAt(bytes, size);
  if (size == 0 || !line_end || size > plan_->limits.record_bytes_max ||
      size > kLongBytes) {
    return 0;
  }
  FetchAhead(bytes, size, size);
  place->size = size;
  Enter(bytes.substr(0, size), *place, std::nullopt, work);
  ++place->index;
  return size + *line_end;
}

void Deidentifier::Impl::ProcessRecord(std::string_view text,
                                       const Place& place) {
  Work* const work = NextWork(text.size());
  const bool too_large = place.size > plan_->limits.record_bytes_max;
  Enter(text, place,
        too_large ? std::optional(QuarantineReason::kTooLarge)
                  : Parse(text, work),
        work);
}

void Deidentifier::Impl::Enter(std::string_view text, const Place& place,
                               std::optional<QuarantineReason> reason,
                               Work* work) {
  ++released_->counters_.received;
  released_->counters_.received_bytes += place.size;
  if (!reason) {
    work->record.shape = shapes_.Of(work->record.parsed);
    reason = ReadEventTime(work);
  }
  if (!reason) reason = ChooseKeys(work);
  if (reason) {
    // Receipts come in the order of records.
    FinishRecords();
    Quarantine(text, place, *reason);
    return;
  }
  work->text = text;
  work->place = place;
  treater_.Begin(&work->record);
  if (work == &long_work_) {
    FinishAll({&work, 1});
    // It may have had room for a value at every other byte.
    long_work_.record.pending = {};
  } else {
    ++in_hand_;
  }
}

void Deidentifier::Impl::FinishRecords() {
  FinishAll({queue_.data(), in_hand_});
  in_hand_ = 0;
}

// Each step for all of them before the next, so that its code stays near.
void Deidentifier::Impl::FinishAll(std::span<Work* const> works) {
  for (Work* work : works) treater_.Prefetch(&work->record);
  for (Work* work : works) Treat(work);
  if (plan_->leak_guard) {
    for (Work* work : works) {
      if (work->record.suppression.releases() == rules_.all_releases) continue;
      guard_.Guard(&work->record, released_->counters_.releases);
    }
  }
  for (Work* work : works) WriteReleases(work);
  treater_.Release();
}

void Deidentifier::Impl::Treat(Work* work) {
  RecordInHand& record = work->record;
  record.suppression.Add(record.keys->destroyed,
                         SuppressionReason::kKeyEpochDestroyed);
  treater_.Finish(&record);
  TreatCarriers(work);
  record.suppression.Add(
      retention_.Expired(record.event_time, record.holds_personal,
                         record.holds_pseudonym),
      SuppressionReason::kRetention);
}

// It leaves where its key does, as the same key left with the records of that
// time.
void Deidentifier::Impl::ProcessTombstone(const Place& place) {
  ++released_->counters_.tombstones;
  FinishRecords();
  Work* const work = NextWork(0);
  work->place = place;
  RecordInHand& record = work->record;
  record.parsed.text = {};
  record.parsed.elements.Start(0);
  record.shape = nullptr;
  record.event_time = place.segment->tombstone_unix_seconds;
  if (ChooseKeys(work)) return;
  treater_.Begin(&record);
  record.suppression.Add(record.keys->destroyed,
                         SuppressionReason::kKeyEpochDestroyed);
  TreatCarriers(work);
  if (plan_->leak_guard) {
    guard_.Guard(&record, released_->counters_.releases);
  }
  for (size_t i = 0; i < released_->outputs_.size(); ++i) {
    const int release = static_cast<int>(i);
    if (record.suppression.Holds(i) || !KeyLeaves(release, record)) continue;
    ReleasedBatch::Output& output = released_->outputs_[i];
    WriteCarriers(release, record, &output);
    output.records.push_back({output.bytes.size(), place.segment_index,
                              static_cast<uint32_t>(output.carriers.size()),
                              true});
  }
}

std::optional<QuarantineReason> Deidentifier::Impl::Parse(std::string_view text,
                                                          Work* work) {
  ParsedRecord* const parsed = &work->record.parsed;
  return plan_->format == LogFormat::kJson ? json_.Parse(text, parsed)
                                           : combined_.Parse(text, parsed);
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
std::optional<QuarantineReason> Deidentifier::Impl::ReadEventTime(Work* work) {
  RecordInHand& record = work->record;
  std::optional<Timestamp> time;
  const auto read = [&](const Element& element) {
    if (!IsScalarText(element)) return false;
    std::string_view text = record.parsed.Content(element);
    if (element.escaped)
      text = DecoderOf(plan_->format)(text, &record.arena, nullptr);
    const auto parsed = ParseTime(text);
    if (!parsed || (time && parsed->unix_seconds != time->unix_seconds)) {
      return false;
    }
    time = parsed;
    return true;
  };
  if (record.shape != nullptr && record.shape->event_time) [[likely]] {
    if (!read(record.parsed.elements[*record.shape->event_time])) {
      return QuarantineReason::kEventTimeInvalid;
    }
  } else {
    const int32_t field = plan_->event_time_field;
    for (const Element& element : record.parsed.elements) {
      if (element.field == field && !read(element)) {
        return QuarantineReason::kEventTimeInvalid;
      }
    }
  }
  if (!time) return QuarantineReason::kEventTimeMissing;
  record.event_time = time->unix_seconds;
  return std::nullopt;
}

std::optional<QuarantineReason> Deidentifier::Impl::ChooseKeys(Work* work) {
  const int64_t time = work->record.event_time;
  if (keys_ == nullptr || keys_->id != noted_set_ || time < keys_->from ||
      time >= keys_->until) {
    // At() may drop the keys of records in hand. Then this one is the first.
    const size_t place = in_hand_;
    FinishRecords();
    if (work != &long_work_) std::swap(queue_[0], queue_[place]);
    const auto set = epochs_.At(time);
    keys_ = set.ok() ? *set : nullptr;
    if (keys_ == nullptr) {
      released_->counters_.NoteKeyEpochMissing(time);
      return QuarantineReason::kKeyEpochMissing;
    }
    if (keys_->id != noted_set_) NoteKeyEpochs();
  }
  work->record.keys = keys_;
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

void Deidentifier::Impl::TreatCarriers(Work* work) {
  const RawSegment& segment = *work->place.segment;
  for (uint32_t i = segment.carriers_begin; i < segment.carriers_end; ++i) {
    const RawCarrier& raw = raw_->carriers_[i];
    const std::string_view content =
        raw_bytes_.substr(raw.begin, raw.end - raw.begin);
    if (raw.field == kUnclassifiedCarrier ||
        ValidUtf8Bytes(content) != content.size()) {
      work->record.withheld.push_back(content);
    } else {
      treater_.TreatCarrier(raw.field, content, &work->record);
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

void Deidentifier::Impl::WriteReleases(Work* work) {
  const RecordInHand& record = work->record;
  marks_.clear();
  size_t size = work->text.size();
  for (const RecordInHand::Carrier& carrier : record.carriers) {
    size += carrier.content.size();
  }
  if (size > options_.released_bytes_max / kGrowthMax) {
    for (const ReleasedBatch::Output& output : released_->outputs_) {
      marks_.push_back({output.bytes.size(), output.records.size(),
                        output.carrier_bytes.size(), output.carriers.size()});
    }
    counters_before_ = released_->counters_.releases;
  }
  for (size_t i = 0; i < plan_->releases.size(); ++i) {
    ++released_->counters_.releases[i].received;
    if (!record.suppression.Holds(i)) WriteRelease(static_cast<int>(i), work);
  }
  if (record.suppression.releases() != 0) CountSuppressed(&work->record);
  if (ReleasedTooLarge()) {
    Unwrite();
    Quarantine(work->text, work->place, QuarantineReason::kReleasedTooLarge);
  }
}

void Deidentifier::Impl::CountSuppressed(RecordInHand* record) {
  constexpr auto kRight = static_cast<size_t>(SuppressionReason::kRight);
  const Suppression& suppression = record->suppression;
  std::optional<ListMask> lists;
  for (size_t i = 0; i < plan_->releases.size(); ++i) {
    if (!suppression.Holds(i)) continue;
    ReleaseCounters& counters = released_->counters_.releases[i];
    ++counters.suppressed;
    for (size_t reason = 0; reason < counters.suppressed_by.size(); ++reason) {
      if (suppression.IsFor(reason, i)) ++counters.suppressed_by[reason];
    }
    if (!suppression.IsFor(kRight, i)) continue;
    if (!lists) lists = treater_.ListsOf(record);
    for (const int list : plan_->releases[i].rights) {
      counters.suppressed_by_list[static_cast<size_t>(list)] +=
          *lists >> list & 1;
    }
  }
}

std::string_view Deidentifier::Impl::Coordinates(Work* work) {
  const absl::AlphaNum offset(work->place.offset);
  const size_t size = raw_->source.size() + 1 + offset.size();
  char* text = work->record.arena.Allocate(size);
  std::memcpy(text, raw_->source.data(), raw_->source.size());
  text[raw_->source.size()] = '@';
  std::memcpy(text + raw_->source.size() + 1, offset.data(), offset.size());
  return {text, size};
}

void Deidentifier::Impl::WriteRelease(int release, Work* work) {
  const ReleasePlan& plan = plan_->releases[static_cast<size_t>(release)];
  ReleasedBatch::Output& output =
      released_->outputs_[static_cast<size_t>(release)];
  ReleaseCounters& counters =
      released_->counters_.releases[static_cast<size_t>(release)];
  const size_t begin = output.bytes.size();
  const TreatedRecord record = TreatedOf(work->record);
  const std::string_view coordinates =
      plan.source_coordinates && options_.coordinates_in_records
          ? Coordinates(work)
          : std::string_view();
  if (plan_->format == LogFormat::kJson) {
    WriteJsonRecord(record, release, coordinates, counters.fields,
                    &output.bytes);
  } else if (plan.format == OutputFormat::kJson) {
    WriteCombinedAsJson(record, release, coordinates, counters.fields,
                        &work->record.arena, &output.bytes);
  } else {
    WriteCombinedRecord(record, release, counters.fields, &output.bytes);
  }
  output.bytes.Append('\n');
  WriteCarriers(release, work->record, &output);
  output.records.push_back({output.bytes.size(), work->place.segment_index,
                            static_cast<uint32_t>(output.carriers.size()),
                            false});
  ++counters.released;
  counters.bytes += output.bytes.size() - begin;
}

const Result& Deidentifier::Impl::ResultOfCarrier(
    size_t carrier, int release, const RecordInHand& record) const {
  return TreatedOf(record).ResultOf(
      static_cast<uint32_t>(record.parsed.elements.size() + carrier),
      record.carriers[carrier].element.field, release);
}

bool Deidentifier::Impl::KeyLeaves(int release,
                                   const RecordInHand& record) const {
  for (size_t i = 0; i < record.carriers.size(); ++i) {
    const auto field = static_cast<size_t>(record.carriers[i].element.field);
    if (plan_->fields[field].carrier == nymstream::Carrier::kKafkaKey &&
        ResultOfCarrier(i, release, record).kind != ResultKind::kDrop) {
      return true;
    }
  }
  return false;
}

void Deidentifier::Impl::WriteCarriers(int release, const RecordInHand& record,
                                       ReleasedBatch::Output* output) {
  ReleaseCounters& counters =
      released_->counters_.releases[static_cast<size_t>(release)];
  const std::span<const RecordInHand::Carrier> carriers = record.carriers;
  for (size_t i = 0; i < carriers.size(); ++i) {
    const int32_t field = carriers[i].element.field;
    const Result& result = ResultOfCarrier(i, release, record);
    ++counters.fields[static_cast<size_t>(field)]
                     [static_cast<size_t>(result.action)];
    if (result.kind == ResultKind::kDrop) continue;
    const size_t begin = output->carrier_bytes.size();
    output->carrier_bytes.Append(
        result.kind == ResultKind::kRaw ? carriers[i].content : result.text);
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
