#include "kafka/stage.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "base/status_macros.h"
#include "engine/key_spans.h"
#include "kafka/lane_reporter.h"
#include "kafka/librdkafka_client.h"
#include "kafka/release_work.h"
#include "kafka/stage_info.h"

namespace nymstream {
namespace {

constexpr int64_t kNanosecondsPerSecond = 1'000'000'000;
constexpr int64_t kNanosecondsPerMillisecond = 1'000'000;
// A call that the broker has had time to answer twice over.
constexpr int64_t kStuckNs =
    2 * kTransactionTimeoutMs * kNanosecondsPerMillisecond;
// A call that takes so long waits for brokers that are away, or hangs.
constexpr int64_t kQuietNs = kStuckNs / 6;
// From a stop to the end of the process.
constexpr int64_t kStopNs = 9 * kNanosecondsPerSecond;
constexpr std::chrono::milliseconds kWatchInterval(100);
constexpr int kTickIntervals = 10;
// What a released record may grow beyond its value: key and headers are counted
// with it.
constexpr uint64_t kEnvelopeBytes = 256;

}  // namespace

// One lane with all that it needs.
class Stage::LaneRunner {
 public:
  static absl::StatusOr<std::unique_ptr<LaneRunner>> Create(
      const StageOptions& options, int lane, const std::atomic<bool>* stop) {
    std::unique_ptr<LaneRunner> runner(new LaneRunner(options, lane));
    NYM_RETURN_IF_ERROR(runner->Init(options, lane, stop));
    return runner;
  }

  void Start(std::function<void()> on_end) {
    reporter_.OnStarted();
    thread_ = std::thread([this, on_end = std::move(on_end)] {
      result_ = lane_->Run();
      reporter_.OnEnded(result_);
      on_end();
    });
  }
  void Join() {
    if (thread_.joinable()) thread_.join();
  }

  LaneWatch& watch() { return watch_; }
  LibrdkafkaClient& client() { return *client_; }
  const LaneResult& result() const { return result_; }
  int64_t next_probe_ns = 0;  // of the watching thread

 private:
  LaneRunner(const StageOptions& options, int lane)
      : reporter_(ReporterOptions(options, lane)) {}

  LaneReporterOptions ReporterOptions(const StageOptions& options, int lane) {
    LaneReporterOptions made;
    made.lane = lane;
    made.input_topic = options.pipeline->source->topic;
    made.output_topics = OutputTopics(*options.pipeline);
    made.clock = options.clock;
    made.metrics = &options.metrics->lane(lane);
    made.events = options.events;
    made.watch = &watch_;
    return made;
  }

  absl::Status Init(const StageOptions& options, int lane,
                    const std::atomic<bool>* stop) {
    NYM_ASSIGN_OR_RETURN(work_, ReleaseWork::Create(WorkOptions(options)));
    NYM_ASSIGN_OR_RETURN(
        client_, LibrdkafkaClient::Create(ClientOptions(options, lane)));
    LaneOptions lane_options;
    lane_options.start = options.pipeline->source->start;
    lane_options.commit_interval_ms =
        options.pipeline->source->commit_interval_ms;
    lane_options.transaction_timeout_ms = kTransactionTimeoutMs;
    lane_options.steady_nanoseconds = options.clock.steady_nanoseconds;
    lane_options.sleep = [](int milliseconds) {
      std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    };
    lane_ = std::make_unique<Lane>(client_.get(), work_.get(), &reporter_,
                                   std::move(lane_options), stop);
    return absl::OkStatus();
  }

  ReleaseWorkOptions WorkOptions(const StageOptions& options) {
    ReleaseWorkOptions made;
    made.plan = options.plan;
    made.deidentifier = options.deidentifier;
    made.deidentifier.released_bytes_max =
        options.topics.message_bytes_max - kMessageOverheadBytes;
    made.deidentifier.sealed_bytes_max = options.topics.message_bytes_max -
                                         kMessageOverheadBytes - kEnvelopeBytes;
    made.keyring = options.keyring;
    made.make_sealer = options.make_sealer;
    made.input_topic = options.pipeline->source->topic;
    made.partitions = options.topics.partitions;
    made.clock = options.clock;
    made.report = [this](const BatchReport& report) {
      reporter_.Report(report);
    };
    made.keyring_refused = [events = options.events] {
      events->Emit(Event::kKeysRefused);
    };
    return made;
  }

  LibrdkafkaClientOptions ClientOptions(const StageOptions& options, int lane) {
    const Pipeline& pipeline = *options.pipeline;
    LibrdkafkaClientOptions made;
    made.source = *pipeline.source;
    made.identity = {pipeline.source->group, options.instance, lane};
    made.credentials = options.credentials;
    for (const Release& release : pipeline.releases) {
      made.topics.push_back(
          {release.output->topic, release.output->compression});
    }
    made.topics.push_back(
        {pipeline.quarantine->topic, pipeline.quarantine->compression});
    made.message_bytes_max = options.topics.message_bytes_max;
    made.wants_headers =
        std::any_of(options.plan->fields.begin(), options.plan->fields.end(),
                    [](const PlanField& field) {
                      return field.carrier == Carrier::kKafkaHeader;
                    });
    made.listener = &reporter_;
    made.on_stable_offsets = [this](std::span<const PartitionOffset> offsets) {
      reporter_.OnStableOffsets(offsets);
    };
    return made;
  }

