#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "measure/bench_report.h"
#include "policy/table_text.h"

namespace nymstream {
namespace {

std::string Whole(double number) { return absl::StrFormat("%.0f", number); }
std::string Ratio(double number) { return absl::StrFormat("%.3f", number); }
std::string Percent(double share) {
  return absl::StrFormat("%.1f", share * 100);
}

std::string Heading(const BenchReport& report) {
  const auto mib = [](uint64_t bytes) {
    return absl::StrFormat("%.1f", static_cast<double>(bytes) / (1 << 20));
  };
  return absl::StrCat(
      "nymstream ", report.version, ", ", report.when, "\n", report.machine.cpu,
      ", ", CoresText(report.machine), ", ", report.machine.kernel,
      "\npipeline ", report.pipeline, ", policy ", report.policy, ", schema ",
      report.schema, "\n", report.input, ": ", report.timed_records,
      " records, ", mib(report.timed_bytes), " MiB timed",
      report.seen_before ? " after they were read once"
                         : absl::StrCat(" after ", mib(report.warm_up_bytes),
                                        " MiB to warm up"),
      "; rounds: ", report.rounds, "; one thread, CPU time\n");
}

std::string StageTable(const BenchReport& report) {
  TextTable table{{"stage", "MB/s min", "median", "max", "ns a record",
                   "of limit min", "median", "max"},
                  {}};
  for (const BenchStage& stage : report.stages) {
    const Spread& speed = stage.megabytes_per_second;
    const Spread& share = stage.of_limit;
    table.rows.push_back(
        {stage.name, Whole(speed.min), Whole(speed.median), Whole(speed.max),
         Whole(stage.nanoseconds_per_record.median), Ratio(share.min),
         Ratio(share.median), Ratio(share.max)});
  }
  return AlignedTable(table);
}

std::string CostTable(const std::string& what,
                      const std::vector<BenchCost>& costs) {
  TextTable table{{what, "where", "% of engine min", "median", "max",
                   "ns a record", "rounds"},
                  {}};
  for (const BenchCost& cost : costs) {
    if (!cost.measured) {
      table.rows.push_back({cost.name, cost.detail, "", "", "", "", ""});
      continue;
    }
    table.rows.push_back({cost.name, cost.detail, Percent(cost.share.min),
                          Percent(cost.share.median), Percent(cost.share.max),
                          Whole(cost.nanoseconds_per_record),
                          cost.within_noise() ? "disagree" : "agree"});
  }
  return AlignedTable(table);
}

std::string ReleaseTable(const BenchReport& report) {
  TextTable table{{"release", "released", "suppressed", "quarantined", "bytes"},
                  {}};
  for (const BenchRelease& release : report.releases) {
    table.rows.push_back({release.name, absl::StrCat(release.released),
                          absl::StrCat(release.suppressed),
                          absl::StrCat(release.quarantined),
                          absl::StrCat(release.bytes)});
  }
  return AlignedTable(table);
}

}  // namespace

std::string ReportAsText(const BenchReport& report) {
  std::string text = Heading(report);
  for (const std::string& caveat : Caveats(report)) {
    absl::StrAppend(&text, "note: ", caveat, "\n");
  }
  absl::StrAppend(&text, "\n", StageTable(report), "\n", ReleaseTable(report));
  if (!report.guard.empty()) {
    absl::StrAppend(&text, "\n",
                    CostTable("guard, against none", report.guard));
  }
  absl::StrAppend(
      &text, "\n",
      CostTable("treatment, against suppression", report.treatments), "\n",
      CostTable("field, against suppression", report.fields));
  if (report.fields_absent > 0) {
    absl::StrAppend(&text, report.fields_absent,
                    " more fields of the schema are not in these records.\n");
  }
  return text;
}

}  // namespace nymstream
