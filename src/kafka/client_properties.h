// librdkafka's settings for a lane, as data.
#ifndef NYMSTREAM_KAFKA_CLIENT_PROPERTIES_H_
#define NYMSTREAM_KAFKA_CLIENT_PROPERTIES_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "nymstream/pipeline.h"

namespace nymstream {

using Properties = std::vector<std::pair<std::string, std::string>>;

// Who a lane is to the cluster. Stable over restarts, and nobody else's.
struct LaneIdentity {
  std::string group;
  std::string instance;  // of the process: a StatefulSet's pod name
  int lane = 0;

  // "<group>-<instance>-<lane>"
  std::string transactional_id() const;
  // "<instance>-<lane>"
  std::string instance_id() const;
};

// Milliseconds. A commit takes less than a transaction may; a member is missed
// after its session; a lane that is stuck longer than a poll may take leaves
// its group.
inline constexpr int kTransactionTimeoutMs = 15000;
inline constexpr int kSessionTimeoutMs = 45000;
inline constexpr int kRetryBackoffMs = 500;

// The later of two settings of one name counts. None is a secret: those are set
// by ApplySecrets (client_secrets.h). `source.librdkafka` comes before what
// exactly-once depends on.
Properties ConsumerProperties(const KafkaSource& source,
                              const LaneIdentity& identity);
// `message_bytes_max`: what every output topic takes.
Properties ProducerProperties(const KafkaSource& source,
                              const LaneIdentity& identity,
                              uint64_t message_bytes_max);
// For start-up checks and administration.
Properties AdminProperties(const KafkaSource& source,
                           const LaneIdentity& identity);

}  // namespace nymstream

#endif  // NYMSTREAM_KAFKA_CLIENT_PROPERTIES_H_
