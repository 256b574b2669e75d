#include "cli/key_options.h"

#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/absl_view.h"
#include "cli/report.h"
#include "document/quote.h"
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

// The command that makes the keyring that `plan` needs.
std::string GenerateHint(const Plan& plan, const std::string& path) {
  std::set<std::string> periods;
  for (const ReleasePlan& release : plan.releases) {
    if (!release.epoch.empty()) periods.insert(release.epoch);
  }
  std::string hint = "make it with ";
  const std::filesystem::path folder =
      std::filesystem::path(path).parent_path();
  std::error_code error;
  if (!folder.empty() && !std::filesystem::exists(folder, error)) {
    absl::StrAppend(&hint, "install -d -m 700 ",
                    EscapeForMessage(folder.string()), " && ");
  }
  absl::StrAppend(&hint, "nymstream keys generate ", EscapeForMessage(path));
  for (const std::string& period : periods) {
    absl::StrAppend(&hint, " --period ", period);
  }
  absl::StrAppend(&hint, ToAbsl(kOlderLogsAdvice));
  return hint;
}

}  // namespace

void AddPipelineArgument(CLI::App& command, std::string* pipeline) {
  command.add_option("PIPELINE", *pipeline, "Pipeline document (YAML)")
      ->type_name("FILE")
      ->required();
}

void AddKeyringOption(CLI::App& command, KeyOptions* options) {
  command
      .add_option("--keyring", options->keyring,
                  "Use this keyring instead of the pipeline's")
      ->type_name("FILE");
}

std::string KeyringPath(const LoadedPipeline& loaded,
                        const KeyOptions& options) {
  if (!NeedsKeys(*loaded.plan)) return "";
  return options.keyring.empty()
             ? ResolvePath(loaded.pipeline_source.file, loaded.pipeline.keyring)
             : options.keyring;
}

OpenedKeys OpenKeys(const LoadedPipeline& loaded, const KeyOptions& options,
                    Diagnostics* findings) {
  if (!NeedsKeys(*loaded.plan)) return {};
  const bool named = options.keyring.empty();
  const SourcePosition position =
      named ? loaded.pipeline.keyring_position : SourcePosition{"--keyring"};
  const std::string path = KeyringPath(loaded, options);
  absl::StatusOr<std::shared_ptr<const Keyring>> keyring =
      ReadKeyringFile(path);
  if (!keyring.ok()) {
    findings->push_back(
        FileFinding(position, "keys.keyring", keyring.status()));
    if (absl::IsNotFound(keyring.status())) {
      findings->back().hint = GenerateHint(*loaded.plan, path);
    }
    return {nullptr, ExitCode::kKey};
  }
  const Diagnostics missing =
      CheckKeys(*loaded.plan, **keyring, position, path);
  findings->insert(findings->end(), missing.begin(), missing.end());
  if (HasErrors(missing)) return {nullptr, ExitCode::kKey};
  return {*std::move(keyring), ExitCode::kDone};
}

}  // namespace nymstream
