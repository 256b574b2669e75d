// What the compiler makes of pipeline + policy + schema: one treatment per
// field and release, each with the clause that makes it so.
#ifndef NYMSTREAM_PLAN_H_
#define NYMSTREAM_PLAN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "nymstream/diagnostic.h"
#include "nymstream/log_schema.h"
#include "nymstream/pipeline.h"
#include "nymstream/policy.h"

namespace nymstream {

// More releases than this in a pipeline are refused: one bit each.
inline constexpr int kReleasesMax = 32;
// So are more suppression lists than this.
inline constexpr int kListsMax = 64;

// Everything that decides the bytes a field becomes. Two releases whose specs
// are equal and unkeyed get the same bytes.
struct TreatmentSpec {
  Treatment treatment = Treatment::kSuppress;
  int prefix_v4 = 16;
  int prefix_v6 = 32;
  std::vector<double> buckets;
  bool operator==(const TreatmentSpec&) const = default;
};

// True for treatments whose bytes depend on a key of the release.
bool IsKeyed(Treatment treatment);

struct FieldPlan {
  TreatmentSpec spec;
  std::string why;     // one sentence for `explain`
  std::string clause;  // heading in the policy document; may be empty
};

// One classified path.
struct PlanField {
  FieldPath path;
  Carrier carrier = Carrier::kBody;
  std::string header;     // its name, for kKafkaHeader
  std::string path_text;  // FieldName
  std::string category;
  ValueType type = ValueType::kText;
  GeoGranularity granularity = GeoGranularity::kCoordinates;
  std::vector<std::string> enum_values;
  std::vector<std::string> keep_parameters;
  // Pseudonyms of equal values are equal within a domain: the category and the
  // kind of value ("user.device.ip_address/ip").
  std::string domain;
  bool personal = false;    // by the policy's own definition
  SourcePosition position;  // in the schema
};

struct ReleasePlan {
  std::string name;
  std::string use;
  Audience audience = Audience::kInternal;
  Identifiability level = Identifiability::kAnonymized;
  std::string epoch;  // canonical period text, "P1D"; empty: no key is needed
  OutputFormat format = OutputFormat::kAsInput;
  bool source_coordinates = false;
  std::string recipient;
  std::string grant_clause;
  std::vector<FieldPlan> fields;  // parallel to Plan::fields
  // Records that state an age below it are suppressed.
  std::optional<int> minors_under;
  std::string minors_clause;
  // Records older than it are suppressed if `of` says so (see Retention).
  std::optional<Retention> retention;
  // A pseudonym links, so with one in the release everything is personal.
  bool linked_is_personal = false;
  // Suppression lists that cover this release (index into Plan::rights).
  std::vector<int> rights;
};

struct Plan {
  std::string pipeline_name;
  std::string policy_name;
  std::string policy_document;
  std::string schema_name;
  LogFormat format = LogFormat::kJson;
  std::vector<PlanField> fields;
  int event_time_field = -1;  // index into fields; never -1 in a valid plan
  std::vector<ReleasePlan> releases;
  std::vector<RightsRule> rights;
  Limits limits;
  bool leak_guard = true;
};

}  // namespace nymstream

#endif  // NYMSTREAM_PLAN_H_
