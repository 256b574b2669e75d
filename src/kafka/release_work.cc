#include "kafka/release_work.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "kafka/partitioning.h"
#include "kafka/record_time.h"
#include "quarantine/record_sealer.h"

namespace nymstream {
namespace {

constexpr int64_t kMillisecondsPerSecond = 1000;

}  // namespace

ReleaseWork::ReleaseWork(ReleaseWorkOptions options)
    : options_(std::move(options)),
      plan_(*options_.plan),
      ratio_(plan_.limits.quarantine_ratio_max),
      sent_bytes_(options_.partitions.size()) {
  for (size_t i = 0; i < plan_.fields.size(); ++i) {
    const auto field = static_cast<int32_t>(i);
    if (plan_.fields[i].carrier == Carrier::kKafkaKey) key_field_ = field;
    if (plan_.fields[i].carrier == Carrier::kKafkaHeader) {
      header_fields_.push_back(field);
    }
  }
  const auto event_time = static_cast<size_t>(plan_.event_time_field);
  for (const ReleasePlan& release : plan_.releases) {
    time_treatments_.push_back(release.fields[event_time].spec.treatment);
  }
}

absl::StatusOr<std::unique_ptr<ReleaseWork>> ReleaseWork::Create(
    ReleaseWorkOptions options) {
  std::unique_ptr<ReleaseWork> work(new ReleaseWork(std::move(options)));
  NYM_RETURN_IF_ERROR(work->Init());
  return work;
}

absl::Status ReleaseWork::Init() {
  if (options_.make_sealer) {
    NYM_ASSIGN_OR_RETURN(sealer_, options_.make_sealer());
  }
  keyring_version_ = options_.keyring->version();
  NYM_ASSIGN_OR_RETURN(deidentifier_, MakeDeidentifier());
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Deidentifier>> ReleaseWork::MakeDeidentifier() {
  DeidentifierOptions each = options_.deidentifier;
  each.keyring = options_.keyring->Get();
  each.as_of = options_.clock.unix_seconds();
  each.sealer = sealer_;
  each.coordinates_in_records = false;
  return Deidentifier::Create(options_.plan, std::move(each));
}

// With its Deidentifier go the keys and the memo that an old keyring made.
void ReleaseWork::FollowKeyring() {
  const uint64_t version = options_.keyring->version();
  if (version == keyring_version_) return;
  keyring_version_ = version;
  auto made = MakeDeidentifier();
  if (made.ok()) {
    deidentifier_ = *std::move(made);
  } else {
    options_.keyring_refused();
  }
}

std::span<const OutputRecord> ReleaseWork::Process(
    std::span<const InputRecord> records) {
  const int64_t begun = options_.clock.steady_nanoseconds();
  FollowKeyring();
  deidentifier_->SetAsOf(options_.clock.unix_seconds());
  Read(records);
  deidentifier_->Process(raw_, &released_);
  outputs_.clear();
  headers_.clear();
  header_ends_.clear();
  arena_.Reset();
  std::fill(sent_bytes_.begin(), sent_bytes_.end(), 0);
  AddReleases(records);
  AddReceipts(records);
  size_t header = 0;
  for (size_t i = 0; i < outputs_.size(); ++i) {
    outputs_[i].headers =
        std::span(headers_).subspan(header, header_ends_[i] - header);
    header = header_ends_[i];
  }
  Report(records, begun);
  return outputs_;
}

void ReleaseWork::Read(std::span<const InputRecord> records) {
  raw_.Clear();
  raw_.offsets_are_bytes = false;
  for (const InputRecord& record : records) {
    AddCarriers(record);
    const auto offset = static_cast<uint64_t>(record.offset);
    if (record.value) {
      raw_.Add(*record.value, offset);
    } else {
      raw_.AddTombstone(TimestampOf(record) / kMillisecondsPerSecond, offset);
    }
  }
}

void ReleaseWork::AddCarriers(const InputRecord& record) {
  if (record.key) raw_.AddCarrier(key_field_, *record.key);
  for (const HeaderView& header : record.headers) {
    if (!header.value) continue;
    for (const int32_t field : header_fields_) {
      if (plan_.fields[static_cast<size_t>(field)].header == header.name) {
        raw_.AddCarrier(field, *header.value);
      }
    }
  }
}

int64_t ReleaseWork::TimestampOf(const InputRecord& record) const {
  return record.timestamp_ms == kNoTimestamp
             ? options_.clock.unix_seconds() * kMillisecondsPerSecond
             : record.timestamp_ms;
}

void ReleaseWork::AddReleases(std::span<const InputRecord> records) {
  for (int i = 0; i < released_.releases(); ++i) AddRelease(i, records);
}

void ReleaseWork::AddRelease(int release,
                             std::span<const InputRecord> records) {
  const auto index = static_cast<size_t>(release);
  const bool with_source = plan_.releases[index].source_coordinates;
  const std::string_view bytes = released_.bytes(release);
  const std::string_view carrier_bytes = released_.carrier_bytes(release);
  const auto carriers = released_.carriers(release);
  size_t begin = 0;
  size_t carrier = 0;
  for (const ReleasedBatch::RecordEnd& end : released_.records(release)) {
    const InputRecord& input = records[end.segment];
    OutputRecord output;
    output.topic = release;
    output.timestamp_ms =
        CoarseTimestamp(time_treatments_[index], TimestampOf(input));
    if (!end.tombstone) {
      output.value = bytes.substr(begin, end.end - begin - 1);
    }
    const size_t headers_begin = headers_.size();
    for (; carrier < end.carriers_end; ++carrier) {
      const ReleasedBatch::Carrier& each = carriers[carrier];
      const std::string_view text =
          carrier_bytes.substr(each.begin, each.end - each.begin);
      const PlanField& field = plan_.fields[static_cast<size_t>(each.field)];
      if (field.carrier == Carrier::kKafkaKey) {
        output.key = text;
      } else {
        AddHeader(field.header, text);
      }
    }
    if (with_source) AddHeader(kSourceHeader, Coordinates(input));
    output.partition = OutputPartition(output.key, input.partition,
                                       options_.partitions[index]);
    begin = end.end;
    AddOutput(output, headers_begin);
  }
}

void ReleaseWork::AddReceipts(std::span<const InputRecord> records) {
  const std::span<const Receipt> receipts = released_.receipts();
  const std::string_view sealed = released_.sealed();
  size_t begin = 0;
  for (size_t i = 0; i < receipts.size(); ++i) {
    const Receipt& receipt = receipts[i];
    const InputRecord& input = records[released_.receipt_segments()[i]];
    OutputRecord output;
    output.topic = released_.releases();
    output.partition = OutputPartition(std::nullopt, input.partition,
                                       options_.partitions.back());
    output.timestamp_ms = CoarseTimestamp(Treatment::kHour, TimestampOf(input));
    output.value = "";
    if (!released_.sealed_ends().empty()) {
      const size_t end = released_.sealed_ends()[i];
      output.value = sealed.substr(begin, end - begin);
      begin = end;
      sealed_ = true;
    }
    const size_t headers_begin = headers_.size();
    AddHeader(kSourceHeader, Coordinates(input));
    AddHeader(kRecordHeader, Decimal(receipt.index));
    AddHeader(kReasonHeader, QuarantineReasonText(receipt.reason).name);
    AddHeader(kBytesHeader, Decimal(receipt.size));
    AddOutput(output, headers_begin);
  }
}

void ReleaseWork::AddHeader(std::string_view name, std::string_view value) {
  headers_.push_back({name, value});
}

void ReleaseWork::AddOutput(OutputRecord record, size_t headers_begin) {
  uint64_t bytes =
      record.key.value_or("").size() + record.value.value_or("").size();
  for (size_t i = headers_begin; i < headers_.size(); ++i) {
    bytes += headers_[i].name.size() + headers_[i].value.value_or("").size();
  }
  sent_bytes_[static_cast<size_t>(record.topic)] += bytes;
  outputs_.push_back(record);
  header_ends_.push_back(headers_.size());
}

void ReleaseWork::Report(std::span<const InputRecord> records,
                         int64_t begun_ns) {
  const Counters& counters = released_.counters();
  ratio_.Add(counters.received, released_.receipts().size());
  std::fill(received_.begin(), received_.end(), 0);
  BatchReport report;
  for (size_t i = 0; i < records.size(); ++i) {
    const InputRecord& record = records[i];
    const auto partition = static_cast<size_t>(record.partition);
    if (partition >= received_.size()) received_.resize(partition + 1);
    received_[partition] += released_.segment_records()[i];
    if (record.timestamp_ms != kNoTimestamp &&
        (report.oldest_timestamp_ms == kNoTimestamp ||
         record.timestamp_ms < report.oldest_timestamp_ms)) {
      report.oldest_timestamp_ms = record.timestamp_ms;
    }
  }
  report.counters = &counters;
  report.received = received_;
  report.sent_bytes = sent_bytes_;
  report.transform_ns = options_.clock.steady_nanoseconds() - begun_ns;
  report.held_bytes = counters.received_bytes;
  for (const uint64_t bytes : sent_bytes_) report.held_bytes += bytes;
  options_.report(report);
}

std::string_view ReleaseWork::Coordinates(const InputRecord& record) {
  const absl::AlphaNum partition(record.partition);
  const absl::AlphaNum offset(record.offset);
  const size_t size =
      options_.input_topic.size() + partition.size() + offset.size() + 2;
  char* const text = arena_.Allocate(size);
  char* at = text;
  const auto append = [&at](const char* bytes, size_t count) {
    std::memcpy(at, bytes, count);
    at += count;
  };
  append(options_.input_topic.data(), options_.input_topic.size());
  append("/", 1);
  append(partition.data(), partition.size());
  append("/", 1);
  append(offset.data(), offset.size());
  return {text, size};
}

std::string_view ReleaseWork::Decimal(uint64_t number) {
  const absl::AlphaNum text(number);
  return arena_.Copy({text.data(), text.size()});
}

void ReleaseWork::OnCommitted() {
  ratio_.Commit();
  SealAnew();
}

void ReleaseWork::OnAborted() {
  ratio_.Abort();
  SealAnew();
}

// Without lockable memory for a new session key the old one goes on: each
// envelope has a nonce of its own.
void ReleaseWork::SealAnew() {
  if (!std::exchange(sealed_, false)) return;
  auto made = options_.make_sealer();
  if (!made.ok()) return;
  sealer_ = *std::move(made);
  deidentifier_->SetSealer(sealer_);
}

}  // namespace nymstream
