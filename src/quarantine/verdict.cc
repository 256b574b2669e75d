#include "nymstream/verdict.h"

#include <algorithm>
#include <chrono>

namespace nymstream {
namespace {

// In the order of QuarantineReason.
constexpr std::array<ReasonText, kQuarantineReasonCount> kQuarantineTexts = {{
    {"not_json", "send one valid JSON object per record (RFC 8259)"},
    {"not_utf8", "send UTF-8; escape other bytes where the log is written"},
    {"not_object", "send JSON objects; other JSON values carry no fields"},
    {"not_combined", "send NCSA common or combined lines, or mend the schema"},
    {"too_large", "raise limits.record_bytes_max"},
    {"too_deep", "raise limits.depth_max"},
    {"event_time_missing", "send the field that event_time names"},
    {"event_time_invalid", "send the event time in a form the schema reads"},
    {"key_epoch_missing",
     "add epochs: nymstream keys rotate KEYRING --from DATE"},
    {"released_too_large",
     "raise max.message.bytes of the output topics, or send smaller records"},
}};

// In the order of SuppressionReason.
constexpr std::array<ReasonText, kSuppressionReasonCount> kSuppressionTexts = {{
    {"minor", "none; the policy keeps records of minors back"},
    {"retention", "none; the record is older than the policy keeps it"},
    {"right", "none; the subject used a right of the policy"},
    {"key_epoch_destroyed", "none; the key of its time is destroyed"},
    {"leak_guard", "treat or drop the field that repeats an identifier"},
}};

// In the order of FieldAction.
constexpr std::array<std::string_view, kFieldActionCount> kFieldActionNames = {
    "kept", "pseudonymized", "generalized", "part_redacted", "suppressed"};

// A sum that is empty takes the shape of what is added.
void AddRelease(const ReleaseCounters& other, ReleaseCounters* sum) {
  sum->received += other.received;
  sum->released += other.released;
  sum->suppressed += other.suppressed;
  sum->quarantined += other.quarantined;
  for (size_t i = 0; i < other.suppressed_by.size(); ++i) {
    sum->suppressed_by[i] += other.suppressed_by[i];
  }
  if (sum->suppressed_by_list.size() < other.suppressed_by_list.size()) {
    sum->suppressed_by_list.resize(other.suppressed_by_list.size());
  }
  for (size_t i = 0; i < other.suppressed_by_list.size(); ++i) {
    sum->suppressed_by_list[i] += other.suppressed_by_list[i];
  }
  sum->leak_guard_redactions += other.leak_guard_redactions;
  sum->bytes += other.bytes;
  if (sum->fields.size() < other.fields.size()) {
    sum->fields.resize(other.fields.size());
  }
  for (size_t i = 0; i < other.fields.size(); ++i) {
    for (size_t action = 0; action < other.fields[i].size(); ++action) {
      sum->fields[i][action] += other.fields[i][action];
    }
  }
}

}  // namespace

const ReasonText& QuarantineReasonText(QuarantineReason reason) {
  return kQuarantineTexts[static_cast<size_t>(reason)];
}

const ReasonText& SuppressionReasonText(SuppressionReason reason) {
  return kSuppressionTexts[static_cast<size_t>(reason)];
}

std::string_view FieldActionName(FieldAction action) {
  return kFieldActionNames[static_cast<size_t>(action)];
}

void Counters::Add(const Counters& other) {
  received += other.received;
  received_bytes += other.received_bytes;
  empty_lines += other.empty_lines;
  tombstones += other.tombstones;
  for (size_t i = 0; i < other.quarantined_by.size(); ++i) {
    quarantined_by[i] += other.quarantined_by[i];
  }
  if (other.key_epoch_missing_from.has_value()) {
    NoteKeyEpochMissing(*other.key_epoch_missing_from);
  }
  if (releases.size() < other.releases.size()) {
    releases.resize(other.releases.size());
  }
  for (size_t i = 0; i < other.releases.size(); ++i) {
    AddRelease(other.releases[i], &releases[i]);
  }
}

void Counters::NoteKeyEpochMissing(int64_t unix_seconds) {
  const std::chrono::sys_seconds time{std::chrono::seconds(unix_seconds)};
  const std::chrono::sys_seconds midnight =
      std::chrono::floor<std::chrono::days>(time);
  const int64_t day = midnight.time_since_epoch().count();
  key_epoch_missing_from = std::min(key_epoch_missing_from.value_or(day), day);
}

bool Counters::Saw(size_t field) const {
  return std::any_of(
      releases.begin(), releases.end(), [&](const ReleaseCounters& release) {
        const auto& actions = release.fields[field];
        return std::any_of(actions.begin(), actions.end(),
                           [](uint64_t count) { return count > 0; });
      });
}

}  // namespace nymstream
