// A log schema as data: where personal data sits in a log format.
#ifndef NYMSTREAM_LOG_SCHEMA_H_
#define NYMSTREAM_LOG_SCHEMA_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "nymstream/diagnostic.h"

namespace nymstream {

enum class LogFormat : uint8_t {
  kJson,
  kCombined,  // NCSA common or combined text lines (Apache, nginx)
};
std::string_view LogFormatName(LogFormat format);

enum class ValueType : uint8_t {
  kIp,
  kIpList,
  kIpPort,
  kId,
  kMac,
  kEmail,
  kPhone,
  kTimestamp,
  kUrl,
  kUserAgent,
  kText,
  kNumber,
  kEnum,
  kBoolean,
  kGeo,
  kAge,
  kCredential,
  kPayment,
  kJson,
};
inline constexpr int kValueTypeCount = 19;
std::string_view ValueTypeName(ValueType type);
inline bool IsAddress(ValueType type) {
  return type == ValueType::kIp || type == ValueType::kIpList ||
         type == ValueType::kIpPort;
}
// True if a value names one subject, so that `keys lookup` and suppression
// lists take it.
inline bool IdentifiesSubject(ValueType type) {
  return IsAddress(type) || type == ValueType::kId || type == ValueType::kMac ||
         type == ValueType::kEmail;
}

enum class GeoGranularity : uint8_t {
  kCountry,
  kRegion,
  kCity,
  kPostal,
  kCoordinates,
};

// One step of a field path.
struct PathStep {
  bool any_element = false;  // [*]: every element of an array
  std::string name;          // member name, decoded; empty if any_element
  bool operator==(const PathStep&) const = default;
};
using FieldPath = std::vector<PathStep>;

// Parses `request.headers.X-Forwarded-For[*]`, and a name that holds a dot,
// bracket or quote as `["id.orig_h"]` (a JSON string in brackets). On error
// returns false and says what is wrong in `error`.
bool ParseFieldPath(std::string_view text, FieldPath* path, std::string* error);
// The canonical text of a path.
std::string FieldPathText(const FieldPath& path);

// For combined lines the paths are the fixed names, in order of the line:
// remote_addr, ident, remote_user, time_local, request, status,
// body_bytes_sent, http_referer, http_user_agent.

// What of a record holds a value.
enum class Carrier : uint8_t {
  kBody,         // the record itself: JSON or a line of text
  kKafkaKey,     // the key of the Kafka record around it
  kKafkaHeader,  // one of its headers
};

struct SchemaField {
  FieldPath path;  // empty unless the carrier is kBody
  Carrier carrier = Carrier::kBody;
  std::string header;    // its name, for kKafkaHeader
  std::string category;  // fideslang data category
  ValueType type = ValueType::kText;
  GeoGranularity granularity = GeoGranularity::kCoordinates;  // geo only
  std::vector<std::string> values;  // enum only; empty: any short plain token
  std::vector<std::string>
      keep_parameters;  // url only: query names that may stay
  SourcePosition position;
};

// "request.uri", "(Kafka key)", "(Kafka header client-ip)": for messages, plans
// and counters. No path's text is one of them: a name with a space stands in
// brackets there.
std::string FieldName(Carrier carrier, const FieldPath& path,
                      std::string_view header);

struct LogSchema {
  std::string name;
  LogFormat format = LogFormat::kJson;
  FieldPath event_time;
  std::vector<SchemaField> fields;
  SourcePosition position;
  SourcePosition event_time_position;
};

}  // namespace nymstream

#endif  // NYMSTREAM_LOG_SCHEMA_H_
