// nymstream keys: the keyring and its epochs.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "cli/flag_value.h"
#include "cli/key_error.h"
#include "cli/key_lookup.h"
#include "cli/keys_actions.h"
#include "cli/lookup_flags.h"
#include "cli/output.h"
#include "cli/report.h"
#include "cli/value_input.h"
#include "files/keyring_file.h"
#include "observe/clock.h"

namespace nymstream {
namespace {

struct KeysFlags {
  std::string keyring;
  std::vector<std::string> periods;
  std::string from;
  std::string until;
  std::vector<std::string> epochs;
  std::string before;
  LookupFlags lookup;
};

// Prints what an action did, on stderr; its stdout is empty.
ExitCode SayDone(const absl::StatusOr<std::string>& done) {
  if (!done.ok()) return SayKeyError(done.status());
  std::string_view rest = *done;
  while (!rest.empty()) {
    const size_t end = rest.find('\n');
    Say(rest.substr(0, end));
    rest.remove_prefix(end + 1);
  }
  return ExitCode::kDone;
}

ExitCode Print(const absl::StatusOr<std::string>& text) {
  return text.ok() ? WriteOutput(*text) : SayKeyError(text.status());
}

using AddAction = absl::StatusOr<std::string> (*)(const EpochRequest&, int64_t);

ExitCode RunAdd(const KeysFlags& flags, AddAction action, const Clock& clock) {
  EpochRequest request;
  request.keyring = flags.keyring;
  for (const std::string& period : flags.periods) {
    if (!ReadPeriod(period, &request.periods.emplace_back())) {
      return ExitCode::kWrongDocument;
    }
  }
  if (!ReadTime("--from", flags.from, &request.from) ||
      !ReadTime("--until", flags.until, &request.until)) {
    return ExitCode::kWrongDocument;
  }
  return SayDone(action(request, clock.unix_seconds()));
}

ExitCode RunDestroy(const KeysFlags& flags, const Clock& clock) {
  DestroyRequest request;
  request.keyring = flags.keyring;
  request.ids = flags.epochs;
  if (!ReadTime("--before", flags.before, &request.before)) {
    return ExitCode::kWrongDocument;
  }
  if (request.ids.empty() && !request.before.has_value()) {
    return RefuseFlag("--epoch or --before", "name what to destroy");
  }
  return SayDone(DestroyKeys(request, clock.unix_seconds()));
}

ExitCode RunLookup(const KeysFlags& flags) {
  const std::optional<LookupRequest> request = ReadLookup(flags.lookup);
  if (!request.has_value()) return ExitCode::kWrongDocument;
  const auto keyring = ReadKeyringFile(flags.keyring);
  if (!keyring.ok()) return SayKeyError(keyring.status());
  const absl::StatusOr<std::string> values = ReadValues();
  if (!values.ok()) return SayKeyError(values.status());
  return Print(LookUpPseudonyms(**keyring, *request, *values));
}

void AddSpanFlags(CLI::App& command, KeysFlags* flags,
                  const std::string& which) {
  command
      .add_option("--period", flags->periods,
                  "Length of the epochs, as releases name it (P30D); may be "
                  "repeated\n(default: " +
                      which + ")")
      ->type_name("PERIOD")
      ->allow_extra_args(false);
  command
      .add_option("--from", flags->from,
                  "Begin of the time to cover (2026-01-31)")
      ->type_name(kDateName);
  command
      .add_option("--until", flags->until,
                  "End of the time to cover (default: in 366 days)")
      ->type_name(kDateName);
}

}  // namespace

void AddKeysCommand(CLI::App& app, ExitCode* exit_code) {
  CLI::App* keys =
      app.add_subcommand("keys", "Make, show, renew and destroy keys");
  keys->require_subcommand(1);
  const auto flags = std::make_shared<KeysFlags>();
  const Clock clock = SystemClock();
  const auto add = [&](const char* name, const char* help) {
    CLI::App* command = keys->add_subcommand(name, help);
    command->add_option("KEYRING", flags->keyring, "Path of the keyring")
        ->type_name("FILE")
        ->required();
    return command;
  };

  CLI::App* generate =
      add("generate", "Make a keyring; an existing file is left as it is");
  AddSpanFlags(*generate, flags.get(), "P1D and P30D, from 30 days ago");
  generate->callback([=] { *exit_code = RunAdd(*flags, GenerateKeys, clock); });

  CLI::App* list = add("list", "Show the epochs, without secrets");
  list->callback([=] {
    *exit_code = Print(ListKeys(flags->keyring, clock.unix_seconds()));
  });

  CLI::App* rotate = add("rotate", "Add the epochs that are missing");
  AddSpanFlags(*rotate, flags.get(),
               "all that the keyring has, from where they end");
  rotate->callback([=] { *exit_code = RunAdd(*flags, RotateKeys, clock); });

  CLI::App* destroy =
      add("destroy", "Destroy the secrets of epochs; they can't come back");
  destroy
      ->add_option("--epoch", flags->epochs,
                   "An epoch, by its id in keys list; may be repeated")
      ->type_name("ID")
      ->allow_extra_args(false);
  destroy
      ->add_option("--before", flags->before,
                   "Every epoch that has ended by this date")
      ->type_name(kDateName);
  destroy->callback([=] { *exit_code = RunDestroy(*flags, clock); });

  CLI::App* lookup = add(
      "lookup",
      "Print the pseudonyms of values, read from the terminal or from stdin");
  AddLookupFlags(*lookup, &flags->lookup);
  lookup->callback([=] { *exit_code = RunLookup(*flags); });
}

}  // namespace nymstream
