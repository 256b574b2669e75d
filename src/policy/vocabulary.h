// The words that documents and `explain` use for our enums, in enum order.
#ifndef NYMSTREAM_POLICY_VOCABULARY_H_
#define NYMSTREAM_POLICY_VOCABULARY_H_

#include <string_view>

#include "nymstream/log_schema.h"
#include "nymstream/pipeline.h"

namespace nymstream {

inline constexpr std::string_view kIdentifiabilityNames[] = {
    "identified", "pseudonymized", "unlinked_pseudonymized", "anonymized",
    "aggregated"};

inline constexpr std::string_view kAudienceNames[] = {
    "internal", "processor", "affiliate", "third_party", "authority", "public"};

inline constexpr std::string_view kRightNames[] = {
    "erasure", "opt_out_of_third_party_disclosure", "opt_out_of_marketing",
    "disclosure_list"};

inline constexpr std::string_view kRetentionScopeNames[] = {"personal", "all"};

inline constexpr std::string_view kLogFormatNames[] = {"json", "combined"};

// The fields of a combined line, in its order.
inline constexpr std::string_view kCombinedFieldNames[] = {
    "remote_addr",     "ident",        "remote_user",
    "time_local",      "request",      "status",
    "body_bytes_sent", "http_referer", "http_user_agent"};

inline constexpr std::string_view kValueTypeNames[kValueTypeCount] = {
    "ip",    "ip_list",    "ip_port",   "id",      "mac",
    "email", "phone",      "timestamp", "url",     "user_agent",
    "text",  "number",     "enum",      "boolean", "geo",
    "age",   "credential", "payment",   "json"};

inline constexpr std::string_view kGeoGranularityNames[] = {
    "country", "region", "city", "postal", "coordinates"};

inline constexpr std::string_view kTreatmentNames[kTreatmentCount] = {
    "suppress",
    "keep",
    "pseudonymize",
    "pseudonymize_as_address",
    "prefix_preserving",
    "truncate",
    "country",
    "minute",
    "hour",
    "redact_identifiers",
    "redact_parameters",
    "path_only",
    "family",
    "age_range",
    "buckets"};

inline constexpr std::string_view kOutputFormatNames[] = {"input", "json"};

inline constexpr std::string_view kCompressionNames[] = {
    "none", "gzip", "snappy", "lz4", "zstd"};
inline constexpr std::string_view kKafkaStartNames[] = {"earliest", "latest"};
inline constexpr std::string_view kMembershipNames[] = {"static", "dynamic"};
inline constexpr std::string_view kSecurityProtocolNames[] = {
    "plaintext", "ssl", "sasl_plaintext", "sasl_ssl"};
inline constexpr std::string_view kSaslMechanismNames[] = {
    "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"};

}  // namespace nymstream

#endif  // NYMSTREAM_POLICY_VOCABULARY_H_
