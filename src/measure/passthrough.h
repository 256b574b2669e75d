// The least that a transactional stage does: values go from one topic to
// another, offsets inside the transaction, with the settings of `run`. What the
// stage costs beyond it is nymstream's own doing. Nothing is de-identified.
#ifndef NYMSTREAM_MEASURE_PASSTHROUGH_H_
#define NYMSTREAM_MEASURE_PASSTHROUGH_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "kafka/client_conf.h"
#include "kafka/client_credentials.h"
#include "kafka/handles.h"
#include "nymstream/pipeline.h"

namespace nymstream {

struct PassthroughOptions {
  KafkaSource source;  // whose `lanes` share the partitions
  std::shared_ptr<const ClientCredentials> credentials;
  std::string output;
  Compression compression = Compression::kLz4;
  int32_t partitions = 1;  // of both topics
  uint64_t message_bytes_max = 1000000;
};

// One lane: a consumer and a producer. Run() belongs to one thread, the rest to
// any.
class Passthrough {
 public:
  // kInvalidArgument if librdkafka refuses a setting.
  static absl::StatusOr<std::unique_ptr<Passthrough>> Create(
      PassthroughOptions options, int lane);
  ~Passthrough();

  // Reads its partitions from their first record on, until `stop`.
  // kUnavailable with Kafka's name of the error. Blocks in a call as long as no
  // broker answers.
  absl::Status Run(const std::atomic<bool>& stop);

  uint64_t taken() const { return taken_; }  // records
  uint64_t committed() const { return committed_; }

 private:
  explicit Passthrough(PassthroughOptions options)
      : options_(std::move(options)) {}

  absl::Status Init(int lane);
  absl::Status Assign(int lane);
  absl::Status MoveBatch();
  absl::Status Move(rd_kafka_message_t* message);
  absl::Status Commit();

  const PassthroughOptions options_;
  ClientContext context_;
  KafkaHandle consumer_;
  KafkaQueue queue_;
  KafkaHandle producer_;
  KafkaTopic output_;
  std::vector<rd_kafka_message_t*> batch_;
  std::vector<int64_t> next_;  // by partition; below 0: nothing was taken
  std::atomic<uint64_t> taken_{0};
  std::atomic<uint64_t> committed_{0};
};

}  // namespace nymstream

#endif  // NYMSTREAM_MEASURE_PASSTHROUGH_H_
