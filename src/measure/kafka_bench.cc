#include "measure/kafka_bench.h"

#include <fcntl.h>

#include <algorithm>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status_macros.h"
#include "files/descriptor.h"
#include "kafka/lane_end_text.h"
#include "kafka/library_version.h"
#include "kafka/record_feeder.h"
#include "kafka/stage_info.h"
#include "measure/apart.h"
#include "measure/bench_topics.h"
#include "measure/outcome.h"
#include "measure/passthrough.h"
#include "measure/run_watch.h"
#include "nlohmann/json.hpp"
#include "observe/lane_totals.h"

namespace nymstream {
namespace {

using Json = nlohmann::json;

// One transaction of the feeder: the broker allows it 15 s.
constexpr uint64_t kFeedBytes = 32 << 20;

// librdkafka's own bounds of message.max.bytes.
constexpr uint64_t kMessageBytesMax = 1000000000;

std::string ToText(const MovedRun& run) {
  Json commits = Json::array();
  for (const MovedRun::Commit& commit : run.commits) {
    commits.push_back({commit.seconds, commit.records});
  }
  return Json{{"seconds", run.seconds},
              {"cpu_seconds", run.cpu_seconds},
              {"peak_bytes", run.peak_bytes},
              {"commits", std::move(commits)}}
      .dump();
}

MovedRun RunFromText(const std::string& text) {
  const Json json = Json::parse(text);
  MovedRun run;
  run.seconds = json["seconds"];
  run.cpu_seconds = json["cpu_seconds"];
  run.peak_bytes = json["peak_bytes"];
  for (const Json& commit : json["commits"]) {
    run.commits.push_back({commit[0], commit[1]});
  }
  return run;
}

std::string ToText(const std::vector<BenchRelease>& releases) {
  Json json = Json::array();
  for (const BenchRelease& release : releases) {
    json.push_back({release.released, release.suppressed, release.quarantined,
                    release.bytes});
  }
  return json.dump();
}

// Writes lines as records, in transactions of a size that a slow cluster takes
// in time.
class InputWriter {
 public:
  InputWriter(KafkaSource source, const KafkaBenchOptions& options)
      : source_(std::move(source)), options_(options) {
    source_.librdkafka.emplace_back("compression.codec", "lz4");
  }

  // Each line ends with a line end.
  absl::Status Write(std::string_view lines) {
    while (!lines.empty()) {
      const size_t end = lines.find('\n');
      if (end > 0) NYM_RETURN_IF_ERROR(Add(lines.substr(0, end)));
      lines.remove_prefix(end + 1);
    }
    return absl::OkStatus();
  }

  absl::Status Commit() {
    if (feeder_ != nullptr) NYM_RETURN_IF_ERROR(feeder_->Finish());
    feeder_.reset();
    open_bytes_ = 0;
    return absl::OkStatus();
  }

  uint64_t records() const { return records_; }
  uint64_t bytes() const { return bytes_; }

 private:
  absl::Status Add(std::string_view record) {
    if (record.size() > options_.pipeline->limits.record_bytes_max) {
      return absl::InvalidArgumentError(
          "INPUT: a record is larger than limits.record_bytes_max");
    }
    if (*options_.stop) return absl::CancelledError("stopped");
    if (feeder_ == nullptr) {
      NYM_ASSIGN_OR_RETURN(feeder_,
                           RecordFeeder::Create(source_, options_.credentials));
    }
    NYM_RETURN_IF_ERROR(feeder_->Add(record));
    ++records_;
    bytes_ += record.size();
    open_bytes_ += record.size();
    return open_bytes_ < kFeedBytes ? absl::OkStatus() : Commit();
  }

  KafkaSource source_;
  const KafkaBenchOptions& options_;
  std::unique_ptr<RecordFeeder> feeder_;
  uint64_t records_ = 0;
  uint64_t bytes_ = 0;
  uint64_t open_bytes_ = 0;  // of the transaction
};

// Everything that one bench is about. Functions named In... run in a child.
class KafkaBench {
 public:
  KafkaBench(const KafkaBenchOptions& options, BenchTopics topics)
      : options_(options), topics_(std::move(topics)) {}

  absl::StatusOr<KafkaBenchReport> Run();
  // Of what Run() made.
  absl::Status DeleteTopics();

