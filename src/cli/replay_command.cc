// nymstream replay: log files in, releases out.
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "cli/as_of.h"
#include "cli/choice.h"
#include "cli/command.h"
#include "cli/key_options.h"
#include "cli/pipeline_files.h"
#include "cli/replay_summary.h"
#include "cli/report.h"
#include "files/pipeline_loader.h"
#include "observe/progress.h"
#include "replay/replayer.h"

namespace nymstream {
namespace {

struct ReplayArguments {
  std::string pipeline;
  KeyOptions keys;
  std::vector<std::string> inputs;
  std::string out_dir;
  int jobs = 1;
  bool resume = false;
  std::string as_of;
};

std::atomic<bool> stop_requested{false};
static_assert(std::atomic<bool>::is_always_lock_free);

// The first signal stops at a checkpoint; the second ends at once.
void RequestStop(int signal_number) {
  stop_requested.store(true, std::memory_order_relaxed);
  std::signal(signal_number, SIG_DFL);
}

ExitCode Refuse(Diagnostics* findings, ExitCode exit_code) {
  SayFindings(*findings);
  return exit_code;
}

void AddDocuments(const LoadedPipeline& loaded, ReplayOptions* options) {
  const auto add = [&](const char* kind, const DocumentSource& source) {
    options->documents.push_back({kind, source.name, source.sha256});
  };
  add("pipeline", loaded.pipeline_source);
  add("policy", loaded.policy_source);
  add("schema", loaded.schema_source);
}

ExitCode SayReplayError(const absl::Status& status) {
  Say(absl::StrCat("error: ", status.message()));
  return status.code() == absl::StatusCode::kInvalidArgument
             ? ExitCode::kWrongDocument
             : ExitCode::kInputOutput;
}

ExitCode RunReplay(const ReplayArguments& arguments) {
  Diagnostics findings;
  const std::optional<LoadedPipeline> loaded =
      LoadPipeline(arguments.pipeline, &findings);
  if (!loaded.has_value()) return Refuse(&findings, ExitCode::kWrongDocument);
  ReplayOptions options;
  if (!ParseAsOf(arguments.as_of, &options.as_of)) {
    return ExitCode::kWrongDocument;
  }
  AddDocuments(*loaded, &options);
  OpenedKeys keys = OpenKeys(*loaded, arguments.keys, &findings);
  if (keys.exit_code != ExitCode::kDone) {
    return Refuse(&findings, keys.exit_code);
  }
  PipelineFiles files =
      OpenPipelineFiles(*loaded, keys.keyring.get(), &findings);
  if (files.exit_code != ExitCode::kDone) {
    return Refuse(&findings, files.exit_code);
  }
  SayFindings(findings);

  options.inputs = arguments.inputs;
  options.out_dir = arguments.out_dir;
  options.jobs = arguments.jobs;
  options.resume = arguments.resume;
  options.plan = loaded->plan;
  options.deidentifier.keyring = std::move(keys.keyring);
  options.deidentifier.subjects = std::move(files.subjects);
  options.deidentifier.countries = std::move(files.countries);
  options.make_sealer = SealerMaker(files);
  options.version = NYMSTREAM_VERSION;
  Progress progress(STDERR_FILENO, options.clock);
  options.progress = &progress;
  options.stop = &stop_requested;
  std::signal(SIGINT, RequestStop);
  std::signal(SIGTERM, RequestStop);
  const absl::StatusOr<ReplaySummary> summary = Replay(options);
  if (!summary.ok()) return SayReplayError(summary.status());
  return SaySummary(*loaded,
                    {arguments.out_dir, KeyringPath(*loaded, arguments.keys),
                     options.deidentifier.keyring},
                    *summary);
}

}  // namespace

void AddReplayCommand(CLI::App& app, ExitCode* exit_code) {
  auto arguments = std::make_shared<ReplayArguments>();
  CLI::App* command = app.add_subcommand(
      "replay", "Read log files and write a file for each release");
  AddPipelineArgument(*command, &arguments->pipeline);
  command
      ->add_option("INPUT", arguments->inputs,
                   "Files, folders, or - for stdin; plain, .gz or .zst")
      ->type_name("PATH")
      ->required();
  command
      ->add_option("--out", arguments->out_dir,
                   "New folder for releases, receipts and manifest")
      ->required()
      ->type_name("DIR");
  AddKeyringOption(*command, &arguments->keys);
  command
      ->add_option("--jobs", arguments->jobs,
                   "Threads, 1 to 64; the output is the same for any number")
      ->check(WholeNumber(1, kJobsMax))
      ->type_name("N")
      ->capture_default_str();
  command->add_flag("--resume", arguments->resume,
                    "Go on where a killed replay stopped");
  AddAsOfOption(*command, &arguments->as_of);
  command->footer(
      "DIR gets a file for each release, quarantine.ndjson with a receipt for\n"
      "each record that could not be processed, and manifest.json, which is\n"
      "written last. Exit codes: see nymstream --help.");
  command->callback(
      [arguments, exit_code] { *exit_code = RunReplay(*arguments); });
}

}  // namespace nymstream
