// What is asked of a cluster before anything starts.
#ifndef NYMSTREAM_KAFKA_ADMIN_H_
#define NYMSTREAM_KAFKA_ADMIN_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "kafka/client_conf.h"
#include "kafka/client_credentials.h"
#include "kafka/client_properties.h"
#include "kafka/handles.h"

namespace nymstream {

struct NewKafkaTopic {
  std::string name;
  int partitions = 1;
  int replication_factor = 1;
  Properties settings;
};

// One thread. Each call waits for the broker for kAdminTimeoutMs at most.
// Errors: kUnavailable if no broker answers, kPermissionDenied if it refuses,
// kNotFound for a topic that is not there; the message is Kafka's name of the
// error.
class Admin {
 public:
  static constexpr int kAdminTimeoutMs = 10000;

  // kInvalidArgument if a setting is refused.
  static absl::StatusOr<std::unique_ptr<Admin>> Create(
      const KafkaSource& source, const LaneIdentity& identity,
      std::shared_ptr<const ClientCredentials> credentials);
  ~Admin();

  // Connects. kUnavailable names the last thing that went wrong on the way.
  absl::Status Connect();

  // The highest version of the request `TxnOffsetCommit` that the broker knows,
  // which tells what it can do; needs Connect(). kUnavailable if it did not
  // say.
  absl::StatusOr<int> TxnOffsetCommitVersion() const;

  absl::StatusOr<int> Partitions(const std::string& topic);
  absl::StatusOr<std::map<std::string, std::string>> Settings(
      const std::string& topic);
  absl::Status CreateTopic(const NewKafkaTopic& topic);
  absl::Status DeleteTopic(const std::string& topic);

  // Whether we may write to `topic`. Sends a produce request that asks for two
  // acknowledgements, which no broker since 0.9 takes: it looks at the ACLs,
  // refuses the request, and writes nothing.
  absl::Status MayWrite(const std::string& topic);

 private:
  class Connection;

  Admin() = default;

  std::unique_ptr<Connection> connection_;
  ClientContext context_;
  KafkaHandle client_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_KAFKA_ADMIN_H_
