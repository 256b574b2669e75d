#include "measure/bench_report.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace nymstream {
namespace {

// Others were at work if more processes wanted to run than there are cores for,
// the bench's own taken off.
bool IsBusy(const Machine& machine) {
  return machine.load + 1 > static_cast<double>(machine.cores) + 0.5;
}

void AddBusy(const Machine& machine, std::vector<std::string>* caveats) {
  if (!IsBusy(machine)) return;
  caveats->push_back(absl::StrFormat(
      "The machine was busy: load %.1f on %s when the bench began. "
      "Ratios stand better than figures.",
      machine.load, CoresText(machine)));
}

// Of `records`, those that did not leave.
void AddOutcome(const std::vector<BenchRelease>& releases, uint64_t records,
                std::vector<std::string>* caveats) {
  if (!releases.empty() && releases.front().quarantined > 0) {
    caveats->push_back(absl::StrCat(
        releases.front().quarantined, " of ", records,
        " records were quarantined, which costs less than to release them; "
        "nymstream replay tells why."));
  }
  for (const BenchRelease& release : releases) {
    if (release.suppressed == 0) continue;
    caveats->push_back(absl::StrCat(
        "Release ", release.name, ": ", release.suppressed,
        " records were suppressed, which costs less than to release them."));
  }
}

constexpr const char* kGuardOff = "The pipeline has its leak guard off.";

// Below this what a run costs once weighs too much.
constexpr double kShortRunSeconds = 2;

}  // namespace

std::vector<std::string> Caveats(const BenchReport& report) {
  std::vector<std::string> caveats;
  if (report.seen_before) {
    caveats.push_back(
        "The input is small: the engine had seen every value before it was "
        "timed, which flatters it. Give 16 MiB or more.");
  }
  AddBusy(report.machine, &caveats);
  AddOutcome(report.releases, report.timed_records, &caveats);
  if (report.not_walked > 0) {
    caveats.push_back(absl::StrCat(
        report.not_walked,
        " records are no JSON that the parse limit could walk to its end."));
  }
  caveats.push_back(
      report.leak_guard
          ? "A cost against suppression can be below 0: the leak guard must "
            "look for a value that is suppressed, not for one that is kept."
          : kGuardOff);
  return caveats;
}

std::vector<std::string> Caveats(const KafkaBenchReport& report) {
  std::vector<std::string> caveats;
  if (report.passthrough.seconds.min < kShortRunSeconds) {
    caveats.push_back(
        "The input is small: a run took less than 2 s, in which starting and "
        "the last commit weigh much. Give more records.");
  }
  AddBusy(report.machine, &caveats);
  AddOutcome(report.releases, report.records, &caveats);
  if (!report.leak_guard) caveats.emplace_back(kGuardOff);
  return caveats;
}

}  // namespace nymstream
