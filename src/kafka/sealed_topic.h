// The sealed records of a quarantine topic.
#ifndef NYMSTREAM_KAFKA_SEALED_TOPIC_H_
#define NYMSTREAM_KAFKA_SEALED_TOPIC_H_

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "kafka/client_conf.h"
#include "kafka/handles.h"
#include "nymstream/pipeline.h"
#include "quarantine/envelope_source.h"

namespace nymstream {

// Reads every partition from its first record to what is its end when it gets
// there, committed records only; joins no group and commits nothing. Receipts
// without a sealed record are passed over.
class SealedTopic final : public EnvelopeSource {
 public:
  // kUnavailable if the broker does not answer or does not know the topic.
  static absl::StatusOr<std::unique_ptr<SealedTopic>> Open(
      const KafkaSource& source, const std::string& topic,
      std::shared_ptr<const ClientCredentials> credentials);
  ~SealedTopic() override;

  absl::StatusOr<std::string_view> Next() override;
  std::string Place() const override;

 private:
  explicit SealedTopic(std::string topic) : topic_(std::move(topic)) {}
  absl::Status Assign();

  const std::string topic_;
  ClientContext context_;
  KafkaHandle consumer_;
  KafkaMessage message_;
  std::set<int32_t> left_;  // partitions whose end has not come
};

}  // namespace nymstream

#endif  // NYMSTREAM_KAFKA_SEALED_TOPIC_H_
