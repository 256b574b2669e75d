// Which of librdkafka's properties a pipeline may set by itself, and why not
// the others.
#ifndef NYMSTREAM_POLICY_KAFKA_PROPERTIES_H_
#define NYMSTREAM_POLICY_KAFKA_PROPERTIES_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "document/field_table.h"

namespace nymstream {

struct KafkaProperty {
  std::string_view name;
  std::string_view reason;   // why it may not be set; empty: it may
  std::string_view instead;  // what to do; for those that may not
};

// Every property of librdkafka 2.0.2, aliases too. What is not in here, as the
// properties of later versions, may not be set either: nobody has looked at
// what it does to exactly-once and to privacy.
std::span<const KafkaProperty> KafkaProperties();

// The names that may be set.
std::span<const std::string_view> FreeKafkaProperties();

// For a property that is known and may not be set.
std::optional<Complaint> WhyKafkaPropertyIsRefused(std::string_view name);

// docs/reference/librdkafka.md, from the same table.
std::string KafkaPropertyReference();

}  // namespace nymstream

#endif  // NYMSTREAM_POLICY_KAFKA_PROPERTIES_H_
