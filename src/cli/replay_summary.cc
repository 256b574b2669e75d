#include "cli/replay_summary.h"

#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/absl_view.h"
#include "base/utc_time.h"
#include "cli/report.h"
#include "document/quote.h"
#include "nymstream/period.h"
#include "policy/document_shapes.h"
#include "policy/vocabulary.h"
#include "replay/fields_not_seen.h"
#include "replay/printable_name.h"

namespace nymstream {
namespace {

// "2026-01-31".
std::string DayText(int64_t unix_seconds) {
  const std::string text = UtcTimeText(unix_seconds);
  return text.substr(0, text.find('T'));
}

// Why records did not leave this release, if any did not.
void SaySuppressed(const Plan& plan, size_t index,
                   const ReleaseCounters& release) {
  const std::string& name = plan.releases[index].name;
  std::string reasons;
  for (size_t i = 0; i < release.suppressed_by.size(); ++i) {
    if (release.suppressed_by[i] == 0) continue;
    const auto reason = static_cast<SuppressionReason>(i);
    absl::StrAppend(&reasons, reasons.empty() ? "" : ", ",
                    ToAbsl(SuppressionReasonText(reason).name), " ",
                    release.suppressed_by[i]);
  }
  if (!reasons.empty()) Say(absl::StrCat(name, ": suppressed: ", reasons));
  for (size_t i = 0; i < release.suppressed_by_list.size(); ++i) {
    if (release.suppressed_by_list[i] == 0) continue;
    Say(absl::StrFormat("%s: suppressed by %s (%s): %d", name,
                        PrintableName(plan.rights[i].subjects),
                        RightName(plan.rights[i].right),
                        release.suppressed_by_list[i]));
  }
}

// Why nothing was released, where one reason kept all back that was treated.
void SayAllSuppressed(const ReleasePlan& plan, const ReleaseCounters& release,
                      int64_t as_of) {
  if (release.released > 0 || release.suppressed == 0) return;
  const auto all_by = [&](SuppressionReason reason) {
    return release.suppressed_by[static_cast<size_t>(reason)] ==
           release.suppressed;
  };
  std::string why;
  if (all_by(SuppressionReason::kRetention)) {
    why = absl::StrFormat(
        "older than %s as of %s; --as-of judges as of another time",
        PeriodText(plan.retention->period), DayText(as_of));
  } else if (all_by(SuppressionReason::kKeyEpochDestroyed)) {
    why = absl::StrFormat("the keys of their time (%s) are destroyed",
                          plan.epoch);
  } else {
    return;
  }
  Say(absl::StrFormat("no record was released to %s: %s", plan.name, why));
}

// Fields that leave as they are, and in which the leak guard redacted. In a
// list it may have been what is no address.
void SayGuarded(const Plan& plan, size_t index,
                const ReleaseCounters& release) {
  std::string fields;
  for (size_t i = 0; i < plan.fields.size(); ++i) {
    const uint64_t redacted =
        release.fields[i][static_cast<size_t>(FieldAction::kPartRedacted)];
    if (redacted == 0 || plan.fields[i].type == ValueType::kIpList ||
        plan.releases[index].fields[i].spec.treatment != Treatment::kKeep) {
      continue;
    }
    absl::StrAppend(&fields, fields.empty() ? "" : ", ",
                    plan.fields[i].path_text, " ", redacted);
  }
  if (fields.empty()) return;
  Say(absl::StrCat(plan.releases[index].name, ": leak guard redacted ", fields,
                   "; what no release gets stands there too, perhaps of a "
                   "member that the schema does not name"));
}

// The field of the event time, for a reason that is about it; else empty.
std::string EventTimeField(const Plan& plan, QuarantineReason reason) {
  if (reason != QuarantineReason::kEventTimeMissing &&
      reason != QuarantineReason::kEventTimeInvalid) {
    return "";
  }
  const auto field = static_cast<size_t>(plan.event_time_field);
  return absl::StrCat(" (", plan.fields[field].path_text, ")");
}

// " P1D from 2026-01-01 until 2026-02-01": what the keyring lacks around `day`,
// of each series of the releases that has no epoch then.
std::string KeyringGaps(const Plan& plan, const Keyring& keyring, int64_t day) {
  std::set<std::string> gaps;
  for (const ReleasePlan& release : plan.releases) {
    if (keyring.FindEpoch(release.epoch, day) >= 0) continue;
    std::string before;
    std::string after;
    // In order of time.
    for (const KeyEpoch& epoch : keyring.epochs()) {
      if (epoch.series != release.epoch) continue;
      if (epoch.until <= day) {
        before = " from " + DayText(epoch.until);
      } else if (after.empty()) {
        after = " until " + DayText(epoch.from);
      }
    }
    if (before.empty() && after.empty()) continue;
    gaps.insert(absl::StrCat(" ", release.epoch, before, after));
  }
  return absl::StrJoin(gaps, ",");
}

// What to do about records that no epoch of the keyring covers. Where memory
// for the keys was short, there may be nothing that it lacks.
std::string EpochRemedy(const Plan& plan, const ReplayPlaces& places,
                        int64_t day) {
  const std::string gaps = KeyringGaps(plan, *places.keyring, day);
  return absl::StrFormat(
      "the earliest is of %s%s%s; add epochs: nymstream keys rotate %s --from "
      "%s",
      DayText(day), gaps.empty() ? "" : ", and the keyring has none of", gaps,
      EscapeForMessage(places.keyring_path), DayText(day));
}

void SayQuarantined(const Plan& plan, const ReplayPlaces& places,
                    const Counters& counters) {
  for (size_t i = 0; i < counters.quarantined_by.size(); ++i) {
    if (counters.quarantined_by[i] == 0) continue;
    const auto reason = static_cast<QuarantineReason>(i);
    const ReasonText& text = QuarantineReasonText(reason);
    const std::string remedy =
        reason == QuarantineReason::kKeyEpochMissing
            ? EpochRemedy(plan, places, *counters.key_epoch_missing_from)
            : absl::StrCat(ToAbsl(text.remedy), EventTimeField(plan, reason));
    Say(absl::StrFormat("quarantined: %s %d; %s", text.name,
                        counters.quarantined_by[i], remedy));
  }
}

// A path that is mistyped matches nothing, and what it should have matched is
// dropped as what nobody classified. Such names are not told.
void SayNotSeen(const LoadedPipeline& loaded, const Counters& counters) {
  constexpr size_t kNamedMax = 8;
  const std::vector<size_t> fields = FieldsNotSeen(*loaded.plan, counters);
  const uint64_t unclassified = UnclassifiedMembers(counters);
  if (fields.empty() || unclassified == 0) return;
  if (!IsDocumentPath(loaded.pipeline.schema)) {
    Say(absl::StrFormat("%s of the shipped schema %s did not occur",
                        Counted(fields.size(), "optional field"),
                        loaded.plan->schema_name));
    return;
  }
  std::string names;
  for (size_t i = 0; i < fields.size() && i < kNamedMax; ++i) {
    const PlanField& field = loaded.plan->fields[fields[i]];
    absl::StrAppendFormat(&names, "%s%s (line %d)", i == 0 ? "" : ", ",
                          field.path_text, field.position.line);
  }
  if (fields.size() > kNamedMax) {
    absl::StrAppendFormat(&names, " and %d more", fields.size() - kNamedMax);
  }
  Say(absl::StrFormat(
      "%s: in no released record: %s; %s that it does not name %s dropped; "
      "does the log name a field otherwise?",
      loaded.schema_source.file, names, Counted(unclassified, "member"),
      unclassified == 1 ? "was" : "were"));
}

void SayNoneReleased(const Plan& plan, const Counters& counters) {
  const auto count = [&](QuarantineReason reason) {
    return counters.quarantined_by[static_cast<size_t>(reason)];
  };
  std::string text = absl::StrFormat(
      "no record was released: all %d were quarantined", counters.received);
  if (count(QuarantineReason::kNotJson) + count(QuarantineReason::kNotObject) +
          count(QuarantineReason::kNotCombined) ==
      counters.received) {
    absl::StrAppendFormat(&text,
                          "; does the schema's format (%s) fit this input?",
                          LogFormatName(plan.format));
  }
  Say(text);
}

}  // namespace

ExitCode SaySummary(const LoadedPipeline& loaded, const ReplayPlaces& places,
                    const ReplaySummary& summary) {
  const Plan& plan = *loaded.plan;
  for (size_t i = 0; i < plan.releases.size(); ++i) {
    const ReleaseCounters& release = summary.counters.releases[i];
    Say(absl::StrFormat(
        "%s: received %d = released %d + suppressed %d + quarantined %d",
        plan.releases[i].name, release.received, release.released,
        release.suppressed, release.quarantined));
    SaySuppressed(plan, i, release);
    SayAllSuppressed(plan.releases[i], release, summary.as_of);
    SayGuarded(plan, i, release);
  }
  SayQuarantined(plan, places, summary.counters);
  SayNotSeen(loaded, summary.counters);
  if (summary.counters.received == 0) {
    Say("nothing was read: no input holds a record");
    return ExitCode::kDone;
  }
  if (!summary.quarantine_ratio_exceeded) {
    if (summary.quarantine_ratio < 1) return ExitCode::kDone;
    SayNoneReleased(plan, summary.counters);
    return ExitCode::kFindings;
  }
  Say(absl::StrFormat(
      "%.4f of all records were quarantined, more than "
      "limits.quarantine_ratio_max (%g); see %s/quarantine.ndjson",
      summary.quarantine_ratio, plan.limits.quarantine_ratio_max,
      places.out_dir));
  return ExitCode::kFindings;
}

}  // namespace nymstream
