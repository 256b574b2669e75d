// For clients of commands that tell of the end result only.
#ifndef NYMSTREAM_KAFKA_QUIET_LISTENER_H_
#define NYMSTREAM_KAFKA_QUIET_LISTENER_H_

#include "kafka/client_conf.h"

namespace nymstream {

class QuietListener final : public ConnectionListener {
 public:
  void OnConnectionError(const KafkaError&) override {}
  void OnAllBrokersDown() override {}
  void OnClientMessage(int) override {}
};

// Has no state; any thread.
inline QuietListener& TheQuietListener() {
  static QuietListener listener;
  return listener;
}

}  // namespace nymstream

#endif  // NYMSTREAM_KAFKA_QUIET_LISTENER_H_
