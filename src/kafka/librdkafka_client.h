// LaneClient on librdkafka 2.0.2 or later.
#ifndef NYMSTREAM_KAFKA_LIBRDKAFKA_CLIENT_H_
#define NYMSTREAM_KAFKA_LIBRDKAFKA_CLIENT_H_

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "kafka/client_conf.h"
#include "kafka/client_credentials.h"
#include "kafka/client_properties.h"
#include "kafka/handles.h"
#include "kafka/lane_client.h"
#include "nymstream/pipeline.h"

namespace nymstream {

struct OutputTopic {
  std::string name;
  Compression compression = Compression::kLz4;
};

struct LibrdkafkaClientOptions {
  KafkaSource source;
  LaneIdentity identity;
  std::shared_ptr<const ClientCredentials> credentials;
  std::vector<OutputTopic> topics;  // OutputRecord::topic
  uint64_t message_bytes_max = 1000000;
  bool wants_headers = false;
  ConnectionListener* listener = nullptr;  // borrowed
  // End of what a read_committed reader may see, by partition; on the lane's
  // thread every few seconds.
  std::function<void(std::span<const PartitionOffset>)> on_stable_offsets;
};

// Follows the rules that bugs of 2.0.2 ask for: batches are taken on the thread
// that serves rebalances, partitions are never paused, records are sent by
// produceva without header lists, and the producer is served before an abort.
class LibrdkafkaClient final : public LaneClient {
 public:
  // Makes the consumer; connects nothing yet. kInvalidArgument if a setting is
  // refused.
  static absl::StatusOr<std::unique_ptr<LibrdkafkaClient>> Create(
      LibrdkafkaClientOptions options);
  ~LibrdkafkaClient() override;

  KafkaError Subscribe(RebalanceListener* listener) override;
  Polled Poll(int timeout_ms) override;
  KafkaError Committed(std::span<const int32_t> partitions,
                       std::vector<PartitionOffset>* offsets) override;
  KafkaError Watermarks(int32_t partition, int64_t* low,
                        int64_t* high) override;
  KafkaError Assign(std::span<const PartitionOffset> offsets) override;
  KafkaError Unassign(std::span<const int32_t> partitions) override;
  KafkaError Seek(std::span<const PartitionOffset> offsets) override;
  void Close() override;
  KafkaError RenewConsumer() override;

  KafkaError OpenProducer() override;
  KafkaError Begin() override;
  KafkaError ConfirmProducer(const PartitionOffset& committed) override;
  KafkaError Produce(const OutputRecord& record) override;
  void Wait(int timeout_ms) override;
  KafkaError SendOffsets(std::span<const PartitionOffset> offsets) override;
  KafkaError Commit() override;
  KafkaError Abort() override;
  bool EndWasIndefinite() const override { return end_was_indefinite_; }
  KafkaError CheckTopics() override;

  // Asks a broker for metadata, for a second at most. Any thread, until the
  // client is destroyed.
  bool BrokerAnswers();

 private:
  explicit LibrdkafkaClient(LibrdkafkaClientOptions options);
  absl::Status Init();
  absl::StatusOr<KafkaHandle> MakeConsumer();
  void UseConsumer(KafkaHandle consumer);
  absl::Status MakeProducer();

  static void OnRebalance(rd_kafka_t* consumer, rd_kafka_resp_err_t event,
                          rd_kafka_topic_partition_list_t* partitions,
                          void* opaque);
  static int OnStats(rd_kafka_t* consumer, char* json, size_t size,
                     void* opaque);
  size_t Take(int timeout_ms, size_t first, size_t count);
  void FreeMessages();
  KafkaError AddMessage(rd_kafka_message_t* message);
  void AddHeaders(rd_kafka_message_t* message);
  KafkaPartitionList List(std::span<const PartitionOffset> offsets) const;
  KafkaPartitionList List(std::span<const int32_t> partitions) const;
  template <typename End>
  KafkaError EndTransaction(End end);
  void NoteBegun();
  // The error, unless it only says that our transaction was open too long.
  KafkaError ByAge(KafkaError error);
  bool NameIsTaken() const;

  const LibrdkafkaClientOptions options_;
  ClientContext consumer_context_;
  ClientContext producer_context_;
  std::mutex consumer_mutex_;  // while the pointer changes, and BrokerAnswers()
  KafkaHandle consumer_;
  KafkaQueue queue_;
  RebalanceListener* rebalance_listener_ = nullptr;
  // Of the generation that gave us our partitions.
  KafkaGroupMetadata group_;
  KafkaHandle producer_;
  std::vector<KafkaTopic> topics_;
  bool end_was_indefinite_ = false;
  // Of the first request; none before it.
  std::optional<std::chrono::steady_clock::time_point> transaction_begun_;
  bool transaction_timed_out_ = false;

  std::vector<rd_kafka_message_t*> messages_;  // of the last Poll()
  size_t message_count_ = 0;
  size_t message_bytes_ = 1000;  // of an average one, for the next Poll()
  std::vector<InputRecord> records_;
  std::vector<PartitionOffset> ends_;
  std::vector<HeaderView> headers_;
  struct HeaderRange {
    size_t record;
    size_t begin;
    size_t end;
  };
  std::vector<HeaderRange> header_ranges_;
  static constexpr size_t kProduceArguments = 7;
  std::array<rd_kafka_vu_t, kProduceArguments> produce_arguments_{};
};

}  // namespace nymstream

#endif  // NYMSTREAM_KAFKA_LIBRDKAFKA_CLIENT_H_
