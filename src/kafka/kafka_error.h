// What a call to Kafka came to, by what its caller has to do next.
#ifndef NYMSTREAM_KAFKA_KAFKA_ERROR_H_
#define NYMSTREAM_KAFKA_KAFKA_ERROR_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace nymstream {

enum class ErrorClass : uint8_t {
  kNone,
  kRetriable,  // the same call again, with the same arguments
  kAbortable,  // abort the transaction, go back to what is committed
  kFatal,      // the producer is done for: make a new one
  kReplaced,   // the group has another member of our group.instance.id: of
               // another process, or one of ours, joined twice
  kFenced,     // another process took our name: stop
  kRefused,    // the broker will never accept it (authorization, a topic that
               // is gone, offsets out of range): stop, an operator is needed
};

// Cheap to copy; holds no text of a record or of a broker.
struct KafkaError {
  ErrorClass kind = ErrorClass::kNone;
  // Kafka's own name of the error ("TOPIC_AUTHORIZATION_FAILED"); static.
  std::string_view name = "";
  // The topic of OutputRecord that it is about, if that is known.
  std::optional<int> topic = std::nullopt;

  bool ok() const { return kind == ErrorClass::kNone; }
};

}  // namespace nymstream

#endif  // NYMSTREAM_KAFKA_KAFKA_ERROR_H_
