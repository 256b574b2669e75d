#include "cli/lookup_flags.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/absl_view.h"
#include "cli/choice.h"
#include "cli/flag_value.h"
#include "cli/report.h"
#include "files/pipeline_loader.h"
#include "policy/document_shapes.h"
#include "policy/taxonomy.h"
#include "policy/treatment_table.h"
#include "policy/vocabulary.h"

namespace nymstream {
namespace {

constexpr char kFieldFlags[] = "--category and --type";

struct FormName {
  std::string_view name;
  PseudonymForm form;
  Treatment treatment;
};

constexpr std::array<FormName, 3> kForms = {{
    {"token", PseudonymForm::kToken, Treatment::kPseudonymize},
    {"address", PseudonymForm::kAddress, Treatment::kPseudonymizeAsAddress},
    {"prefix", PseudonymForm::kPrefix, Treatment::kPrefixPreserving},
}};

// False, and said, if `name` is none that documents give.
bool CheckName(std::string_view flag, const std::string& name,
               std::string_view advice) {
  if (!name.empty() && !NameShape().check(name).has_value()) return true;
  RefuseFlag(flag,
             absl::StrFormat("%s; give %s",
                             name.empty() ? "needed" : "no such name", advice));
  return false;
}

std::optional<LoadedPipeline> Load(const std::string& path) {
  Diagnostics findings;
  std::optional<LoadedPipeline> loaded = LoadPipeline(path, &findings);
  if (!loaded.has_value()) SayFindings(findings);
  return loaded;
}

bool HasPseudonymsOf(const PlanField& field, const LookupRequest& request) {
  return IdentifiesSubject(field.type) && field.category == request.category &&
         DomainKind(field.type) == DomainKind(request.type);
}

// False, and said, if no field has the category and the kind of value: the
// pseudonym would be nobody's.
bool CheckField(const Plan& plan, const LookupRequest& request) {
  std::set<std::string> known;
  for (const PlanField& field : plan.fields) {
    if (HasPseudonymsOf(field, request)) return true;
    if (!IdentifiesSubject(field.type)) continue;
    known.insert(
        absl::StrCat(field.category, " ", ToAbsl(ValueTypeName(field.type))));
  }
  RefuseFlag(kFieldFlags,
             absl::StrCat("no field of schema ", plan.schema_name,
                          " has both, so no record has the pseudonym; there "
                          "are: ",
                          known.empty() ? "none" : absl::StrJoin(known, ", ")));
  return false;
}

// The release that --release names. nullptr, and said, if it names none with
// pseudonyms.
const ReleasePlan* FindRelease(const Plan& plan, const std::string& name) {
  std::vector<std::string> keyed;
  for (const ReleasePlan& release : plan.releases) {
    if (release.epoch.empty()) continue;
    if (release.name == name) return &release;
    keyed.push_back(release.name);
  }
  RefuseFlag("--release",
             absl::StrFormat(
                 "must be a release of pipeline %s that has "
                 "pseudonyms: %s",
                 plan.pipeline_name,
                 keyed.empty() ? "it has none" : absl::StrJoin(keyed, ", ")));
  return nullptr;
}

// Sets the form to the one in which `release` writes the field. False, and
// said, if it writes none, several, or another than `asked`, which may be
// empty.
bool TakeForm(const Plan& plan, const ReleasePlan& release,
              const std::string& asked, LookupRequest* request) {
  std::set<std::string> written;
  bool found = false;
  for (size_t i = 0; i < plan.fields.size(); ++i) {
    const PlanField& field = plan.fields[i];
    if (!HasPseudonymsOf(field, *request)) continue;
    const Treatment treatment = release.fields[i].spec.treatment;
    const auto* form = std::find_if(
        kForms.begin(), kForms.end(),
        [&](const FormName& known) { return known.treatment == treatment; });
    const bool keyed = form != kForms.end();
    const std::string_view name = keyed ? form->name : TreatmentName(treatment);
    written.insert(absl::StrCat(field.path_text, " as ", ToAbsl(name)));
    if (!keyed || (!asked.empty() && asked != name)) continue;
    if (found && request->form != form->form) {
      RefuseFlag("--as", absl::StrFormat("needed; release %s has several forms",
                                         release.name));
      return false;
    }
    found = true;
    request->form = form->form;
  }
  if (found) return true;
  RefuseFlag(asked.empty() ? kFieldFlags : "--as",
             absl::StrFormat("release %s has no such pseudonym; it has: %s",
                             release.name, absl::StrJoin(written, ", ")));
  return false;
}

// Takes from the pipeline document what it says, and checks the rest by it.
bool TakeFromDocument(const LookupFlags& flags, LookupRequest* request) {
  const std::optional<LoadedPipeline> loaded = Load(flags.pipeline);
  if (!loaded.has_value()) return false;
  const Plan& plan = *loaded->plan;
  const ReleasePlan* release = FindRelease(plan, flags.release);
  if (release == nullptr) return false;
  if (!request->period.empty() && request->period != release->epoch) {
    RefuseFlag("--period", absl::StrFormat("release %s uses %s; leave it out",
                                           release->name, release->epoch));
    return false;
  }
  request->pipeline = plan.pipeline_name;
  request->period = release->epoch;
  return CheckField(plan, *request) &&
         TakeForm(plan, *release, flags.form, request);
}

bool TakeFromNames(const LookupFlags& flags, LookupRequest* request) {
  if (!CheckName("--pipeline", flags.pipeline,
                 "the path of the pipeline's document (.yaml)") ||
      !CheckName("--release", flags.release,
                 "the name that the document says")) {
    return false;
  }
  Say("note: not checked that a release has such pseudonyms; --pipeline with "
      "the path of the document (.yaml) checks it");
  request->pipeline = flags.pipeline;
  for (const FormName& form : kForms) {
    if (flags.form == form.name) request->form = form.form;
  }
  return true;
}

bool TakeSubject(const LookupFlags& flags, const LookupRequest& request) {
  if (!flags.release.empty() || !flags.at.empty() || !flags.period.empty() ||
      !flags.form.empty()) {
    RefuseFlag("--subject",
               "subject tokens have no release, period, date or form");
    return false;
  }
  if (flags.pipeline.empty()) return true;
  const std::optional<LoadedPipeline> loaded = Load(flags.pipeline);
  return loaded.has_value() && CheckField(*loaded->plan, request);
}

// What every lookup needs: what kind of value it is.
bool TakeKind(const LookupFlags& flags, LookupRequest* request) {
  const auto* name = std::find(std::begin(kValueTypeNames),
                               std::end(kValueTypeNames), flags.type);
  const auto type = static_cast<ValueType>(name - kValueTypeNames);
  if (name == std::end(kValueTypeNames) || !IdentifiesSubject(type)) {
    RefuseFlag("--type",
               "none with pseudonyms; one of ip, ip_list, ip_port, id, mac, "
               "email");
    return false;
  }
  if (!IsDataCategory(flags.category)) {
    RefuseFlag("--category",
               "none that schemas use; see the field's row in nymstream "
               "explain");
    return false;
  }
  if (!flags.form.empty() && flags.form != kForms[0].name && !IsAddress(type)) {
    RefuseFlag("--as", "only addresses have this form");
    return false;
  }
  request->type = type;
  request->category = flags.category;
  return true;
}

}  // namespace

void AddLookupFlags(CLI::App& command, LookupFlags* flags) {
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
                  "The pipeline's document (.yaml), by which the other flags\n"
                  "are checked; or only its name, then nothing is checked")
      ->type_name("FILE|NAME");
  command.add_option("--release", flags->release, "Name of the release")
      ->type_name("NAME");
  command.add_option("--at", flags->at, "Time of the record")
      ->type_name(kDateName);
  command
      .add_option("--period", flags->period,
                  "Epoch of the release (default: as the document says; with a "
                  "name,\nthe keyring's only one)")
      ->type_name("PERIOD");
  command
      .add_option("--as", flags->form,
                  "Form of the pseudonym (default: as the document says; with "
                  "a name,\ntoken)")
      ->check(OneOf({"token", "address", "prefix"}))
      ->type_name("token|address|prefix");
  command.add_flag("--subject", flags->subject,
                   "Make a token for a suppression list instead");
}

std::optional<LookupRequest> ReadLookup(const LookupFlags& flags) {
  LookupRequest request;
  if (!TakeKind(flags, &request)) return std::nullopt;
  request.subject = flags.subject;
  if (flags.subject) {
    if (!TakeSubject(flags, request)) return std::nullopt;
    return request;
  }
  if (flags.at.empty()) {
    RefuseFlag("--at", "needed; the record's time");
    return std::nullopt;
  }
  std::optional<int64_t> at;
  if (!ReadTime("--at", flags.at, &at)) return std::nullopt;
  request.at = *at;
  request.release = flags.release;
  if (!flags.period.empty() && !ReadPeriod(flags.period, &request.period)) {
    return std::nullopt;
  }
  const bool taken = IsDocumentPath(flags.pipeline)
                         ? TakeFromDocument(flags, &request)
                         : TakeFromNames(flags, &request);
  if (!taken) return std::nullopt;
  return request;
}

}  // namespace nymstream
