// nymstream bench: what a pipeline costs on records of the user's own, in this
// process or on a cluster.
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/absl_view.h"
#include "base/utc_time.h"
#include "cli/as_of.h"
#include "cli/choice.h"
#include "cli/command.h"
#include "cli/kafka_access.h"
#include "cli/key_options.h"
#include "cli/output.h"
#include "cli/pipeline_files.h"
#include "cli/report.h"
#include "document/quote.h"
#include "files/new_file.h"
#include "files/pipeline_loader.h"
#include "kafka/client_credentials.h"
#include "kafka/shared_keyring.h"
#include "kafka/stage.h"
#include "measure/bench_run.h"
#include "measure/kafka_bench.h"
#include "observe/progress.h"
#include "replay/input_list.h"

namespace nymstream {
namespace {

constexpr int kRoundsMax = 99;
constexpr int kSampleMibMax = 4096;
// Generated records are of the last hour before --as-of.
constexpr int64_t kGeneratedAgeSeconds = 3600;

constexpr int kPartitionsMax = 1000;

struct BenchArguments {
  std::string pipeline;
  std::string input;  // empty: generated
  KeyOptions keys;
  std::string as_of;
  int rounds = 5;
  std::optional<int> sample_mib;
  bool kafka = false;
  std::string topics;  // empty: a random name
  int partitions = 4;
  std::string json;  // paths; empty: not written
  std::string html;

  size_t sample_bytes() const {
    // The engine takes its time over 64 MiB; a stage is hardly in its stride.
    return static_cast<size_t>(sample_mib.value_or(kafka ? 512 : 64)) << 20;
  }
};

std::atomic<bool> stop_requested{false};

// However often it comes: the topics are deleted first.
void RequestStop(int) { stop_requested.store(true, std::memory_order_relaxed); }

CLI::Validator KafkaName() {
  return CLI::Validator(
      [](std::string& name) {
        return IsKafkaName(name)
                   ? std::string()
                   : "must be 1 to 200 of A-Z, a-z, 0-9, '.', '_' and '-'";
      },
      "");
}

std::string RandomName() {
  std::random_device random;
  return absl::StrFormat("nymstream-bench-%08x%08x", random(), random());
}

ExitCode SayBenchError(const absl::Status& status) {
  Say(absl::StrCat("error: ", absl::IsCancelled(status)
                                  ? "stopped before the end; no figures"
                                  : status.message()));
  return status.code() == absl::StatusCode::kInvalidArgument
             ? ExitCode::kWrongDocument
             : ExitCode::kInputOutput;
}

// False, and says so, if no new file of that name can be made: found now, not
// after minutes of measuring.
bool CanBeMade(const char* flag, const std::string& path) {
  if (path.empty()) return true;
  const std::string folder =
      (std::filesystem::path(path).parent_path() / ".").string();
  const char* wrong = nullptr;
  if (access(path.c_str(), F_OK) == 0) {
    wrong = " is there already; name a new file";
  } else if (access(folder.c_str(), W_OK) != 0) {
    wrong =
        ": the folder above it is missing or may not be written; name a file "
        "in another one";
  }
  if (wrong == nullptr) return true;
  Say(absl::StrCat("error: ", flag, ": ", EscapeForMessage(path), wrong));
  return false;
}

ExitCode WriteReport(const std::string& path, const std::string& text) {
  if (path.empty()) return ExitCode::kDone;
  const auto write = [&]() -> absl::Status {
    absl::StatusOr<NewFile> file = NewFile::Create(path);
    if (!file.ok()) return file.status();
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    const absl::Status appended = file->Append(std::span(bytes, text.size()));
    return appended.ok() ? file->Finish(NewFile::Existing::kRefuse) : appended;
  };
  const absl::Status status = write();
  if (status.ok()) return ExitCode::kDone;
  Say(absl::StrCat("error: ", status.message()));
  return ExitCode::kInputOutput;
}

std::string_view FormatName(GeneratedFormat format) {
  switch (format) {
    case GeneratedFormat::kNginxJson:
      return "generated nginx JSON";
    case GeneratedFormat::kCaddy:
      return "generated Caddy JSON";
    case GeneratedFormat::kCombined:
      return "generated combined lines";
  }
  return "";
}

// Where the records are from.
std::string_view InputName(const BenchArguments& arguments, const Plan& plan) {
  if (!arguments.input.empty()) {
    return arguments.input == kStdinName ? "stdin" : "a file";
  }
  const std::optional<GeneratedFormat> format = GeneratedFormatOf(plan);
  return format.has_value() ? FormatName(*format) : "";
}

// kInvalidArgument if no records are given and none can be generated.
absl::Status CheckInput(const BenchArguments& arguments, const Plan& plan) {
  if (!arguments.input.empty() || GeneratedFormatOf(plan).has_value()) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "INPUT: missing; no records can be generated for schema ",
      plan.schema_name,
      " (only for nginx-json, caddy and combined lines), so give a log file, "
      "or - for stdin"));
}