 private:
  absl::Status InMakeTopics(Teller* teller) const;
  absl::Status InFeed(Teller* teller) const;
  absl::Status InPassthrough(const std::string& group, Teller* teller) const;
  absl::Status InStage(const std::string& group, Teller* teller) const;
  absl::Status RunStage(StageOptions options, const Pipeline& pipeline,
                        Teller* teller) const;

  KafkaSource Source(const std::string& group) const {
    return *PipelineOver(topics_, group, *options_.pipeline).source;
  }
  WatchOptions Watch(std::function<Seen()> look,
                     const std::atomic<bool>* ended) const {
    return {report_.records, std::move(look), options_.stop, ended};
  }

  absl::Status RunRounds();
  void TakeReleases(const std::string& text);
  KafkaMover MoverOf(const std::string& name,
                     const std::vector<MovedRun>& runs) const;
  void FillReport();

  const KafkaBenchOptions& options_;
  const BenchTopics topics_;
  std::vector<std::string> made_;
  KafkaBenchReport report_;
  std::vector<MovedRun> passthroughs_;
  std::vector<MovedRun> stages_;
};

absl::Status KafkaBench::InMakeTopics(Teller* teller) const {
  NYM_ASSIGN_OR_RETURN(
      const std::unique_ptr<Admin> admin,
      ConnectAdmin(*options_.pipeline->source, options_.credentials));
  return MakeBenchTopics(topics_, options_.partitions,
                         options_.pipeline->limits, admin.get(), teller);
}

absl::Status KafkaBench::InFeed(Teller* teller) const {
  NYM_ASSIGN_OR_RETURN(const Sample sample, options_.sample());
  InputWriter writer(Source(topics_.name), options_);
  NYM_RETURN_IF_ERROR(writer.Write(sample.warm_up));
  if (!sample.seen_before) NYM_RETURN_IF_ERROR(writer.Write(sample.timed));
  NYM_RETURN_IF_ERROR(writer.Commit());
  teller->Tell(absl::StrCat(writer.records()));
  teller->Tell(absl::StrCat(writer.bytes()));
  return absl::OkStatus();
}

absl::Status KafkaBench::InPassthrough(const std::string& group,
                                       Teller* teller) const {
  PassthroughOptions options;
  options.source = Source(group);
  options.credentials = options_.credentials;
  options.output = topics_.passthrough;
  options.compression = options_.pipeline->releases.front().output->compression;
  options.partitions = options_.partitions;
  options.message_bytes_max =
      std::min(MessageBytesFor(options_.pipeline->limits), kMessageBytesMax);
  std::vector<std::unique_ptr<Passthrough>> lanes;
  for (int i = 0; i < options.source.lanes; ++i) {
    NYM_ASSIGN_OR_RETURN(lanes.emplace_back(), Passthrough::Create(options, i));
  }
  std::atomic<bool> stop{false};
  std::atomic<bool> ended{false};
  std::vector<absl::Status> statuses(lanes.size());
  std::vector<std::thread> threads;
  for (size_t i = 0; i < lanes.size(); ++i) {
    threads.emplace_back([&, i] {
      statuses[i] = lanes[i]->Run(stop);
      if (!statuses[i].ok()) ended = true;
    });
  }
  const absl::StatusOr<MovedRun> run = WatchRun(Watch(
      [&] {
        Seen seen;
        for (const auto& lane : lanes) {
          seen.begun |= lane->taken() > 0;
          seen.committed += lane->committed();
        }
        return seen;
      },
      &ended));
  // A lane may wait for a broker that is away: nothing waits for the lane.
  if (!run.ok() && !ended) teller->End(run.status());
  stop = true;
  for (std::thread& thread : threads) thread.join();
  for (const absl::Status& status : statuses) {
    if (!status.ok()) {
      return absl::UnavailableError(absl::StrCat(
          "the passthrough could not go on (", status.message(),
          "); see whether the brokers are well and ACLs allow what "
          "docs/bench.md names"));
    }
  }
  teller->Tell(ToText(*run));
  return absl::OkStatus();
}

absl::Status KafkaBench::InStage(const std::string& group,
                                 Teller* teller) const {
  const Pipeline pipeline = PipelineOver(topics_, group, *options_.pipeline);
  NYM_ASSIGN_OR_RETURN(StageOptions options, options_.stage());
  NYM_ASSIGN_OR_RETURN(std::unique_ptr<Admin> admin,
                       ConnectAdmin(*pipeline.source, options_.credentials));
  Diagnostics findings;
  options.topics = CheckCluster(
      pipeline, *options_.plan, [](const std::string&, int) {}, admin.get(),
      &findings);
  admin.reset();
  for (const Diagnostic& finding : findings) {
    if (finding.severity != Severity::kError) continue;
    return absl::FailedPreconditionError(
        absl::StrCat(finding.what, "; ", finding.hint));
  }
  return RunStage(std::move(options), pipeline, teller);
}

absl::Status KafkaBench::RunStage(StageOptions options,
                                  const Pipeline& pipeline,
                                  Teller* teller) const {
  NYM_ASSIGN_OR_RETURN(const Descriptor nowhere,
                       OpenFile("/dev/null", O_WRONLY));
  EventLogOptions events_options;
  events_options.fd = nowhere.number();
  EventLog events(events_options);
  StageMetrics metrics(StageInfoOf(pipeline));
  std::atomic<bool> stop{false};
  std::atomic<bool> ended{false};
  options.pipeline = &pipeline;
  options.plan = options_.plan;
  options.instance = "bench";
  options.credentials = options_.credentials;
  options.metrics = &metrics;
  options.events = &events;
  options.stop = &stop;
  options.on_tick = [] {};
  options.abandon = [teller] {
    teller->End(absl::UnavailableError(
        "the stage hangs; see whether the brokers are well"));
  };
  NYM_ASSIGN_OR_RETURN(const std::unique_ptr<Stage> stage,
                       Stage::Create(std::move(options)));
  absl::StatusOr<MovedRun> run = absl::UnknownError("not run");
  std::thread watch([&] {
    run = WatchRun(Watch(
        [&] {
          const LaneTotals totals = metrics.Totals();
          const std::span<const uint64_t> batches =
              totals.transform_seconds.counts();
          return Seen{std::any_of(batches.begin(), batches.end(),
                                  [](uint64_t count) { return count > 0; }),
                      totals.counters.received + totals.counters.empty_lines};
        },
        &ended));
    stop = true;
  });
  const LaneResult result = stage->Run();
  ended = true;
  watch.join();
  if (absl::IsAborted(run.status())) {
    return absl::FailedPreconditionError(
        LaneEndText(result, *options_.pipeline));
  }
  NYM_RETURN_IF_ERROR(run.status());
  NYM_ASSIGN_OR_RETURN(const std::vector<BenchRelease> releases,
                       OutcomeOf(*options_.plan, metrics.Totals().counters));
  teller->Tell(ToText(*run));
  teller->Tell(ToText(releases));
  return absl::OkStatus();
}

absl::StatusOr<KafkaBenchReport> KafkaBench::Run() {
  ApartResult made = RunApart(
      [this](Teller* teller) { return InMakeTopics(teller); }, options_.stop);
  made_ = std::move(made.told);
  NYM_RETURN_IF_ERROR(made.status);
  const ApartResult fed = RunApart(
      [this](Teller* teller) { return InFeed(teller); }, options_.stop);
  if (absl::IsUnavailable(fed.status)) {
    return absl::UnavailableError(
        absl::StrCat("the records could not be written to ", topics_.input,
                     " (", fed.status.message(),
                     "); see whether the brokers are well and ACLs allow what "
                     "docs/bench.md names"));
  }
  NYM_RETURN_IF_ERROR(fed.status);
  report_.records = std::stoull(fed.told[0]);
  report_.bytes = std::stoull(fed.told[1]);
  NYM_RETURN_IF_ERROR(RunRounds());
  FillReport();
  return std::move(report_);
}

absl::Status KafkaBench::RunRounds() {
  const uint64_t all = 2 * static_cast<uint64_t>(options_.rounds);
  for (uint64_t i = 0; i < all; ++i) {
    const uint64_t round = i / 2;
    const bool is_stage = (i + round) % 2 == 1;
    const std::string group = absl::StrCat(
        topics_.name, is_stage ? "-stage-" : "-passthrough-", round);
    const ApartResult run = RunApart(
        [&](Teller* teller) {
          return is_stage ? InStage(group, teller)
                          : InPassthrough(group, teller);
        },
        options_.stop);
    NYM_RETURN_IF_ERROR(run.status);
    (is_stage ? stages_ : passthroughs_).push_back(RunFromText(run.told[0]));
    if (is_stage) TakeReleases(run.told[1]);
    if (options_.progress) {
      options_.progress((i + 1) * report_.bytes, all * report_.bytes);
    }
  }
  return absl::OkStatus();
}

void KafkaBench::TakeReleases(const std::string& text) {
  const Json json = Json::parse(text);
  report_.releases.clear();
  for (size_t i = 0; i < json.size(); ++i) {
    report_.releases.push_back({options_.plan->releases[i].name, json[i][0],
                                json[i][1], json[i][2], json[i][3]});
  }
}

KafkaMover KafkaBench::MoverOf(const std::string& name,
                               const std::vector<MovedRun>& runs) const {
  const auto spread =
      [&](const std::function<double(const MovedRun&)>& figure) {
        std::vector<double> values;
        values.reserve(runs.size());
        for (const MovedRun& run : runs) values.push_back(figure(run));
        return SpreadOf(std::move(values));
      };
  const auto megabytes = static_cast<double>(report_.bytes) / 1e6;
  const auto records = static_cast<double>(report_.records);
  KafkaMover mover;
  mover.name = name;
  mover.seconds = spread([](const MovedRun& run) { return run.seconds; });
  mover.megabytes_per_second =
      spread([&](const MovedRun& run) { return megabytes / run.seconds; });
  mover.records_per_second =
      spread([&](const MovedRun& run) { return records / run.seconds; });
  mover.cpu_seconds_per_gigabyte = spread(
      [&](const MovedRun& run) { return run.cpu_seconds / megabytes * 1000; });
  mover.peak_mebibytes = spread([](const MovedRun& run) {
    return static_cast<double>(run.peak_bytes) / (1 << 20);
  });
  const double megabytes_per_record = megabytes / records;
  for (const SpeedAt& at : SpeedOverTime(runs)) {
    const Spread& speed = at.records_per_second;
    mover.over_time.push_back(
        {at.seconds,
         {speed.min * megabytes_per_record, speed.median * megabytes_per_record,
          speed.max * megabytes_per_record}});
  }
  return mover;
}

void KafkaBench::FillReport() {
  report_.pipeline = options_.plan->pipeline_name;
  report_.policy = options_.plan->policy_name;
  report_.schema = options_.plan->schema_name;
  report_.leak_guard = options_.plan->leak_guard;
  report_.rounds = options_.rounds;
  report_.librdkafka = LibraryVersion();
  report_.partitions = options_.partitions;
  report_.lanes = options_.pipeline->source->lanes;
  report_.passthrough = MoverOf("passthrough", passthroughs_);
  report_.stage = MoverOf("stage", stages_);
  std::vector<double> speeds;
  std::vector<double> costs;
  for (size_t i = 0; i < stages_.size(); ++i) {
    speeds.push_back(passthroughs_[i].seconds / stages_[i].seconds);
    costs.push_back(stages_[i].cpu_seconds / passthroughs_[i].cpu_seconds);
  }
  report_.of_passthrough_speed = SpreadOf(std::move(speeds));
  report_.of_passthrough_cpu = SpreadOf(std::move(costs));
}

absl::Status KafkaBench::DeleteTopics() {
  if (made_.empty()) return absl::OkStatus();
  return RunApart(
             [this](Teller*) {
               const absl::StatusOr<std::unique_ptr<Admin>> admin =
                   ConnectAdmin(*options_.pipeline->source,
                                options_.credentials);
               return admin.ok()
                          ? DeleteBenchTopics(made_, admin->get())
                          : absl::Status(
                                admin.status().code(),
                                absl::StrCat(absl::StrJoin(made_, ", "), " (",
                                             admin.status().message(), ")"));
             },
             nullptr)
      .status;
}

}  // namespace

KafkaBenchResult RunKafkaBench(const KafkaBenchOptions& options) {
  absl::StatusOr<BenchTopics> topics =
      NameBenchTopics(*options.pipeline, options.topics);
  if (!topics.ok()) return {topics.status(), absl::OkStatus()};
  KafkaBench bench(options, *std::move(topics));
  absl::StatusOr<KafkaBenchReport> report = bench.Run();
  return {std::move(report), bench.DeleteTopics()};
}

}  // namespace nymstream
