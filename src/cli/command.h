// What every command of the program shares: registration and exit codes.
#ifndef NYMSTREAM_CLI_COMMAND_H_
#define NYMSTREAM_CLI_COMMAND_H_

#include <CLI/CLI.hpp>

namespace nymstream {

// Exit codes are interface (docs/commands.md).
enum class ExitCode : int {
  kDone = 0,
  // Done, but more was quarantined than the limit allows, or, by replay, all.
  kFindings = 1,
  kWrongDocument = 2,  // a document or a flag is wrong
  kInputOutput = 3,
  kKey = 4,  // a key is missing, unsafe or destroyed
};

// Each command lives in one file and adds itself to `app`; its callback sets
// `*exit_code`. Called once from main; `exit_code` outlives the parse.
void AddCheckCommand(CLI::App& app, ExitCode* exit_code);
void AddExplainCommand(CLI::App& app, ExitCode* exit_code);
void AddReplayCommand(CLI::App& app, ExitCode* exit_code);
void AddRunCommand(CLI::App& app, ExitCode* exit_code);
void AddBenchCommand(CLI::App& app, ExitCode* exit_code);
void AddKeysCommand(CLI::App& app, ExitCode* exit_code);
void AddQuarantineCommand(CLI::App& app, ExitCode* exit_code);
void AddSchemaCommand(CLI::App& app, ExitCode* exit_code);

}  // namespace nymstream

#endif  // NYMSTREAM_CLI_COMMAND_H_
