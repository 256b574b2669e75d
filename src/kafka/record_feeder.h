// Writes raw records to the topic that a stage reads.
#ifndef NYMSTREAM_KAFKA_RECORD_FEEDER_H_
#define NYMSTREAM_KAFKA_RECORD_FEEDER_H_

#include <cstdint>
#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "kafka/client_conf.h"
#include "kafka/handles.h"
#include "nymstream/pipeline.h"

namespace nymstream {

// One transaction: all records or none. One thread. Errors are kUnavailable
// with Kafka's name of the error.
class RecordFeeder {
 public:
  // Waits for the broker for 20 s at most.
  static absl::StatusOr<std::unique_ptr<RecordFeeder>> Create(
      const KafkaSource& source,
      std::shared_ptr<const ClientCredentials> credentials);
  // Aborts what Finish() has not committed.
  ~RecordFeeder();

  absl::Status Add(std::string_view record);
  absl::Status Finish();
  uint64_t records() const { return records_; }

 private:
  RecordFeeder() = default;

  ClientContext context_;
  KafkaHandle producer_;
  KafkaTopic topic_;
  uint64_t records_ = 0;
  bool open_ = false;
};

}  // namespace nymstream

#endif  // NYMSTREAM_KAFKA_RECORD_FEEDER_H_
