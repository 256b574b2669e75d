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
#include "absl/strings/str_format.h"
#include "base/absl_view.h"
#include "cli/as_of.h"
#include "cli/choice.h"
#include "cli/command.h"
#include "cli/key_options.h"
#include "cli/pipeline_files.h"
#include "cli/report.h"
#include "files/pipeline_loader.h"
#include "observe/progress.h"
#include "policy/vocabulary.h"
#include "replay/fields_not_seen.h"
#include "replay/printable_name.h"
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

// Why records did not leave this release, if any did not.
void SaySuppressed(const Plan& plan, size_t index,
                   const ReleaseCounters& release) {
  const std::string& name = plan.releases[index].name;
  std::string reasons;
  for (size_t i = 0; i < release.suppressed_by.size(); ++i) {
    if (release.suppressed_by[i] == 0) continue;
    const auto reason = static_cast<SuppressionReason>(i);
    absl::StrAppend(&reasons, reasons.empty() ? "" : ", ",
                    ToAbsl(SuppressionReasonText(reason).name), " ",
                    release.suppressed_by[i]);
  }
  if (!reasons.empty()) Say(absl::StrCat(name, ": suppressed: ", reasons));
  for (size_t i = 0; i < release.suppressed_by_list.size(); ++i) {
    if (release.suppressed_by_list[i] == 0) continue;
    Say(absl::StrFormat("%s: suppressed by %s (%s): %d", name,
                        PrintableName(plan.rights[i].subjects),
                        RightName(plan.rights[i].right),
                        release.suppressed_by_list[i]));
  }
}

// The field of the event time, for a reason that is about it; else empty.
std::string EventTimeField(const Plan& plan, QuarantineReason reason) {
  if (reason != QuarantineReason::kEventTimeMissing &&
      reason != QuarantineReason::kEventTimeInvalid) {
    return "";
  }
  const auto field = static_cast<size_t>(plan.event_time_field);
  return absl::StrCat(" (", plan.fields[field].path_text, ")");
}

void SayQuarantined(const Plan& plan, const Counters& counters) {
  for (size_t i = 0; i < counters.quarantined_by.size(); ++i) {
    if (counters.quarantined_by[i] == 0) continue;
    const auto reason = static_cast<QuarantineReason>(i);
    const ReasonText& text = QuarantineReasonText(reason);
    Say(absl::StrFormat("quarantined: %s %d; %s%s", text.name,
                        counters.quarantined_by[i], text.remedy,
                        EventTimeField(plan, reason)));
  }
}

// A path that is mistyped matches nothing, and what it should have matched is
// dropped as what nobody classified. Such names are not told.
void SayNotSeen(const LoadedPipeline& loaded, const Counters& counters) {
  constexpr size_t kNamedMax = 8;
  const std::vector<size_t> fields = FieldsNotSeen(*loaded.plan, counters);
  const uint64_t unclassified = UnclassifiedMembers(counters);
  if (fields.empty() || unclassified == 0) return;
  std::string names;
  for (size_t i = 0; i < fields.size() && i < kNamedMax; ++i) {
    const PlanField& field = loaded.plan->fields[fields[i]];
    absl::StrAppendFormat(&names, "%s%s (line %d)", i == 0 ? "" : ", ",
                          field.path_text, field.position.line);
  }
  if (fields.size() > kNamedMax) {
    absl::StrAppendFormat(&names, " and %d more", fields.size() - kNamedMax);
  }
  Say(absl::StrFormat(
      "%s: in no released record: %s; %s that it does not name %s dropped; "
      "does the log name a field otherwise?",
      loaded.schema_source.file, names, Counted(unclassified, "member"),
      unclassified == 1 ? "was" : "were"));
}

void SayNoneReleased(const Plan& plan, const Counters& counters) {
  const auto count = [&](QuarantineReason reason) {
    return counters.quarantined_by[static_cast<size_t>(reason)];
  };
  std::string text = absl::StrFormat(
      "no record was released: all %d were quarantined", counters.received);
  if (count(QuarantineReason::kNotJson) + count(QuarantineReason::kNotObject) +
          count(QuarantineReason::kNotCombined) ==
      counters.received) {
    absl::StrAppendFormat(&text,
                          "; does the schema's format (%s) fit this input?",
                          LogFormatName(plan.format));
  }
  Say(text);
}

ExitCode SaySummary(const ReplayArguments& arguments,
                    const LoadedPipeline& loaded,
                    const ReplaySummary& summary) {
  const Plan& plan = *loaded.plan;
  for (size_t i = 0; i < plan.releases.size(); ++i) {
    const ReleaseCounters& release = summary.counters.releases[i];
    Say(absl::StrFormat(
        "%s: received %d = released %d + suppressed %d + quarantined %d",
        plan.releases[i].name, release.received, release.released,
        release.suppressed, release.quarantined));
    SaySuppressed(plan, i, release);
  }
  SayQuarantined(plan, summary.counters);
  SayNotSeen(loaded, summary.counters);
  if (summary.counters.received == 0) {
    Say("nothing was read: no input holds a record");
    return ExitCode::kDone;
  }
  if (!summary.quarantine_ratio_exceeded) {
    if (summary.quarantine_ratio < 1) return ExitCode::kDone;
    SayNoneReleased(plan, summary.counters);
    return ExitCode::kFindings;
  }
  Say(absl::StrFormat(
      "%.4f of all records were quarantined, more than "
      "limits.quarantine_ratio_max (%g); see %s/quarantine.ndjson",
      summary.quarantine_ratio, plan.limits.quarantine_ratio_max,
      arguments.out_dir));
  return ExitCode::kFindings;
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
  return SaySummary(arguments, *loaded, *summary);
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
