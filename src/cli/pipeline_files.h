// The files that a pipeline names besides its documents and its keyring.
#ifndef NYMSTREAM_CLI_PIPELINE_FILES_H_
#define NYMSTREAM_CLI_PIPELINE_FILES_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/command.h"
#include "files/pipeline_loader.h"
#include "nymstream/diagnostic.h"
#include "nymstream/keyring.h"
#include "quarantine/quarantine_key.h"
#include "quarantine/record_sealer.h"
#include "treatment/country_lookup.h"

namespace nymstream {

struct PipelineFiles {
  std::vector<std::vector<std::string>> subjects;  // in the order of the rights
  std::shared_ptr<const CountryLookup> countries;  // null if none is named
  std::optional<QuarantinePublicKey> seal_to;
  ExitCode exit_code = ExitCode::kDone;
};

// What makes sealers with the key of `files`; empty if they name none.
std::function<absl::StatusOr<std::shared_ptr<RecordSealer>>()> SealerMaker(
    const PipelineFiles& files);

// Opens all of them. Appends what is wrong to `findings`: so are tokens that
// `keyring`, which may be null, did not make.
PipelineFiles OpenPipelineFiles(const LoadedPipeline& loaded,
                                const Keyring* keyring, Diagnostics* findings);

}  // namespace nymstream

#endif  // NYMSTREAM_CLI_PIPELINE_FILES_H_
