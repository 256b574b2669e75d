#include "cli/key_lookup.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "base/arena.h"
#include "base/status_macros.h"
#include "base/utc_time.h"
#include "engine/canonical_value.h"
#include "policy/treatment_table.h"
#include "secret/pseudonym_key.h"
#include "treatment/ip_address.h"

namespace nymstream {
namespace {

// An element of a list is an address as a single one is.
ValueType ElementType(ValueType type) {
  return type == ValueType::kIpList ? ValueType::kIp : type;
}

absl::StatusOr<std::string> SeriesOf(const Keyring& keyring,
                                     const LookupRequest& request) {
  if (request.subject) return std::string(kSubjectsSeries);
  if (!request.period.empty()) return request.period;
  std::string only;
  for (const KeyEpoch& epoch : keyring.epochs()) {
    if (epoch.series == kSubjectsSeries || epoch.series == only) continue;
    if (!only.empty()) {
      return absl::OutOfRangeError(
          "the keyring has several series; name that of the release by "
          "--period");
    }
    only = epoch.series;
  }
  return only;
}

absl::StatusOr<PseudonymKey> KeyOf(const Keyring& keyring,
                                   const LookupRequest& request) {
  NYM_ASSIGN_OR_RETURN(const std::string series, SeriesOf(keyring, request));
  const int epoch = keyring.FindEpoch(series, request.at);
  if (epoch < 0) {
    return absl::FailedPreconditionError(
        request.subject
            ? std::string("the keyring has no series subjects; add it with "
                          "nymstream keys rotate KEYRING")
            : absl::StrFormat("the keyring has no epoch of %s at %s",
                              series.empty() ? "any period" : series,
                              UtcTimeText(request.at)));
  }
  return keyring.Derive(
      epoch,
      request.subject ? std::string(kSubjectsSeries)
                      : KeyScope(request.pipeline, request.release),
      absl::StrFormat("%s/%s", request.category, DomainKind(request.type)));
}

void AppendPseudonym(const PseudonymKey& key, PseudonymForm form,
                     std::string_view canonical, std::string* out) {
  if (form == PseudonymForm::kToken) {
    char token[kTokenChars];
    key.Token(canonical, token);
    out->append(token, kTokenChars);
    return;
  }
  IpAddress pseudonym;
  if (form == PseudonymForm::kAddress) {
    key.Address(canonical, pseudonym.bytes);
  } else {
    IpAddress address;
    std::copy_n(canonical.begin(), address.bytes.size(), address.bytes.begin());
    key.PrefixPreserving(address.bytes, pseudonym.bytes);
  }
  char text[kIpTextMax];
  out->append(text, FormatIpAddress(pseudonym, text));
}

}  // namespace

absl::StatusOr<std::string> LookUpPseudonyms(const Keyring& keyring,
                                             const LookupRequest& request,
                                             std::string_view values) {
  NYM_ASSIGN_OR_RETURN(const PseudonymKey key, KeyOf(keyring, request));
  Arena arena;
  std::string pseudonyms;
  int line = 1;
  for (; !values.empty(); ++line) {
    const size_t end = std::min(values.find('\n'), values.size());
    std::string_view value = values.substr(0, end);
    values.remove_prefix(std::min(end + 1, values.size()));
    if (value.ends_with('\r')) value.remove_suffix(1);
    const std::string_view canonical =
        CanonicalValue(ElementType(request.type), value, &arena);
    if (canonical.empty()) {
      return absl::OutOfRangeError(absl::StrFormat(
          "the value in line %d is not of the type that --type names (not "
          "shown)",
          line));
    }
    AppendPseudonym(key, request.form, canonical, &pseudonyms);
    pseudonyms.push_back('\n');
    arena.Reset();
  }
  if (pseudonyms.empty()) return absl::OutOfRangeError("no value was given");
  return pseudonyms;
}

}  // namespace nymstream
