// A pipeline as data: what one deployment does.
#ifndef NYMSTREAM_PIPELINE_H_
#define NYMSTREAM_PIPELINE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "nymstream/diagnostic.h"
#include "nymstream/log_schema.h"
#include "nymstream/policy.h"

namespace nymstream {

// Treatments, in terms of ISO/IEC 20889. The table of which type gets which at
// which level is in policy/treatment_table.
enum class Treatment : uint8_t {
  kSuppress,      // the field does not leave
  kKeep,          // bytes unchanged, if the value is valid for its type
  kPseudonymize,  // keyed pseudonym, as a token
  kPseudonymizeAsAddress,  // keyed pseudonym, as an address in fc00::/8
  kPrefixPreserving,       // ipcrypt-pfx
  kTruncate,               // address to its network, /16 and /32 at the finest
  kCountry,                // address to ISO 3166-1 country by MaxMind DB; geo
  kMinute,                 // timestamp truncated to the minute
  kHour,                   // timestamp truncated to the hour
  kRedactIdentifiers,      // keep, identifiers found inside are redacted
  kRedactParameters,  // url: keep path, query values redacted, identifiers too
  kPathOnly,          // url: path without query, identifiers redacted
  kFamily,            // user agent to family, major version and OS
  kAgeRange,          // age to a range
  kBuckets,           // number to the lower bound of its bucket
};
inline constexpr int kTreatmentCount = 15;
std::string_view TreatmentName(Treatment treatment);

// A treatment chosen by a release for one field.
struct FieldOverride {
  FieldPath path;
  Treatment treatment = Treatment::kSuppress;
  int prefix_v4 = 16;           // truncate only
  int prefix_v6 = 32;           // truncate only
  std::vector<double> buckets;  // buckets only; ascending lower bounds
  SourcePosition position;
};

enum class OutputFormat : uint8_t { kAsInput, kJson };

struct KafkaTopic {
  std::vector<std::string> brokers;
  std::string topic;
  std::string group;
  SourcePosition position;
};

struct Release {
  std::string name;
  std::string use;
  Audience audience = Audience::kInternal;
  Identifiability level = Identifiability::kAnonymized;
  std::optional<Period> epoch;
  OutputFormat format = OutputFormat::kAsInput;
  bool source_coordinates = false;
  std::string recipient;  // who gets it, for the disclosure list; may be empty
  std::vector<FieldOverride> fields;
  std::optional<KafkaTopic> output;
  SourcePosition position;
  SourcePosition level_position;
};

// A suppression list: subjects who used a right of the policy.
struct RightsRule {
  Right right = Right::kErasure;
  std::string subjects;  // path of a file of subject tokens, one a line
  SourcePosition position;
};

struct Limits {
  uint64_t record_bytes_max = 1 << 20;  // 1 MiB
  int depth_max = 64;
  double quarantine_ratio_max = 1.0;  // replay exits 1 above it
};

struct Pipeline {
  std::string name;
  std::string schema;  // name of a shipped schema, or a path ending in .yaml
  std::string policy;  // likewise
  SourcePosition schema_position;
  SourcePosition policy_position;
  std::optional<KafkaTopic> source;
  std::vector<Release> releases;
  std::string keyring;  // path; may be empty if no release needs a key
  SourcePosition keyring_position;
  std::optional<KafkaTopic> quarantine;
  std::string seal_to;  // path of a public key; empty: receipts only
  std::vector<RightsRule> rights;
  std::string country_database;  // path of a MaxMind DB; may be empty
  Limits limits;
  bool leak_guard = true;
  SourcePosition position;
};

}  // namespace nymstream

#endif  // NYMSTREAM_PIPELINE_H_
