// nymstream keys: the keyring and its epochs.
#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/absl_view.h"
#include "base/utc_time.h"
#include "cli/choice.h"
#include "cli/command.h"
#include "cli/key_error.h"
#include "cli/key_lookup.h"
#include "cli/keys_actions.h"
#include "cli/output.h"
#include "cli/report.h"
#include "cli/value_input.h"
#include "files/keyring_file.h"
#include "files/pipeline_loader.h"
#include "nymstream/period.h"
#include "observe/clock.h"
#include "policy/document_shapes.h"
#include "policy/taxonomy.h"
#include "policy/treatment_table.h"
#include "policy/vocabulary.h"

namespace nymstream {
namespace {

constexpr char kTimeName[] = "DATE";

struct KeysFlags {
  std::string keyring;
  std::vector<std::string> periods;
  std::string from;
  std::string until;
  std::vector<std::string> epochs;
  std::string before;
  std::string pipeline;
  std::string release;
  std::string period;
  std::string category;
  std::string type;
  std::string at;
  std::string form = "token";
  bool subject = false;
};

ExitCode Refuse(std::string_view flag, std::string_view what) {
  Say(absl::StrFormat("error: %s: %s", flag, what));
  return ExitCode::kWrongDocument;
}

// False, and said, if `text` is neither empty nor a time.
bool ReadTime(std::string_view flag, const std::string& text,
              std::optional<int64_t>* time) {
  if (text.empty()) return true;
  *time = ParseUtcTime(text);
  if (time->has_value()) return true;
  Refuse(flag, "no time; write it as 2026-01-31 or 2026-01-31T12:00:00Z (UTC)");
  return false;
}

bool ReadPeriods(const std::vector<std::string>& texts,
                 std::vector<std::string>* periods) {
  for (const std::string& text : texts) {
    const std::optional<Period> period = ParsePeriod(text);
    if (!period.has_value()) {
      Refuse("--period", "no period; write it as P1D, P30D or P1Y6M");
      return false;
    }
    periods->push_back(PeriodText(*period));
  }
  return true;
}

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
  if (!ReadPeriods(flags.periods, &request.periods) ||
      !ReadTime("--from", flags.from, &request.from) ||
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
    return Refuse("--epoch or --before", "name what to destroy");
  }
  return SayDone(DestroyKeys(request, clock.unix_seconds()));
}

bool IsLookupType(ValueType type) {
  switch (type) {
    case ValueType::kIp:
    case ValueType::kIpList:
    case ValueType::kIpPort:
    case ValueType::kId:
    case ValueType::kMac:
    case ValueType::kEmail:
      return true;
    default:
      return false;
  }
}

// False, and said, if `name` is none that documents give.
bool CheckName(std::string_view flag, const std::string& name) {
  const bool good = !name.empty() && !NameShape().check(name).has_value();
  if (!good) {
    Refuse(flag, absl::StrFormat("%s; give the name that the document says, "
                                 "not its path",
                                 name.empty() ? "needed" : "no such name"));
  }
  return good;
}

bool IsAddressType(std::string_view type) { return type.starts_with("ip"); }

// A token of a category and kind of value that no field has matches nobody.
std::optional<ExitCode> CheckSubject(const std::string& pipeline,
                                     const LookupRequest& request) {
  Diagnostics findings;
  const std::optional<LoadedPipeline> loaded =
      LoadPipeline(pipeline, &findings);
  if (!loaded.has_value()) {
    SayFindings(findings);
    return ExitCode::kWrongDocument;
  }
  std::set<std::string> known;
  for (const PlanField& field : loaded->plan->fields) {
    if (!IsLookupType(field.type)) continue;
    if (field.category == request.category &&
        DomainKind(field.type) == DomainKind(request.type)) {
      return std::nullopt;
    }
    known.insert(
        absl::StrCat(field.category, " ", ToAbsl(ValueTypeName(field.type))));
  }
  return Refuse(
      "--category and --type",
      absl::StrCat("no field of schema ", loaded->plan->schema_name,
                   " has both, so the token would match nobody; there are: ",
                   known.empty() ? "none" : absl::StrJoin(known, ", ")));
}

std::optional<ExitCode> ReadLookup(const KeysFlags& flags,
                                   LookupRequest* request) {
  const auto* type = std::find(std::begin(kValueTypeNames),
                               std::end(kValueTypeNames), flags.type);
  if (type == std::end(kValueTypeNames) ||
      !IsLookupType(static_cast<ValueType>(type - kValueTypeNames))) {
    return Refuse("--type",
                  "none with pseudonyms; one of ip, ip_list, "
                  "ip_port, id, mac, email");
  }
  if (!IsDataCategory(flags.category)) {
    return Refuse("--category",
                  "none that schemas use; see the field's row in nymstream "
                  "explain");
  }
  if (flags.form != "token" && !IsAddressType(flags.type)) {
    return Refuse("--as", "only addresses have this form");
  }
  request->type = static_cast<ValueType>(type - kValueTypeNames);
  request->category = flags.category;
  request->form = flags.form == "token"     ? PseudonymForm::kToken
                  : flags.form == "address" ? PseudonymForm::kAddress
                                            : PseudonymForm::kPrefix;
  request->subject = flags.subject;
  if (flags.subject) {
    if (!flags.release.empty() || !flags.at.empty() || !flags.period.empty() ||
        flags.form != "token") {
      return Refuse("--subject",
                    "subject tokens have no release, period, date or form");
    }
    if (flags.pipeline.empty()) return std::nullopt;
    return CheckSubject(flags.pipeline, *request);
  }
  std::optional<int64_t> at;
  if (!CheckName("--pipeline", flags.pipeline) ||
      !CheckName("--release", flags.release)) {
    return ExitCode::kWrongDocument;
  }
  if (flags.at.empty()) return Refuse("--at", "needed; the record's time");
  if (!ReadTime("--at", flags.at, &at)) return ExitCode::kWrongDocument;
  request->at = *at;
  request->pipeline = flags.pipeline;
  request->release = flags.release;
  if (flags.period.empty()) return std::nullopt;
  std::vector<std::string> period;
  if (!ReadPeriods({flags.period}, &period)) return ExitCode::kWrongDocument;
  request->period = period[0];
  return std::nullopt;
}

ExitCode RunLookup(const KeysFlags& flags) {
  LookupRequest request;
  if (const std::optional<ExitCode> refused = ReadLookup(flags, &request)) {
    return *refused;
  }
  const auto keyring = ReadKeyringFile(flags.keyring);
  if (!keyring.ok()) return SayKeyError(keyring.status());
  const absl::StatusOr<std::string> values = ReadValues();
  if (!values.ok()) return SayKeyError(values.status());
  return Print(LookUpPseudonyms(**keyring, request, *values));
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
      ->type_name(kTimeName);
  command
      .add_option("--until", flags->until,
                  "End of the time to cover (default: in 366 days)")
      ->type_name(kTimeName);
}

void AddLookupFlags(CLI::App& command, KeysFlags* flags) {
  command
      .add_option("--category", flags->category,
                  "Category of the field, as explain shows it")
      ->type_name("KEY")
      ->required();
  command
      .add_option("--type", flags->type,
                  "Type of the field: ip, ip_list, ip_port, id, mac or email")
      ->type_name("TYPE")
      ->required();
  command
      .add_option("--pipeline", flags->pipeline,
                  "Name of the pipeline, as its document and the manifest "
                  "say;\nwith --subject its document (.yaml), to check that a "
                  "field\nof its schema has this category and type")
      ->type_name("NAME|FILE");
  command.add_option("--release", flags->release, "Name of the release")
      ->type_name("NAME");
  command.add_option("--at", flags->at, "Time of the record")
      ->type_name(kTimeName);
  command
      .add_option("--period", flags->period,
                  "Epoch of the release (default: the keyring's only one)")
      ->type_name("PERIOD");
  command.add_option("--as", flags->form, "Form of the pseudonym")
      ->check(OneOf({"token", "address", "prefix"}))
      ->type_name("token|address|prefix")
      ->capture_default_str();
  command.add_flag("--subject", flags->subject,
                   "Make a token for a suppression list instead");
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
      ->type_name(kTimeName);
  destroy->callback([=] { *exit_code = RunDestroy(*flags, clock); });

  CLI::App* lookup = add(
      "lookup",
      "Print the pseudonyms of values, read from the terminal or from stdin");
  AddLookupFlags(*lookup, flags.get());
  lookup->callback([=] { *exit_code = RunLookup(*flags); });
}

}  // namespace nymstream
