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

uint64_t Quarantined(const BenchReport& report) {
  return report.releases.empty() ? 0 : report.releases.front().quarantined;
}

}  // namespace

std::vector<std::string> Caveats(const BenchReport& report) {
  std::vector<std::string> caveats;
  if (report.seen_before) {
    caveats.push_back(
        "The input is small: the engine had seen every value before it was "
        "timed, which flatters it. Give 16 MiB or more.");
  }
  if (IsBusy(report.machine)) {
    caveats.push_back(absl::StrFormat(
        "The machine was busy: load %.1f on %s when the bench began. "
        "Ratios stand better than figures.",
        report.machine.load, CoresText(report.machine)));
  }
  if (Quarantined(report) > 0) {
    caveats.push_back(absl::StrCat(
        Quarantined(report), " of ", report.timed_records,
        " records were quarantined, which costs less than to release them; "
        "nymstream replay tells why."));
  }
  for (const BenchRelease& release : report.releases) {
    if (release.suppressed == 0) continue;
    caveats.push_back(absl::StrCat(
        "Release ", release.name, ": ", release.suppressed,
        " records were suppressed, which costs less than to release them."));
  }
  if (report.not_walked > 0) {
    caveats.push_back(absl::StrCat(
        report.not_walked,
        " records are no JSON that the parse limit could walk to its end."));
  }
  if (report.leak_guard) {
    caveats.push_back(
        "A cost against suppression can be below 0: the leak guard must look "
        "for a value that is suppressed, not for one that is kept.");
  } else {
    caveats.push_back("The pipeline has its leak guard off.");
  }
  return caveats;
}

}  // namespace nymstream
