#include "policy/key_check.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/str_format.h"
#include "document/quote.h"
#include "nymstream/policy.h"
#include "policy/epoch_rules.h"
#include "policy/finding.h"

namespace nymstream {
namespace {

constexpr int64_t kDaySeconds = 86400;

struct SeriesState {
  bool known = false;
  bool usable = false;                 // some epoch is not destroyed
  const KeyEpoch* too_long = nullptr;  // lives longer than the series says
};

SeriesState Examine(const Keyring& keyring, std::string_view series) {
  const std::optional<Period> period = ParsePeriod(series);
  SeriesState state;
  for (const KeyEpoch& epoch : keyring.epochs()) {
    if (epoch.series != series) continue;
    state.known = true;
    if (!epoch.destroyed) state.usable = true;
    if (period.has_value() &&
        epoch.until - epoch.from > PeriodDaysMax(*period) * kDaySeconds) {
      state.too_long = &epoch;
    }
  }
  return state;
}

void CheckRelease(const ReleasePlan& release, const Keyring& keyring,
                  const SourcePosition& position, const std::string& rotate,
                  Diagnostics* findings) {
  const SeriesState state = Examine(keyring, release.epoch);
  const auto refuse = [&](const std::string& what, const std::string& hint) {
    AddError(findings, position, "keys.keyring",
             absl::StrFormat("release '%s': %s", release.name, what), hint);
  };
  if (!state.known) {
    refuse(absl::StrFormat("the keyring has no epochs of %s", release.epoch),
           absl::StrFormat("add them with %s --period %s%s", rotate,
                           release.epoch, kOlderLogsAdvice));
    return;
  }
  if (!state.usable) {
    refuse(absl::StrFormat("every epoch of %s is destroyed", release.epoch),
           "make new ones with " + rotate);
  }
  if (state.too_long != nullptr) {
    refuse(absl::StrFormat("epoch %s lives longer than the %s that the "
                           "release declares",
                           state.too_long->id, release.epoch),
           "its pseudonyms would link over a longer time than stated");
  }
}

}  // namespace

Diagnostics CheckKeys(const Plan& plan, const Keyring& keyring,
                      const SourcePosition& keyring_position,
                      const std::string& keyring_path) {
  Diagnostics findings;
  const std::string rotate =
      "nymstream keys rotate " + EscapeForMessage(keyring_path);
  for (const ReleasePlan& release : plan.releases) {
    if (!release.epoch.empty())
      CheckRelease(release, keyring, keyring_position, rotate, &findings);
  }
  if (!plan.rights.empty() && !Examine(keyring, kSubjectsSeries).usable) {
    AddError(&findings, keyring_position, "keys.keyring",
             "suppression lists need the key of the series subjects, and the "
             "keyring has none",
             "add it with " + rotate);
  }
  return findings;
}

}  // namespace nymstream
