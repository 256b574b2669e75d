// nymstream run: the Kafka stage.
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "cli/choice.h"
#include "cli/command.h"
#include "cli/kafka_access.h"
#include "cli/key_options.h"
#include "cli/keyring_watch.h"
#include "cli/pipeline_files.h"
#include "cli/report.h"
#include "kafka/admin.h"
#include "kafka/client_credentials.h"
#include "kafka/lane_end_text.h"
#include "kafka/shared_keyring.h"
#include "kafka/stage.h"
#include "kafka/stage_info.h"
#include "kafka/start_check.h"
#include "observe/event_log.h"
#include "observe/metrics_server.h"
#include "observe/stage_metrics.h"

namespace nymstream {
namespace {

struct RunArguments {
  std::string pipeline;
  std::string instance;
  KeyOptions keys;
};

std::atomic<bool> stop_requested{false};

// The first signal drains; the second ends at once.
void RequestStop(int signal_number) {
  stop_requested.store(true, std::memory_order_relaxed);
  std::signal(signal_number, SIG_DFL);
}

bool CheckInstance(const std::string& instance) {
  if (IsKafkaName(instance)) return true;
  Say("error: --instance: must be a stable name of this process, of A-Z, a-z, "
      "0-9, '.', '_' and '-': the name of its StatefulSet pod, or one set by "
      "hand");
  return false;
}

EventLogOptions EventOptions(const Pipeline& pipeline,
                             const std::string& instance) {
  EventLogOptions options;
  std::vector<std::string>& names = options.config_names;
  names = pipeline.source->brokers;
  names.insert(names.end(), {pipeline.name, pipeline.source->topic,
                             pipeline.source->group, instance});
  for (const Release& release : pipeline.releases) {
    names.push_back(release.name);
    names.push_back(release.output->topic);
  }
  names.push_back(pipeline.quarantine->topic);
  return options;
}

StageInfo InfoOf(const LoadedPipeline& loaded) {
  StageInfo info = StageInfoOf(loaded.pipeline);
  info.version = NYMSTREAM_VERSION;
  info.pipeline_sha256 = loaded.pipeline_source.sha256;
  info.policy_sha256 = loaded.policy_source.sha256;
  info.schema_sha256 = loaded.schema_source.sha256;
  return info;
}

// What is wrong with this stage, on one line, and the exit code.
ExitCode SayResult(const LaneResult& result, const Pipeline& pipeline) {
  if (result.end == LaneEnd::kStopped) return ExitCode::kDone;
  Say(absl::StrCat("error: ", LaneEndText(result, pipeline)));
  if (result.end == LaneEnd::kQuarantineRatio) return ExitCode::kFindings;
  return result.end == LaneEnd::kNoStart ? ExitCode::kWrongDocument
                                         : ExitCode::kInputOutput;
}

class Run {
 public:
  explicit Run(const RunArguments& arguments) : arguments_(arguments) {}

  ExitCode Go() {
    if (!CheckInstance(arguments_.instance)) return ExitCode::kWrongDocument;
    if (ExitCode code = Load(); code != ExitCode::kDone) return code;
    // From here on a signal ends nothing in the middle.
    std::signal(SIGINT, RequestStop);
    std::signal(SIGTERM, RequestStop);
    events_.emplace(EventOptions(loaded_->pipeline, arguments_.instance));
    metrics_ = std::make_unique<StageMetrics>(InfoOf(*loaded_));
    metrics_->MemoryLocked(true);  // else the keyring would not have loaded
    if (ExitCode code = CheckStart(); code != ExitCode::kDone) {
      events_->Emit(Event::kStartRefused, {{"check", "cluster"}});
      return code;
    }
    return RunStage();
  }

 private:
  ExitCode Load() {
    loaded_ = LoadPipeline(arguments_.pipeline, &findings_);
    if (!loaded_.has_value()) return Refuse(ExitCode::kWrongDocument);
    if (!RequireSource(*loaded_, &findings_)) {
      return Refuse(ExitCode::kWrongDocument);
    }
    keys_ = OpenKeys(*loaded_, arguments_.keys, &findings_);
    if (keys_.exit_code != ExitCode::kDone) return Refuse(keys_.exit_code);
    files_ = OpenPipelineFiles(*loaded_, keys_.keyring.get(), &findings_);
    if (files_.exit_code != ExitCode::kDone) return Refuse(files_.exit_code);
    credentials_ = ReadCredentials(*loaded_, &findings_);
    return credentials_ == nullptr ? Refuse(ExitCode::kKey) : ExitCode::kDone;
  }

  ExitCode Refuse(ExitCode exit_code) {
    SayFindings(findings_);
    return exit_code;
  }

