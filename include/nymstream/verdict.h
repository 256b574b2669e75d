// What became of a record.
#ifndef NYMSTREAM_VERDICT_H_
#define NYMSTREAM_VERDICT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace nymstream {

// Why a record was quarantined: it left no release, and someone can mend it.
enum class QuarantineReason : uint8_t {
  kNotJson,  // not one valid RFC 8259 text
  kNotUtf8,
  kNotObject,    // valid JSON, but no object
  kNotCombined,  // no NCSA common or combined line
  kTooLarge,     // larger than limits.record_bytes_max
  kTooDeep,      // deeper than limits.depth_max
  kEventTimeMissing,
  kEventTimeInvalid,
  // The keyring has no epoch for the event time, or memory for its keys can't
  // be locked.
  kKeyEpochMissing,
  kReleasedTooLarge,  // treated, it is larger than an output takes
};
inline constexpr int kQuarantineReasonCount = 10;

// Why a record did not leave one release, as the policy wants.
enum class SuppressionReason : uint8_t {
  kMinor,
  kRetention,
  kRight,
  kKeyEpochDestroyed,
  kLeakGuard,
};
inline constexpr int kSuppressionReasonCount = 5;

struct ReasonText {
  std::string_view name;    // for receipts, counters and metrics
  std::string_view remedy;  // what an operator can do
};
const ReasonText& QuarantineReasonText(QuarantineReason reason);
const ReasonText& SuppressionReasonText(SuppressionReason reason);

// What happened to the values of one field in one release.
enum class FieldAction : uint8_t {
  kKept,
  kPseudonymized,
  kGeneralized,
  kPartRedacted,
  kSuppressed,
};
inline constexpr int kFieldActionCount = 5;
std::string_view FieldActionName(FieldAction action);

struct ReleaseCounters {
  uint64_t received = 0;
  uint64_t released = 0;
  uint64_t suppressed = 0;
  uint64_t quarantined = 0;
  std::array<uint64_t, kSuppressionReasonCount> suppressed_by{};
  // [list of Plan::rights]: of those that kRight counts, the records that have
  // a subject of the list. A record may be on several.
  std::vector<uint64_t> suppressed_by_list;
  uint64_t leak_guard_redactions = 0;
  uint64_t bytes = 0;  // of released records, line ends included
  // [field of the plan][action]; the last row is for unclassified fields.
  std::vector<std::array<uint64_t, kFieldActionCount>> fields;

  // received == released + suppressed + quarantined.
  bool AddUp() const { return received == released + suppressed + quarantined; }
};

struct Counters {
  uint64_t received = 0;  // records; empty lines are none
  uint64_t received_bytes = 0;
  uint64_t empty_lines = 0;
  uint64_t tombstones = 0;  // Kafka records without a value; not in `received`
  std::array<uint64_t, kQuarantineReasonCount> quarantined_by{};
  // When the UTC day of the earliest record of kKeyEpochMissing began; the time
  // itself is not told.
  std::optional<int64_t> key_epoch_missing_from;
  std::vector<ReleaseCounters> releases;

  void Add(const Counters& other);
  // Notes the event time of a record of kKeyEpochMissing.
  void NoteKeyEpochMissing(int64_t unix_seconds);
  // A record that was released had `field` of the plan.
  bool Saw(size_t field) const;
};

}  // namespace nymstream

#endif  // NYMSTREAM_VERDICT_H_