// What CheckInput() lets pass.
absl::StatusOr<Sample> MakeSample(const BenchArguments& arguments,
                                  const Plan& plan, int64_t as_of) {
  const size_t bytes = arguments.sample_bytes();
  if (!arguments.input.empty()) return ReadSample(arguments.input, bytes);
  return GenerateSample(*GeneratedFormatOf(plan), as_of - kGeneratedAgeSeconds,
                        bytes);
}

class Bench {
 public:
  explicit Bench(const BenchArguments& arguments) : arguments_(arguments) {}

  ExitCode Go() {
    if (const ExitCode code = Load(); code != ExitCode::kDone) {
      SayFindings(findings_);
      return code;
    }
    SayFindings(findings_);
    const absl::Status input = CheckInput(arguments_, *loaded_->plan);
    if (!input.ok()) return SayBenchError(input);
    machine_ = DescribeMachine();
    return arguments_.kafka ? GoOnKafka() : GoHere();
  }

 private:
  ExitCode Load() {
    loaded_ = LoadPipeline(arguments_.pipeline, &findings_);
    if (!loaded_.has_value() ||
        (arguments_.kafka && !RequireSource(*loaded_, &findings_))) {
      return ExitCode::kWrongDocument;
    }
    std::optional<int64_t> as_of;
    if (!ParseAsOf(arguments_.as_of, &as_of) ||
        !CanBeMade("--json", arguments_.json) ||
        !CanBeMade("--html", arguments_.html)) {
      return ExitCode::kWrongDocument;
    }
    as_of_ = as_of.value_or(now_);
    OpenedKeys keys = OpenKeys(*loaded_, arguments_.keys, &findings_);
    if (keys.exit_code != ExitCode::kDone) return keys.exit_code;
    files_ = OpenPipelineFiles(*loaded_, keys.keyring.get(), &findings_);
    // Memory that is locked here would not be so in a child.
    if (!arguments_.kafka) keyring_ = std::move(keys.keyring);
    if (files_.exit_code != ExitCode::kDone || !arguments_.kafka) {
      return files_.exit_code;
    }
    credentials_ = ReadCredentials(*loaded_, &findings_);
    return credentials_ == nullptr ? ExitCode::kKey : ExitCode::kDone;
  }

  DeidentifierOptions EngineOptions() const {
    DeidentifierOptions options;
    options.keyring = keyring_;
    options.subjects = files_.subjects;
    options.countries = files_.countries;
    options.as_of = as_of_;
    return options;
  }

  // On one thread of this process.
  ExitCode GoHere() {
    BenchOptions options;
    options.plan = loaded_->plan;
    options.rounds = arguments_.rounds;
    options.engine.options = EngineOptions();
    options.engine.make_sealer = SealerMaker(files_);
    const absl::StatusOr<Sample> sample =
        MakeSample(arguments_, *loaded_->plan, as_of_);
    if (!sample.ok()) return SayBenchError(sample.status());
    options.progress = ProgressShower();
    return Finish(RunBench(options, *sample));
  }

  ExitCode GoOnKafka() {
    KafkaBenchOptions options;
    options.pipeline = &loaded_->pipeline;
    options.plan = loaded_->plan;
    options.credentials = credentials_;
    options.topics =
        arguments_.topics.empty() ? RandomName() : arguments_.topics;
    options.partitions = arguments_.partitions;
    options.rounds = arguments_.rounds;
    options.sample = [this] {
      return MakeSample(arguments_, *loaded_->plan, as_of_);
    };
    options.stage = [this] { return MakeStage(); };
    options.stop = &stop_requested;
    for (const int signal_number : {SIGINT, SIGTERM, SIGHUP}) {
      std::signal(signal_number, RequestStop);
    }
    options.progress = ProgressShower();
    KafkaBenchResult result = RunKafkaBench(options);
    const ExitCode code = Finish(std::move(result.report));
    if (result.deleted.ok()) return code;
    Say(absl::StrCat(
        "error: not deleted: ", result.deleted.message(),
        "; some of them hold raw records, for two hours at most: delete them "
        "with kafka-topics --delete"));
    return ExitCode::kInputOutput;
  }

