// The Kafka stage: lanes on threads, watched.
#ifndef NYMSTREAM_KAFKA_STAGE_H_
#define NYMSTREAM_KAFKA_STAGE_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "kafka/client_credentials.h"
#include "kafka/lane.h"
#include "kafka/lane_watch.h"
#include "kafka/shared_keyring.h"
#include "kafka/start_check.h"
#include "nymstream/deidentifier.h"
#include "nymstream/pipeline.h"
#include "nymstream/plan.h"
#include "observe/clock.h"
#include "observe/event_log.h"
#include "observe/stage_metrics.h"

namespace nymstream {

struct StageOptions {
  const Pipeline* pipeline = nullptr;  // borrowed
  std::shared_ptr<const Plan> plan;
  std::string instance;  // stable name of this process
  std::shared_ptr<const ClientCredentials> credentials;
  TopicFacts topics;
  // Given to each Deidentifier; see ReleaseWorkOptions.
  DeidentifierOptions deidentifier;
  std::shared_ptr<SharedKeyring> keyring;
  std::function<absl::StatusOr<std::shared_ptr<RecordSealer>>()> make_sealer;
  Clock clock;
  StageMetrics* metrics = nullptr;  // all borrowed
  EventLog* events = nullptr;
  const std::atomic<bool>* stop = nullptr;
  // Called every second or so by the watching thread: looks whether the keyring
  // has changed.
  std::function<void()> on_tick;
  // Ends the process: a lane can't be stopped. Must not return.
  std::function<void()> abandon;
};

// Librdkafka's own threads and what they hold live until a lane has ended.
class Stage {
 public:
  // Makes the lanes; nothing is connected yet. kInvalidArgument if librdkafka
  // refuses a setting, errors of ReleaseWork::Create.
  static absl::StatusOr<std::unique_ptr<Stage>> Create(StageOptions options);
  ~Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  // Runs the lanes until `stop` is set or one of them can't go on, which stops
  // the others. The result of the lane that ended first, kStopped if all were
  // asked to. Calls `abandon` if a lane is stuck though the broker answers, or
  // does not end in time after a stop.
  LaneResult Run();

  // For the probes; any thread.
  //   live: no lane is stuck while the broker answers.
  bool live() const;
  //   ready: every lane has a producer and its place in the group, and some
  //   broker can be reached.
  bool joined() const;
  bool brokers_up() const;

 private:
  class LaneRunner;

  explicit Stage(StageOptions options);
  void Watch();
  // True if something has to be abandoned.
  bool LookAt(LaneRunner* lane);

  const StageOptions options_;
  std::vector<std::unique_ptr<LaneRunner>> lanes_;
  std::atomic<bool> stop_lanes_{false};
  std::atomic<int> first_ended_{-1};
};

}  // namespace nymstream

#endif  // NYMSTREAM_KAFKA_STAGE_H_
