// The program: hardens itself, then runs one command.
#include <sodium.h>

#include <algorithm>
#include <csignal>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/absl_view.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/report.h"
#include "document/suggestion.h"
#include "files/process_hardening.h"

namespace nymstream {
namespace {

// "--name" of "--name=value"; empty if `word` is no flag by its look.
std::string FlagName(const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  const bool flag = name.size() > 2 && name.starts_with("--") &&
                    std::all_of(name.begin(), name.end(), [](char c) {
                      return c == '-' || (c >= 'a' && c <= 'z');
                    });
  return flag ? name : "";
}

// A flag that nobody knows is named in the message. Any other word is not: it
// may be a value that was meant for stdin.
std::string UnknownWords(const std::vector<std::string>& words) {
  std::string flags;
  for (const std::string& word : words) {
    const std::string flag = FlagName(word);
    if (flag.empty()) return "a word too many (not shown)";
    absl::StrAppend(&flags, flags.empty() ? "" : ", ", flag);
  }
  return "unknown flag " + flags;
}

// What can follow `command`, and the one that was perhaps meant.
std::string NoSubcommand(const CLI::App& command,
                         const std::vector<std::string>& words) {
  std::vector<std::string> names;
  for (const CLI::App* each : command.get_subcommands({})) {
    names.push_back(each->get_name());
  }
  const std::vector<std::string_view> views(names.begin(), names.end());
  const std::string_view nearest =
      words.empty() ? "" : NearestName(words.front(), views);
  return absl::StrCat(
      words.empty() ? "no command given" : "no such command (not shown)",
      nearest.empty()
          ? "; give one of "
          : absl::StrCat("; did you mean ", ToAbsl(nearest), "? There are "),
      absl::StrJoin(names, ", "));
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
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    what = UnknownWords(app.remaining(true));
  } else if (!command->get_subcommands({}).empty()) {
    what = NoSubcommand(*command, app.remaining(true));
  }
  std::replace(what.begin(), what.end(), '\n', ' ');
  Say(absl::StrCat("error: ", what, what.ends_with('?') ? " See " : "; see ",
                   name, " --help"));
  return ExitCode::kWrongDocument;
}

ExitCode Run(int argc, char** argv) {
  CLI::App app(
      "Takes identifiers out of access logs, as far as a privacy policy asks "
      "for it.\nA pipeline document names the log's schema, the policy and the "
      "releases to make.",
      "nymstream");
  app.require_subcommand(1);
  app.set_version_flag("--version", "nymstream " NYMSTREAM_VERSION,
                       "Print the version and exit");
  app.set_help_flag("-h,--help", "Print this help and exit");
  ExitCode exit_code = ExitCode::kDone;
  AddCheckCommand(app, &exit_code);
  AddExplainCommand(app, &exit_code);
  AddReplayCommand(app, &exit_code);
  AddRunCommand(app, &exit_code);
  AddBenchCommand(app, &exit_code);
  AddKeysCommand(app, &exit_code);
  AddQuarantineCommand(app, &exit_code);
  AddSchemaCommand(app, &exit_code);
  // Last: commands inherit what is set before them.
  app.footer(
      "Exit codes: 0 done; 1 done, but more records were quarantined than\n"
      "limits.quarantine_ratio_max, or replay quarantined all; 2 a document "
      "or a flag\nis wrong; 3 input or output failed; 4 a key is missing, "
      "unsafe or destroyed.\n"
      "Data goes to stdout, messages to stderr.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help_or_version) {
    std::ostringstream text;
    app.exit(help_or_version, text, text);
    return WriteOutput(text.str());
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
