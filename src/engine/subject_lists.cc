#include "engine/subject_lists.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/absl_view.h"
#include "base/status_macros.h"
#include "engine/canonical_value.h"
#include "engine/percent_decode.h"
#include "treatment/free_text.h"
#include "treatment/ip_list.h"

namespace nymstream {

namespace {

// A token of another keyring would match nobody, silently.
absl::Status CheckTokens(const std::vector<std::vector<std::string>>& subjects,
                         std::string_view epoch_id) {
  const std::string head = absl::StrCat("nym_", ToAbsl(epoch_id), "_");
  for (const std::vector<std::string>& list : subjects) {
    for (const std::string& token : list) {
      if (absl::StartsWith(token, head)) continue;
      return absl::FailedPreconditionError(absl::StrCat(
          "a suppression list has a token that was not made with this "
          "keyring's epoch ",
          ToAbsl(epoch_id),
          " of the series \"subjects\"; make the list with nymstream keys "
          "lookup --subject"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status SubjectLists::Init(
    const Plan& plan, const std::vector<std::string>& domains,
    const std::vector<std::vector<std::string>>& subjects,
    const Keyring* keyring) {
  if (plan.rights.empty()) return absl::OkStatus();
  if (subjects.size() != plan.rights.size()) {
    return absl::InvalidArgumentError(
        "the subjects of every suppression list are needed");
  }
  for (size_t list = 0; list < subjects.size(); ++list) {
    ReleaseMask covered = 0;
    for (size_t release = 0; release < plan.releases.size(); ++release) {
      const std::vector<int>& lists = plan.releases[release].rights;
      if (std::find(lists.begin(), lists.end(), static_cast<int>(list)) !=
          lists.end()) {
        covered |= ReleaseMask{1} << release;
      }
    }
    releases_.push_back(covered);
    for (const std::string& token : subjects[list]) {
      lists_[token] |= ListMask{1} << list;
    }
  }
  const int epoch =
      keyring == nullptr ? -1 : keyring->FindEpoch(kSubjectsSeries, 0);
  if (epoch < 0) {
    return absl::FailedPreconditionError(
        "suppression lists need the series \"subjects\" in the keyring; run: "
        "nymstream keys rotate KEYRING");
  }
  NYM_RETURN_IF_ERROR(
      CheckTokens(subjects, keyring->epochs()[static_cast<size_t>(epoch)].id));
  for (const std::string& domain : domains) {
    NYM_ASSIGN_OR_RETURN(PseudonymKey key,
                         keyring->Derive(epoch, kSubjectsSeries, domain));
    keys_.push_back(std::move(key));
  }
  return absl::OkStatus();
}

ListMask SubjectLists::Find(const FieldRule& rule, std::string_view text,
                            Arena* arena, Scratch* scratch) const {
  if (lists_.empty() || rule.domain < 0 || IsPlaceholder(text)) return 0;
  const ValueType type = rule.field->type;
  const std::string_view canonical = CanonicalValue(type, text, arena);
  if (!canonical.empty()) return FindToken(rule.domain, canonical);
  ListMask found = 0;
  bool understood = false;
  if (IsAddress(type)) {
    SplitIpList(text, &scratch->list);
    understood = true;
    for (const IpListElement& element : scratch->list) {
      understood = understood && element.address.has_value();
      if (element.address) {
        found |= FindToken(rule.domain, element.address->Canonical());
      }
    }
  }
  if (understood) return found;
  return found | FindInside(rule.domain,
                            IsAddress(type) ? ValueType::kIpPort : type, text,
                            arena, &scratch->found);
}

ListMask SubjectLists::FindInside(int domain, ValueType type,
                                  std::string_view text, Arena* arena,
                                  EditList* found) const {
  found->clear();
  FindIdentifiers(text, found);
  ListMask lists = 0;
  for (const Edit& edit : *found) {
    std::string_view value = text.substr(edit.begin, edit.end - edit.begin);
    ForEachPercentLayer(value, arena, nullptr,
                        [&](std::string_view layer) { value = layer; });
    // A prefix length is no part of an address.
    if (edit.detector == Detector::kIpv4 || edit.detector == Detector::kIpv6) {
      value = value.substr(0, value.find('/'));
    }
    lists |= FindToken(domain, CanonicalValue(type, value, arena));
  }
  return lists;
}

ListMask SubjectLists::FindToken(int domain, std::string_view canonical) const {
  if (canonical.empty()) return 0;
  char token[kTokenChars];
  keys_[static_cast<size_t>(domain)].Token(canonical, token);
  const auto found = lists_.find(absl::string_view(token, kTokenChars));
  return found == lists_.end() ? 0 : found->second;
}

}  // namespace nymstream