  ExitCode CheckStart() {
    auto admin =
        Admin::Create(*loaded_->pipeline.source,
                      {loaded_->pipeline.source->group, arguments_.instance, 0},
                      credentials_);
    if (!admin.ok()) {
      findings_.push_back(FileFinding(loaded_->pipeline.source->position,
                                      "source.kafka", admin.status()));
      return Refuse(ExitCode::kWrongDocument);
    }
    topics_ = CheckCluster(
        loaded_->pipeline, *loaded_->plan,
        [&](const std::string& topic, int partitions) {
          events_->Emit(Event::kTopicCreated, {{"topic", events_->Name(topic)},
                                               {"partitions", partitions}});
        },
        admin->get(), &findings_);
    SayFindings(findings_);
    return HasErrors(findings_) ? ExitCode::kInputOutput : ExitCode::kDone;
  }

  StageOptions OptionsOf() {
    StageOptions options;
    options.pipeline = &loaded_->pipeline;
    options.plan = loaded_->plan;
    options.instance = arguments_.instance;
    options.credentials = credentials_;
    options.topics = topics_;
    options.deidentifier.subjects = std::move(files_.subjects);
    options.deidentifier.countries = std::move(files_.countries);
    options.keyring = keyring_watch_->keyring();
    options.make_sealer = SealerMaker(files_);
    options.clock = SystemClock();
    options.metrics = metrics_.get();
    options.events = &*events_;
    options.stop = &stop_requested;
    options.on_tick = [this] { keyring_watch_->Look(); };
    options.abandon = [] {
      std::_Exit(static_cast<int>(ExitCode::kInputOutput));
    };
    return options;
  }

  ExitCode RunStage() {
    keyring_watch_.emplace(KeyringPath(*loaded_, arguments_.keys),
                           std::move(keys_.keyring), loaded_->plan, &*events_,
                           metrics_.get());
    auto stage = Stage::Create(OptionsOf());
    if (!stage.ok()) {
      Say(absl::StrCat("error: ", stage.status().message()));
      return ExitCode::kWrongDocument;
    }
    std::unique_ptr<MetricsServer> server;
    if (!loaded_->pipeline.monitoring_listen.empty()) {
      auto started = MetricsServer::Start(ServerOptions(stage->get()));
      if (!started.ok()) {
        Say(absl::StrCat("error: monitoring.listen: ",
                         started.status().message()));
        return ExitCode::kInputOutput;
      }
      server = *std::move(started);
    }
    events_->Emit(Event::kStageStarted,
                  {{"pipeline", events_->Name(loaded_->pipeline.name)},
                   {"lanes", loaded_->pipeline.source->lanes},
                   {"port", server == nullptr ? 0 : server->port()}});
    const LaneResult result = (*stage)->Run();
    server.reset();
    const ExitCode code = SayResult(result, loaded_->pipeline);
    events_->Emit(Event::kStageStopped,
                  {{"exit_code", static_cast<int>(code)}});
    return code;
  }

  MetricsServerOptions ServerOptions(const Stage* stage) const {
    MetricsServerOptions options;
    options.address = loaded_->pipeline.monitoring_listen;
    options.live = [stage] {
      return stage->live() ? std::vector<Word>{}
                           : std::vector<Word>{"lane_stuck"};
    };
    options.ready = [stage] {
      std::vector<Word> missing;
      if (!stage->joined()) missing.push_back("group_not_joined");
      if (!stage->brokers_up()) missing.push_back("brokers_down");
      return missing;
    };
    options.metrics = [this] { return metrics_->Text(); };
    return options;
  }

  const RunArguments& arguments_;
  Diagnostics findings_;
  std::optional<LoadedPipeline> loaded_;
  OpenedKeys keys_;
  PipelineFiles files_;
  std::shared_ptr<const ClientCredentials> credentials_;
  TopicFacts topics_;
  std::optional<EventLog> events_;
  std::unique_ptr<StageMetrics> metrics_;
  std::optional<KeyringWatch> keyring_watch_;
};

}  // namespace

void AddRunCommand(CLI::App& app, ExitCode* exit_code) {
  auto arguments = std::make_shared<RunArguments>();
  CLI::App* command = app.add_subcommand(
      "run", "Read a Kafka topic and write a topic for each release");
  AddPipelineArgument(*command, &arguments->pipeline);
  command
      ->add_option("--instance", arguments->instance,
                   "Stable name of this process, nobody else's: its "
                   "transactional and group ids are made of it")
      ->required()
      ->type_name("NAME");
  AddKeyringOption(*command, &arguments->keys);
  command->footer(
      "Exactly once: offsets of the input are committed in the transaction of "
      "the\noutput; readers of the releases must use "
      "isolation.level=read_committed.\nSIGTERM commits what is open and "
      "leaves. Events go to stderr, one JSON object a\nline; /livez, /readyz "
      "and /metrics are served at monitoring.listen.\nExit codes: see "
      "nymstream --help.");
  command->callback(
      [arguments, exit_code] { *exit_code = Run(*arguments).Go(); });
}

}  // namespace nymstream
