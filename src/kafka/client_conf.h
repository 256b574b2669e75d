// Makes clients of librdkafka.
#ifndef NYMSTREAM_KAFKA_CLIENT_CONF_H_
#define NYMSTREAM_KAFKA_CLIENT_CONF_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "kafka/client_credentials.h"
#include "kafka/client_properties.h"
#include "kafka/handles.h"
#include "kafka/kafka_error.h"
#include "nymstream/pipeline.h"

namespace nymstream {

// What happens on the connections of a client, told on any of its threads.
// Never a byte of a record.
class ConnectionListener {
 public:
  virtual ~ConnectionListener() = default;
  virtual void OnConnectionError(const KafkaError& error) = 0;
  virtual void OnAllBrokersDown() = 0;
  // librdkafka's own message, by syslog level; its text stays inside.
  virtual void OnClientMessage(int level) = 0;
};

// The opaque of every client; outlives it.
struct ClientContext {
  std::shared_ptr<const ClientCredentials> credentials;
  ConnectionListener* listener = nullptr;
  void* owner = nullptr;  // of callbacks that a client sets itself
  std::atomic<uint32_t> connection_errors{0};
};

// With the callbacks that every client has. kInvalidArgument names the property
// that librdkafka refuses.
absl::StatusOr<KafkaConf> MakeConf(const Properties& properties,
                                   ClientContext* context);

// Tokens are refreshed on a thread of librdkafka, so that no call waits for
// another to serve them.
absl::StatusOr<KafkaHandle> MakeClient(rd_kafka_type_t type, KafkaConf conf);

// For writing to topic `name`. Null if librdkafka refuses it.
KafkaTopic MakeTopic(rd_kafka_t* producer, const std::string& name,
                     Compression compression);

}  // namespace nymstream

#endif  // NYMSTREAM_KAFKA_CLIENT_CONF_H_
