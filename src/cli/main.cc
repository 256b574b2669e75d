// The program: hardens itself, then runs one command.
#include <sodium.h>

#include <algorithm>
#include <csignal>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/command.h"
#include "cli/report.h"
#include "files/process_hardening.h"

namespace nymstream {
namespace {

// A flag that nobody knows, to be named in a message. Any other word is not: it
// may be a value that was meant for stdin.
std::string UnknownFlags(const std::vector<std::string>& words) {
  std::string flags;
  for (const std::string& word : words) {
    if (word.size() < 2 || word[0] != '-') continue;
    absl::StrAppend(&flags, flags.empty() ? "" : ", ",
                    word.substr(0, word.find('=')));
  }
  return flags.empty() ? "a word too many (not shown)"
                       : "unknown flag " + flags;
}

ExitCode SayUsage(const CLI::App& app, const CLI::ParseError& error) {
  const std::vector<CLI::App*> chosen = app.get_subcommands();
  const CLI::App* command = &app;
  std::string name = "nymstream";
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands().front();
    absl::StrAppend(&name, " ", command->get_name());
  }
  std::string what = error.what();
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr)
    what = UnknownFlags(app.remaining(true));
  std::replace(what.begin(), what.end(), '\n', ' ');
  Say(absl::StrCat("error: ", what, "; see ", name, " --help"));
  return ExitCode::kWrongDocument;
}

ExitCode Run(int argc, char** argv) {
  CLI::App app(
      "Takes identifiers out of access logs, as far as a privacy policy asks "
      "for it.",
      "nymstream");
  app.require_subcommand(1);
  app.set_version_flag("--version", "nymstream " NYMSTREAM_VERSION);
  app.set_help_all_flag("");
  ExitCode exit_code = ExitCode::kDone;
  AddCheckCommand(app, &exit_code);
  AddExplainCommand(app, &exit_code);
  AddReplayCommand(app, &exit_code);
  AddKeysCommand(app, &exit_code);
  AddQuarantineCommand(app, &exit_code);
  AddSchemaCommand(app, &exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help_or_version) {
    app.exit(help_or_version);
    return ExitCode::kDone;
  } catch (const CLI::ParseError& error) {
    return SayUsage(app, error);
  }
  return exit_code;
}

}  // namespace
}  // namespace nymstream

int main(int argc, char** argv) {
  // Before anything is read: no core dump, no ptrace, whole or none.
  if (!nymstream::HardenProcess() || sodium_init() < 0) {
    nymstream::Say("error: could not switch core dumps off; not started");
    return static_cast<int>(nymstream::ExitCode::kInputOutput);
  }
  std::signal(SIGPIPE, SIG_IGN);
  // A file at its size limit is an error to report, as a full disk is.
  std::signal(SIGXFSZ, SIG_IGN);
  return static_cast<int>(nymstream::Run(argc, argv));
}