  // In a child: what a stage needs, with keys of its own.
  absl::StatusOr<StageOptions> MakeStage() const {
    Diagnostics findings;
    OpenedKeys keys = OpenKeys(*loaded_, arguments_.keys, &findings);
    if (keys.exit_code != ExitCode::kDone) {
      return absl::FailedPreconditionError(findings.back().what);
    }
    StageOptions options;
    options.deidentifier = EngineOptions();
    options.keyring = std::make_shared<SharedKeyring>(std::move(keys.keyring));
    options.make_sealer = SealerMaker(files_);
    options.clock = SystemClock();
    // As if it were --as-of when the bench began.
    options.clock.unix_seconds = [ahead = as_of_ - now_,
                                  clock = options.clock.unix_seconds] {
      return clock() + ahead;
    };
    return options;
  }

  std::function<void(uint64_t, uint64_t)> ProgressShower() {
    progress_.emplace(STDERR_FILENO, SystemClock());
    return [this](uint64_t done_bytes, uint64_t all_bytes) {
      progress_->Show({done_bytes, all_bytes, 0});
    };
  }

  template <typename Report>
  ExitCode Finish(absl::StatusOr<Report> report) {
    progress_.reset();
    if (!report.ok()) return SayBenchError(report.status());
    report->version = NYMSTREAM_VERSION;
    report->when = UtcTimeText(now_);
    report->machine = machine_;
    report->versions = DescribeVersions();
    report->input = InputName(arguments_, *loaded_->plan);
    for (const ExitCode exit_code :
         {WriteOutput(ReportAsText(*report)),
          WriteReport(arguments_.json, ReportAsJson(*report)),
          WriteReport(arguments_.html, ReportAsHtml(*report))}) {
      if (exit_code != ExitCode::kDone) return exit_code;
    }
    return ExitCode::kDone;
  }

  const BenchArguments& arguments_;
  const int64_t now_ = std::time(nullptr);
  int64_t as_of_ = 0;
  Diagnostics findings_;
  std::optional<LoadedPipeline> loaded_;
  std::shared_ptr<const Keyring> keyring_;
  PipelineFiles files_;
  std::shared_ptr<const ClientCredentials> credentials_;
  Machine machine_;
  std::optional<Progress> progress_;
};

}  // namespace

void AddBenchCommand(CLI::App& app, ExitCode* exit_code) {
  auto arguments = std::make_shared<BenchArguments>();
  CLI::App* command = app.add_subcommand(
      "bench", "Measure what a pipeline costs, on your own records");
  AddPipelineArgument(*command, &arguments->pipeline);
  command
      ->add_option("INPUT", arguments->input,
                   "A file, or - for stdin; plain, .gz or .zst. Without it, "
                   "generated records")
      ->type_name("PATH");
  AddKeyringOption(*command, &arguments->keys);
  AddAsOfOption(*command, &arguments->as_of);
  command
      ->add_option("--rounds", arguments->rounds,
                   "How often each measurement is taken, 1 to 99")
      ->check(WholeNumber(1, kRoundsMax))
      ->type_name("N")
      ->capture_default_str();
  command
      ->add_option("--sample-mib", arguments->sample_mib,
                   "MiB of records to use at most, from the beginning; 1 to "
                   "4096 (64, with --kafka 512)")
      ->check(WholeNumber(1, kSampleMibMax))
      ->type_name("N");
  CLI::Option* kafka = command->add_flag(
      "--kafka", arguments->kafka,
      "Measure the stage on the pipeline's own cluster. RAW RECORDS are "
      "written to two topics made for it, which keep them for two hours at "
      "most and are deleted at the end, also after an error or ^C");
  command
      ->add_option("--topics", arguments->topics,
                   "With --kafka: what the names of all topics, groups and "
                   "transactional ids begin with (nymstream-bench-<random>)")
      ->check(KafkaName())
      ->needs(kafka)
      ->type_name("NAME");
  command
      ->add_option("--partitions", arguments->partitions,
                   "With --kafka: of each of these topics, 1 to 1000")
      ->check(WholeNumber(1, kPartitionsMax))
      ->needs(kafka)
      ->type_name("N")
      ->capture_default_str();
  command
      ->add_option("--json", arguments->json,
                   "New file for the figures as JSON")
      ->type_name("FILE");
  command
      ->add_option("--html", arguments->html,
                   "New file for a page with plots, which needs nothing else")
      ->type_name("FILE");
  command->footer(
      "Prints a table: the parse limit, the engine, each release alone, and "
      "what the\nleak guard, each treatment and each field cost. Nothing of a "
      "record is shown,\nand none is written but with --kafka. With it the "
      "table has throughput, CPU time\nand memory of the stage, and of a bare "
      "passthrough of the same records. Topics of\nthe pipeline are neither "
      "read nor written. Exit codes: see nymstream --help.");
  command->callback(
      [arguments, exit_code] { *exit_code = Bench(*arguments).Go(); });
}

}  // namespace nymstream
