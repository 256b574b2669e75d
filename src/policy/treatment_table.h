// The table of treatments: what a value of each type becomes at each level.
#ifndef NYMSTREAM_POLICY_TREATMENT_TABLE_H_
#define NYMSTREAM_POLICY_TREATMENT_TABLE_H_

#include <array>
#include <span>
#include <string_view>

#include "nymstream/log_schema.h"
#include "nymstream/pipeline.h"
#include "nymstream/policy.h"

namespace nymstream {

// Networks that `truncate` may leave at the finest, in bits.
inline constexpr int kPrefixV4Max = 16;
inline constexpr int kPrefixV6Max = 32;

// Levels that records can have; `aggregated` is counts, not records.
inline constexpr int kRecordLevelCount = 4;

// One type of value, for `geo` with the finest place it states.
struct TreatmentRow {
  ValueType type;
  GeoGranularity finest;  // geo only: the row serves this and coarser
  // Treatments that make sense for the type, from weakest to strongest. The
  // last is always kSuppress.
  std::span<const Treatment> ladder;
  // By level, from identified to anonymized: what the type gets, and the
  // weakest that a release may choose instead. All that stand behind it in the
  // ladder may be chosen as well.
  std::array<Treatment, kRecordLevelCount> standard;
  std::array<Treatment, kRecordLevelCount> weakest;
  std::string_view reason;  // for a row that needs one; may be empty
};

// All rows, in order of type. Static storage; thread safe.
std::span<const TreatmentRow> TreatmentTable();

// A category that leaves in no form, whatever its type and the policy:
// contents of cookies, credentials, payment and bank data.
struct BannedCategory {
  std::string_view category;  // hierarchical
  std::string_view reason;
};
std::span<const BannedCategory> BannedCategories();
// The ban that covers `category`; null if there is none.
const BannedCategory* FindBan(std::string_view category);

// The row of a type; `granularity` counts for geo only.
const TreatmentRow& FindTreatmentRow(ValueType type,
                                     GeoGranularity granularity);

// What `row` gets at a record level, and what a release may choose there.
Treatment StandardTreatment(const TreatmentRow& row, Identifiability level);
std::span<const Treatment> AllowedTreatments(const TreatmentRow& row,
                                             Identifiability level);
bool IsTreatmentAllowed(const TreatmentRow& row, Identifiability level,
                        Treatment treatment);

// A phrase that follows "the value": "is replaced by a keyed pseudonym".
std::string_view TreatmentMeaning(Treatment treatment);

// The kind of value behind a type, which ends a pseudonym's domain: the three
// address types are one kind, so that one address has one pseudonym.
std::string_view DomainKind(ValueType type);

}  // namespace nymstream

#endif  // NYMSTREAM_POLICY_TREATMENT_TABLE_H_
