// nymstream check: does the pipeline keep its policy's promises?
#include <memory>
#include <string>

#include "absl/strings/str_format.h"
#include "cli/command.h"
#include "cli/kafka_access.h"
#include "cli/key_options.h"
#include "cli/output.h"
#include "cli/pipeline_files.h"
#include "cli/report.h"
#include "files/pipeline_loader.h"

namespace nymstream {
namespace {

struct CheckOptions {
  std::string pipeline;
  KeyOptions keys;
};

ExitCode Check(const CheckOptions& options) {
  Diagnostics findings;
  const std::optional<LoadedPipeline> loaded =
      LoadPipeline(options.pipeline, &findings);
  ExitCode exit_code = ExitCode::kDone;
  if (!loaded.has_value()) {
    exit_code = ExitCode::kWrongDocument;
  } else if (!options.keys.without_keys) {
    const OpenedKeys keys = OpenKeys(*loaded, options.keys, &findings);
    exit_code =
        OpenPipelineFiles(*loaded, keys.keyring.get(), &findings).exit_code;
    if (loaded->pipeline.source.has_value() &&
        ReadCredentials(*loaded, &findings) == nullptr) {
      exit_code = ExitCode::kKey;
    }
    if (keys.exit_code != ExitCode::kDone) exit_code = keys.exit_code;
  }
  SayFindings(findings);
  if (exit_code != ExitCode::kDone) return exit_code;
  const Plan& plan = *loaded->plan;
  return WriteOutput(absl::StrFormat(
      "%s: ok; %s, %s, policy %s (%s)%s\n", options.pipeline,
      Counted(plan.fields.size(), "field"),
      Counted(plan.releases.size(), "release"), plan.policy_name,
      plan.policy_document,
      options.keys.without_keys ? "; keys and lists not checked" : ""));
}

}  // namespace

void AddCheckCommand(CLI::App& app, ExitCode* exit_code) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* command = app.add_subcommand(
      "check", "Check that a pipeline keeps its policy's promises");
  AddPipelineArgument(*command, &options->pipeline);
  AddKeyringOption(*command, &options->keys);
  command->add_flag(
      "--without-keys", options->keys.without_keys,
      "Check the documents only, where no keyring and no lists are at hand");
  command->footer(
      "Prints every finding, not only the first. What passes can start; exit "
      "codes\nas in nymstream --help.");
  command->callback([options, exit_code] { *exit_code = Check(*options); });
}

}  // namespace nymstream
