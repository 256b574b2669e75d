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
#include "engine/epoch_keys.h"
#include "engine/field_rules.h"
#include "engine/record_treater.h"
#include "engine/record_writer.h"
#include "engine/retention.h"
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
        treater_(*plan_, rules_, options_),
        retention_(*plan_, options_.as_of) {}

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

  // Treats what travels beside the record.
  void TreatCarriers(const RawSegment& segment);
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
  RecordTreater treater_;
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

  // Of the record in hand.
  Arena arena_;
  ParsedRecord record_;
  int64_t event_time_ = 0;
  const EpochSet* keys_ = nullptr;
  Suppression suppression_;
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
  treater_.Start(record_, *keys_, &arena_, &suppression_);
  suppression_.Add(keys_->destroyed, SuppressionReason::kKeyEpochDestroyed);
  treater_.TreatElements();
  TreatCarriers(*place.segment);
  suppression_.Add(retention_.Expired(event_time_, treater_.holds_personal(),
                                      treater_.holds_pseudonym()),
                   SuppressionReason::kRetention);
  if (plan_->leak_guard && suppression_.releases() != rules_.all_releases) {
    treater_.Guard(released_->counters_.releases);
  }
  WriteReleases(text, place);
}

void Deidentifier::Impl::StartRecord() {
  arena_.Reset();
  suppression_.Start();
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
  treater_.Start(record_, *keys_, &arena_, &suppression_);
  suppression_.Add(keys_->destroyed, SuppressionReason::kKeyEpochDestroyed);
  TreatCarriers(*place.segment);
  for (size_t i = 0; i < released_->outputs_.size(); ++i) {
    if (suppression_.Holds(i)) continue;
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
    std::string_view text = record_.Content(element);
    if (element.escaped)
      text = DecoderOf(plan_->format)(text, &arena_, nullptr);
    const auto parsed = ParseTime(text);
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
  if (keys_ != nullptr && keys_->id == noted_set_ &&
      event_time_ >= keys_->from && event_time_ < keys_->until) {
    return std::nullopt;
  }
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

void Deidentifier::Impl::TreatCarriers(const RawSegment& segment) {
  for (uint32_t i = segment.carriers_begin; i < segment.carriers_end; ++i) {
    const RawCarrier& raw = raw_->carriers_[i];
    const std::string_view content =
        raw_bytes_.substr(raw.begin, raw.end - raw.begin);
    if (raw.field == kUnclassifiedCarrier ||
        ValidUtf8Bytes(content) != content.size()) {
      treater_.WithholdCarrier(content);
    } else {
      treater_.TreatCarrier(raw.field, content);
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
  for (const RecordTreater::Carrier& carrier : treater_.carriers()) {
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
    ReleaseCounters& counters = released_->counters_.releases[i];
    ++counters.received;
    if (!suppression_.Holds(i)) {
      WriteRelease(static_cast<int>(i), place);
      continue;
    }
    ++counters.suppressed;
    for (size_t reason = 0; reason < counters.suppressed_by.size(); ++reason) {
      if (suppression_.IsFor(reason, i)) ++counters.suppressed_by[reason];
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
  const TreatedRecord record = treater_.treated();
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
  const TreatedRecord record = treater_.treated();
  const std::span<const RecordTreater::Carrier> carriers = treater_.carriers();
  for (size_t i = 0; i < carriers.size(); ++i) {
    const int32_t field = carriers[i].element.field;
    const Result& result = record.ResultOf(
        static_cast<uint32_t>(record_.elements.size() + i), field, release);
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
