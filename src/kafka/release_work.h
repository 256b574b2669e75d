// What the stage does to a batch: the engine's releases and receipts as records
// of their topics.
#ifndef NYMSTREAM_KAFKA_RELEASE_WORK_H_
#define NYMSTREAM_KAFKA_RELEASE_WORK_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "base/arena.h"
#include "kafka/batch_work.h"
#include "kafka/quarantine_ratio.h"
#include "kafka/shared_keyring.h"
#include "nymstream/deidentifier.h"
#include "nymstream/plan.h"
#include "observe/clock.h"

namespace nymstream {

// Told what a batch came to, within its transaction.
struct BatchReport {
  const Counters* counters = nullptr;
  std::span<const uint64_t> received;    // records, by input partition
  std::span<const uint64_t> sent_bytes;  // by output topic
  int64_t oldest_timestamp_ms = kNoTimestamp;
  int64_t transform_ns = 0;
  uint64_t held_bytes = 0;  // of input and output, in memory
};

struct ReleaseWorkOptions {
  std::shared_ptr<const Plan> plan;
  // Given to each Deidentifier; `keyring`, `as_of` and `sealer` in it are not
  // read.
  DeidentifierOptions deidentifier;
  std::shared_ptr<const SharedKeyring> keyring;
  // For a session key for each transaction; empty: receipts only.
  std::function<absl::StatusOr<std::shared_ptr<RecordSealer>>()> make_sealer;
  std::string input_topic;
  // Partitions of the releases' topics in their order, then of the
  // quarantine's.
  std::vector<int32_t> partitions;
  Clock clock;
  std::function<void(const BatchReport&)> report;  // once a batch
  // A keyring that was replaced by one that does not serve; called once for
  // it, and the one before stays in use.
  std::function<void()> keyring_refused;
};

// Names of the headers that a receipt, and a release with source coordinates,
// carry.
inline constexpr std::string_view kSourceHeader = "nymstream-source";
inline constexpr std::string_view kRecordHeader = "nymstream-record";
inline constexpr std::string_view kReasonHeader = "nymstream-reason";
inline constexpr std::string_view kBytesHeader = "nymstream-bytes";

// One per lane. Topic indices of its outputs: the releases in their order, then
// the quarantine.
//
// A released record's value is what `replay` writes as a line, without the line
// end; its key and headers are those that the release names; its timestamp is
// as coarse as its event time. A receipt has its facts in headers and the
// sealed record, if any, as value.
//
// Cost: the engine's, and one copy of the input; no allocation per record once
// warm.
class ReleaseWork final : public BatchWork {
 public:
  // Errors of Deidentifier::Create and of make_sealer.
  static absl::StatusOr<std::unique_ptr<ReleaseWork>> Create(
      ReleaseWorkOptions options);

  std::span<const OutputRecord> Process(
      std::span<const InputRecord> records) override;
  bool MustStop() override { return ratio_.Exceeded(); }
  void OnCommitted() override;
  void OnAborted() override;

 private:
  explicit ReleaseWork(ReleaseWorkOptions options);

  absl::StatusOr<std::unique_ptr<Deidentifier>> MakeDeidentifier();
  absl::Status Init();
  void FollowKeyring();
  void SealAnew();
  void Read(std::span<const InputRecord> records);
  void AddCarriers(const InputRecord& record);
  void AddReleases(std::span<const InputRecord> records);
  void AddRelease(int release, std::span<const InputRecord> records);
  void AddReceipts(std::span<const InputRecord> records);
  void AddHeader(std::string_view name, std::string_view value);
  void AddOutput(OutputRecord record, size_t headers_begin);
  void Report(std::span<const InputRecord> records, int64_t begun_ns);
  std::string_view Coordinates(const InputRecord& record);
  std::string_view Decimal(uint64_t number);
  int64_t TimestampOf(const InputRecord& record) const;

  const ReleaseWorkOptions options_;
  const Plan& plan_;
  int32_t key_field_ = kUnclassifiedCarrier;
  std::vector<int32_t> header_fields_;      // of the plan, kKafkaHeader
  std::vector<Treatment> time_treatments_;  // of the event time, by release

  std::unique_ptr<Deidentifier> deidentifier_;
  std::shared_ptr<RecordSealer> sealer_;
  bool sealed_ = false;  // since the last transaction
  uint64_t keyring_version_ = 0;
  QuarantineRatio ratio_;

  RawBatch raw_;
  ReleasedBatch released_;
  Arena arena_;
  std::vector<OutputRecord> outputs_;
  std::vector<HeaderView> headers_;
  // headers_ of outputs_[i] end here; spans are made when all are known.
  std::vector<size_t> header_ends_;
  std::vector<uint64_t> received_;
  std::vector<uint64_t> sent_bytes_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_KAFKA_RELEASE_WORK_H_
