#include "cli/pipeline_files.h"

#include <cstddef>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "cli/report.h"
#include "files/country_database.h"
#include "files/quarantine_key_file.h"
#include "files/subjects_file.h"

namespace nymstream {
namespace {

// What is in the file is wrong, or it can't be read.
ExitCode FileExitCode(const absl::Status& status) {
  return absl::IsInvalidArgument(status) ? ExitCode::kWrongDocument
                                         : ExitCode::kInputOutput;
}

// Id of the epoch that makes subject tokens; empty if there is none.
std::string SubjectsEpoch(const Keyring* keyring) {
  const int epoch =
      keyring == nullptr ? -1 : keyring->FindEpoch(kSubjectsSeries, 0);
  return epoch < 0 ? "" : keyring->epochs()[static_cast<size_t>(epoch)].id;
}

}  // namespace

PipelineFiles OpenPipelineFiles(const LoadedPipeline& loaded,
                                const Keyring* keyring, Diagnostics* findings) {
  const Pipeline& pipeline = loaded.pipeline;
  const auto path_of = [&](const std::string& path) {
    return ResolvePath(loaded.pipeline_source.file, path);
  };
  PipelineFiles files;
  const std::string subjects_epoch = SubjectsEpoch(keyring);
  for (size_t i = 0; i < pipeline.rights.size(); ++i) {
    const RightsRule& rule = pipeline.rights[i];
    absl::StatusOr<SubjectsFile> list =
        ReadSubjectsFile(path_of(rule.subjects), subjects_epoch);
    if (list.ok()) {
      files.subjects.push_back(std::move(list->tokens));
    } else {
      findings->push_back(FileFinding(rule.position,
                                      absl::StrFormat("rights[%d].subjects", i),
                                      list.status()));
      if (absl::IsNotFound(list.status())) {
        findings->back().hint = "make it; an empty file lists nobody";
      }
      files.exit_code = FileExitCode(list.status());
    }
  }
  if (!pipeline.country_database.empty()) {
    auto database = OpenCountryDatabase(path_of(pipeline.country_database));
    if (database.ok()) {
      files.countries = *std::move(database);
    } else {
      findings->push_back(FileFinding(pipeline.position, "country_database",
                                      database.status()));
      files.exit_code = FileExitCode(database.status());
    }
  }
  if (!pipeline.seal_to.empty()) {
    const auto key = ReadQuarantinePublicKey(path_of(pipeline.seal_to));
    if (key.ok()) {
      files.seal_to = *key;
    } else {
      findings->push_back(FileFinding(pipeline.seal_to_position,
                                      "quarantine.seal_to", key.status()));
      if (absl::IsNotFound(key.status())) {
        findings->back().hint = "make it with nymstream quarantine keygen";
      }
      files.exit_code = ExitCode::kKey;
    }
  }
  return files;
}

std::function<absl::StatusOr<std::shared_ptr<RecordSealer>>()> SealerMaker(
    const PipelineFiles& files) {
  if (!files.seal_to.has_value()) return nullptr;
  return [key = *files.seal_to] { return MakeRecordSealer(key); };
}

}  // namespace nymstream
