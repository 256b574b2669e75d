// nymstream bench: what a pipeline costs on records of the user's own.
#include <unistd.h>

#include <cstdint>
#include <ctime>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "base/absl_view.h"
#include "base/utc_time.h"
#include "cli/as_of.h"
#include "cli/choice.h"
#include "cli/command.h"
#include "cli/key_options.h"
#include "cli/output.h"
#include "cli/pipeline_files.h"
#include "cli/report.h"
#include "document/quote.h"
#include "files/new_file.h"
#include "files/pipeline_loader.h"
#include "measure/bench_run.h"
#include "observe/progress.h"
#include "replay/input_list.h"

namespace nymstream {
namespace {

constexpr int kRoundsMax = 99;
constexpr int kSampleMibMax = 4096;
// Generated records are of the last hour before --as-of.
constexpr int64_t kGeneratedAgeSeconds = 3600;

struct BenchArguments {
  std::string pipeline;
  std::string input;  // empty: generated
  KeyOptions keys;
  std::string as_of;
  int rounds = 5;
  int sample_mib = 64;
  std::string json;  // paths; empty: not written
  std::string html;
};

ExitCode SayBenchError(const absl::Status& status) {
  Say(absl::StrCat("error: ", status.message()));
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

// The records, and in `*what` where they are from.
absl::StatusOr<Sample> MakeSample(const BenchArguments& arguments,
                                  const Plan& plan, int64_t as_of,
                                  std::string* what) {
  const auto bytes = static_cast<size_t>(arguments.sample_mib) << 20;
  if (!arguments.input.empty()) {
    *what = arguments.input == kStdinName ? "stdin" : "a file";
    return ReadSample(arguments.input, bytes);
  }
  const std::optional<GeneratedFormat> format = GeneratedFormatOf(plan);
  if (!format.has_value()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "INPUT: missing; no records can be generated for schema ",
        plan.schema_name,
        " (only for nginx-json, caddy and combined lines), so give a log "
        "file, or - for stdin"));
  }
  *what = FormatName(*format);
  return GenerateSample(*format, as_of - kGeneratedAgeSeconds, bytes);
}

ExitCode RunBenchCommand(const BenchArguments& arguments) {
  Diagnostics findings;
  const auto refuse = [&](ExitCode exit_code) {
    SayFindings(findings);
    return exit_code;
  };
  const std::optional<LoadedPipeline> loaded =
      LoadPipeline(arguments.pipeline, &findings);
  if (!loaded.has_value()) return refuse(ExitCode::kWrongDocument);
  std::optional<int64_t> as_of;
  if (!ParseAsOf(arguments.as_of, &as_of) ||
      !CanBeMade("--json", arguments.json) ||
      !CanBeMade("--html", arguments.html)) {
    return ExitCode::kWrongDocument;
  }
  OpenedKeys keys = OpenKeys(*loaded, arguments.keys, &findings);
  if (keys.exit_code != ExitCode::kDone) return refuse(keys.exit_code);
  PipelineFiles files = OpenPipelineFiles(*loaded, &findings);
  if (files.exit_code != ExitCode::kDone) return refuse(files.exit_code);
  SayFindings(findings);

  const int64_t now = std::time(nullptr);
  BenchOptions options;
  options.plan = loaded->plan;
  options.rounds = arguments.rounds;
  options.engine.options.keyring = std::move(keys.keyring);
  options.engine.options.subjects = std::move(files.subjects);
  options.engine.options.countries = std::move(files.countries);
  options.engine.options.as_of = as_of.value_or(now);
  options.engine.make_sealer = SealerMaker(files);
  std::string what;
  const absl::StatusOr<Sample> sample =
      MakeSample(arguments, *loaded->plan, options.engine.options.as_of, &what);
  if (!sample.ok()) return SayBenchError(sample.status());
  const Machine machine = DescribeMachine();
  absl::StatusOr<BenchReport> report;
  {
    Progress progress(STDERR_FILENO, SystemClock());
    options.progress = [&](uint64_t done, uint64_t all) {
      const uint64_t bytes = sample->warm_up.size() + sample->timed.size();
      progress.Show({done * bytes, all * bytes, 0});
    };
    report = RunBench(options, *sample);
  }
  if (!report.ok()) return SayBenchError(report.status());
  report->version = NYMSTREAM_VERSION;
  report->when = UtcTimeText(now);
  report->machine = machine;
  report->versions = DescribeVersions();
  report->input = what;
  for (const ExitCode exit_code :
       {WriteOutput(ReportAsText(*report)),
        WriteReport(arguments.json, ReportAsJson(*report)),
        WriteReport(arguments.html, ReportAsHtml(*report))}) {
    if (exit_code != ExitCode::kDone) return exit_code;
  }
  return ExitCode::kDone;
}

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
                   "4096")
      ->check(WholeNumber(1, kSampleMibMax))
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
      "record is shown\nor written. Exit codes: see nymstream --help.");
  command->callback(
      [arguments, exit_code] { *exit_code = RunBenchCommand(*arguments); });
}

}  // namespace nymstream
