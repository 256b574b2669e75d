// A pipeline as data: what one deployment does.
#ifndef NYMSTREAM_PIPELINE_H_
#define NYMSTREAM_PIPELINE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
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
  FieldPath path;  // empty unless the carrier is kBody
  Carrier carrier = Carrier::kBody;
  std::string header;  // its name, for kKafkaHeader
  Treatment treatment = Treatment::kSuppress;
  int prefix_v4 = 16;           // truncate only
  int prefix_v6 = 32;           // truncate only
  std::vector<double> buckets;  // buckets only; ascending lower bounds
  SourcePosition position;
};

enum class OutputFormat : uint8_t { kAsInput, kJson };

// How a topic's batches are compressed.
enum class Compression : uint8_t { kNone, kGzip, kSnappy, kLz4, kZstd };
std::string_view CompressionName(Compression compression);

// A topic that `run` makes if it is not there.
struct TopicCreation {
  int partitions = 1;
  int replication_factor = -1;      // -1: the broker's default (KIP-464)
  std::optional<Period> retention;  // absent: the longest the policy allows
};

// A topic that `run` writes, on the cluster of the source: one transaction
// can't span two.
struct KafkaSink {
  std::string topic;
  Compression compression = Compression::kLz4;
  std::optional<TopicCreation> create;  // absent: it must be there
  SourcePosition position;
};

// Where a consumer group begins that has committed nothing yet.
enum class KafkaStart : uint8_t { kEarliest, kLatest };

// Whether a stopped member keeps its partitions for the session timeout
// (KIP-345) or leaves the group at once.
enum class Membership : uint8_t { kStatic, kDynamic };

enum class SecurityProtocol : uint8_t {
  kPlaintext,
  kSsl,
  kSaslPlaintext,
  kSaslSsl,
};

enum class SaslMechanism : uint8_t {
  kPlain,
  kScramSha256,
  kScramSha512,
  kOauthbearer,
};

// Secrets are named by the files that hold them. Paths as written.
struct KafkaSecurity {
  SecurityProtocol protocol = SecurityProtocol::kPlaintext;
  std::string ca;           // PEM; empty: the system's
  std::string certificate;  // PEM, of this client (mTLS)
  std::string key;          // PEM
  std::string key_password;
  std::optional<SaslMechanism> mechanism;
  std::string username;  // no secret: the name itself
  std::string password;
  std::string token;  // OAUTHBEARER: a JWT, read anew before it expires
  SourcePosition position;
};

struct KafkaSource {
  std::vector<std::string> brokers;
  std::string topic;
  std::string group;
  std::optional<KafkaStart> start;
  Membership membership = Membership::kStatic;
  int lanes = 1;  // consumer and producer pairs of one process
  int commit_interval_ms = 250;
  KafkaSecurity security;
  // Names and values for librdkafka, beyond what is set here.
  std::vector<std::pair<std::string, std::string>> librdkafka;
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
  std::optional<KafkaSink> output;
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
  // Above it replay exits 1, and run stops.
  double quarantine_ratio_max = 1.0;
};

struct Pipeline {
  std::string name;
  // Name of a shipped schema, or a path ending in .yaml or .yml.
  std::string schema;
  std::string policy;  // likewise
  SourcePosition schema_position;
  SourcePosition policy_position;
  std::optional<KafkaSource> source;
  std::vector<Release> releases;
  std::string keyring;  // path; may be empty if no release needs a key
  SourcePosition keyring_position;
  std::optional<KafkaSink> quarantine;
  std::string seal_to;  // path of a public key; empty: receipts only
  SourcePosition seal_to_position;
  std::vector<RightsRule> rights;
  std::string country_database;  // path of a MaxMind DB; may be empty
  Limits limits;
  bool leak_guard = true;
  // "host:port" of the HTTP endpoint of `run`; empty: none.
  std::string monitoring_listen;
  SourcePosition position;
};

}  // namespace nymstream

#endif  // NYMSTREAM_PIPELINE_H_