  LaneWatch watch_;
  LaneReporter reporter_;
  std::unique_ptr<ReleaseWork> work_;
  std::unique_ptr<LibrdkafkaClient> client_;
  std::unique_ptr<Lane> lane_;
  LaneResult result_;
  std::thread thread_;
};

Stage::Stage(StageOptions options) : options_(std::move(options)) {}

Stage::~Stage() = default;

absl::StatusOr<std::unique_ptr<Stage>> Stage::Create(StageOptions options) {
  NYM_ASSIGN_OR_RETURN(
      const size_t spans,
      KeySpansOfEach(*options.plan,
                     static_cast<size_t>(options.pipeline->source->lanes)));
  options.deidentifier.key_spans_max =
      std::min(options.deidentifier.key_spans_max, spans);
  std::unique_ptr<Stage> stage(new Stage(std::move(options)));
  for (int i = 0; i < stage->options_.pipeline->source->lanes; ++i) {
    NYM_ASSIGN_OR_RETURN(
        auto lane, LaneRunner::Create(stage->options_, i, &stage->stop_lanes_));
    stage->lanes_.push_back(std::move(lane));
  }
  return stage;
}

LaneResult Stage::Run() {
  for (size_t i = 0; i < lanes_.size(); ++i) {
    lanes_[i]->Start([this, i] {
      int none = -1;
      first_ended_.compare_exchange_strong(none, static_cast<int>(i));
      stop_lanes_ = true;
    });
  }
  Watch();
  for (const auto& lane : lanes_) lane->Join();
  return lanes_[static_cast<size_t>(first_ended_.load())]->result();
}

void Stage::Watch() {
  const auto ended = [](const std::unique_ptr<LaneRunner>& lane) {
    return lane->watch().ended.load();
  };
  int64_t stop_seen_ns = 0;
  int64_t looked_ns = options_.clock.steady_nanoseconds();
  for (int i = 1; !std::all_of(lanes_.begin(), lanes_.end(), ended); ++i) {
    std::this_thread::sleep_for(kWatchInterval);
    const int64_t now = options_.clock.steady_nanoseconds();
    if (now - looked_ns > kQuietNs) {
      // The whole process was stopped: no lane could have beaten.
      for (const auto& lane : lanes_) lane->watch().beat_ns = now;
    }
    looked_ns = now;
    if (options_.stop->load() && !stop_lanes_.exchange(true)) {
      options_.events->Emit(Event::kStageStopping, {{"reason", "signal"}});
    }
    if (stop_lanes_ && stop_seen_ns == 0) stop_seen_ns = now;
    bool abandon = stop_seen_ns != 0 && now - stop_seen_ns > kStopNs;
    for (const auto& lane : lanes_) abandon |= LookAt(lane.get());
    if (abandon) {
      options_.events->Emit(Event::kWatchdogExpired);
      options_.abandon();
    }
    if (i % kTickIntervals == 0) options_.on_tick();
  }
}

bool Stage::LookAt(LaneRunner* lane) {
  LaneWatch& watch = lane->watch();
  if (watch.ended) return false;
  const int64_t now = options_.clock.steady_nanoseconds();
  const int64_t silence = now - watch.beat_ns;
  if (silence <= kQuietNs && !watch.brokers_down) return false;
  // An outage is waited out; a probe a second tells it from a hang. The client
  // itself may not: a call that waits for the brokers hears none of its errors.
  if (now < lane->next_probe_ns) return false;
  const bool answers = lane->client().BrokerAnswers();
  const int64_t probed = options_.clock.steady_nanoseconds();
  lane->next_probe_ns = probed + kNanosecondsPerSecond;
  if (!answers) {
    if (!watch.brokers_down.exchange(true)) {
      options_.events->Emit(Event::kBrokersDown);
    }
    return false;
  }
  if (watch.brokers_down.exchange(false)) {
    options_.events->Emit(Event::kBrokersBack);
    // What waited for the broker gets the time that it takes.
    watch.beat_ns = probed;
    return false;
  }
  watch.stuck = silence > kStuckNs;
  return watch.stuck;
}

bool Stage::live() const {
  return std::none_of(lanes_.begin(), lanes_.end(), [](const auto& lane) {
    return lane->watch().stuck.load();
  });
}

bool Stage::joined() const {
  return std::all_of(lanes_.begin(), lanes_.end(), [](const auto& lane) {
    return lane->watch().joined && lane->watch().producer;
  });
}

bool Stage::brokers_up() const {
  return std::none_of(lanes_.begin(), lanes_.end(), [](const auto& lane) {
    return lane->watch().brokers_down.load();
  });
}

}  // namespace nymstream
