// The plan as the engine reads it: fields with their variants.
#ifndef NYMSTREAM_ENGINE_FIELD_RULES_H_
#define NYMSTREAM_ENGINE_FIELD_RULES_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/treated_value.h"
#include "nymstream/plan.h"

namespace nymstream {

// Releases that get the same bytes for a field: equal specs without a key, or
// one release alone.
struct Variant {
  TreatmentSpec spec;
  ReleaseMask releases = 0;
  int keyed_release = -1;  // whose key; -1 if no key is used
};

// How the engine gets at the results of a field's strings.
enum class Lookup : uint8_t {
  kNone,  // treats each value: that is cheaper than to look it up
  kMemo,
  // Memo, but the value is often one of the last (a method, a host, a second),
  // and those are tried first.
  kRecent,
  // No release wants it, whatever it is, and it is no identifier: nothing is
  // made, it is only looked for in what leaves.
  kWithheld,
  // Nobody classified it: the same, and it is no value at all that is treated.
  kUnclassified,
};

struct FieldRule {
  const PlanField* field = nullptr;
  std::vector<Variant> variants;
  ReleaseMask leaving = 0;   // releases that do not suppress it
  ReleaseMask personal = 0;  // `leaving` if the field is personal data
  ReleaseMask keyed = 0;     // releases that hold a pseudonym of it
  int domain = -1;           // index into FieldRules::domains; -1: none
  Lookup lookup = Lookup::kNone;
  uint32_t recent = 0;  // kRecent: which of FieldRules::recent_fields it is
  // Fields with equal rules share memo entries (remote_addr, X-Real-IP).
  int memo_class = -1;
  // Results of a placeholder ("", "-"), one per variant.
  std::vector<Result> placeholders;
  // Results of a value that no release gets, one per variant.
  std::vector<Result> withheld;
  // Every release keeps a number as it is, so a JSON number needs no look.
  bool keeps_numbers = false;
};

// What the loop over a record's elements reads of a rule, close together.
struct FieldWay {
  const Result* placeholders = nullptr;
  const Result* withheld = nullptr;
  ReleaseMask personal = 0;
  ReleaseMask keyed = 0;
  int32_t memo_class = -1;
  uint32_t recent = 0;
  Lookup lookup = Lookup::kNone;
  bool keeps_numbers = false;
};

struct FieldRules {
  std::vector<FieldRule> fields;  // parallel to Plan::fields
  // By Element::field + kFieldWays, what is unclassified included.
  static constexpr int32_t kFieldWays = 2;
  std::vector<FieldWay> ways;
  // Of Element::field.
  const FieldWay& WayOf(int32_t field) const {
    return ways[static_cast<size_t>(field + kFieldWays)];
  }
  std::vector<std::string> domains;
  // Index into FieldRule::variants of each field, by release.
  std::vector<uint8_t> variants;
  ReleaseMask all_releases = 0;
  uint32_t recent_fields = 0;  // so many fields are kRecent

  // `ways` points into `fields`.
  FieldRules() = default;
  FieldRules(const FieldRules&) = delete;
  FieldRules& operator=(const FieldRules&) = delete;
  FieldRules(FieldRules&&) = default;
  FieldRules& operator=(FieldRules&&) = default;

  // Of each field, the variant that `release` gets.
  const uint8_t* VariantsOf(int release) const {
    return variants.data() + static_cast<size_t>(release) * fields.size();
  }

  // `plan` must outlive the rules.
  static FieldRules From(const Plan& plan);
};

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_FIELD_RULES_H_
