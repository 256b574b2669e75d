#include "cli/key_options.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/absl_view.h"
#include "files/keyring_file.h"
#include "policy/key_check.h"

namespace nymstream {
namespace {

bool NeedsKeys(const Plan& plan) {
  for (const ReleasePlan& release : plan.releases) {
    if (!release.epoch.empty()) return true;
  }
  return !plan.rights.empty();
}

}  // namespace

void AddPipelineArgument(CLI::App& command, std::string* pipeline) {
  command.add_option("PIPELINE", *pipeline, "Path of the pipeline document")
      ->required();
}

void AddKeyringOption(CLI::App& command, KeyOptions* options) {
  command
      .add_option("--keyring", options->keyring,
                  "Use this keyring instead of the pipeline's")
      ->type_name("FILE");
}

OpenedKeys OpenKeys(const LoadedPipeline& loaded, const KeyOptions& options,
                    Diagnostics* findings) {
  if (!NeedsKeys(*loaded.plan)) return {};
  const bool named = options.keyring.empty();
  const SourcePosition position =
      named ? loaded.pipeline.keyring_position : SourcePosition{"--keyring"};
  const std::string path =
      named ? ResolvePath(loaded.pipeline_source.file, loaded.pipeline.keyring)
            : options.keyring;
  absl::StatusOr<std::shared_ptr<const Keyring>> keyring =
      ReadKeyringFile(path);
  if (!keyring.ok()) {
    findings->push_back({Severity::kError, position, "keys.keyring",
                         std::string(ToStd(keyring.status().message())), ""});
    return {nullptr, ExitCode::kKey};
  }
  const Diagnostics missing = CheckKeys(*loaded.plan, **keyring, position);
  findings->insert(findings->end(), missing.begin(), missing.end());
  if (HasErrors(missing)) return {nullptr, ExitCode::kKey};
  return {*std::move(keyring), ExitCode::kDone};
}

}  // namespace nymstream
