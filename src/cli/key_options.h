// What the commands share that read a pipeline and its keys.
#ifndef NYMSTREAM_CLI_KEY_OPTIONS_H_
#define NYMSTREAM_CLI_KEY_OPTIONS_H_

#include <memory>
#include <string>

#include "cli/command.h"
#include "files/pipeline_loader.h"
#include "nymstream/diagnostic.h"
#include "nymstream/keyring.h"

namespace nymstream {

struct KeyOptions {
  std::string keyring;        // instead of the pipeline's; may be empty
  bool without_keys = false;  // check only
};

void AddPipelineArgument(CLI::App& command, std::string* pipeline);
void AddKeyringOption(CLI::App& command, KeyOptions* options);

// The keyring in use; empty if the plan needs no keys.
std::string KeyringPath(const LoadedPipeline& loaded,
                        const KeyOptions& options);

struct OpenedKeys {
  // Null if the plan needs no keys, or with an error.
  std::shared_ptr<const Keyring> keyring;
  ExitCode exit_code = ExitCode::kDone;
};

// Opens the keyring of a pipeline and checks that it has the keys that the plan
// needs. Appends what is wrong to `findings`.
OpenedKeys OpenKeys(const LoadedPipeline& loaded, const KeyOptions& options,
                    Diagnostics* findings);

}  // namespace nymstream

#endif  // NYMSTREAM_CLI_KEY_OPTIONS_H_
