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

std::string Number(double number) { return absl::StrFormat("%.2f", number); }

std::string Mebibytes(uint64_t bytes) {
  return absl::StrFormat("%.1f", static_cast<double>(bytes) / (1 << 20));
}

// Three lines, the last of which is `what` of the input.
std::string Heading(const BenchFacts& facts, const std::string& what) {
  return absl::StrCat(
      "nymstream ", facts.version, ", ", facts.when, "\n", facts.machine.cpu,
      ", ", CoresText(facts.machine), ", ", facts.machine.kernel, "\npipeline ",
      facts.pipeline, ", policy ", facts.policy, ", schema ", facts.schema,
      "\n", facts.input, ": ", what, "; rounds: ", facts.rounds, "; ");
}

std::string Notes(const std::vector<std::string>& caveats) {
  std::string text;
  for (const std::string& caveat : caveats) {
    absl::StrAppend(&text, "note: ", caveat, "\n");
  }
  return text;
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

std::string ReleaseTable(const BenchFacts& report) {
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

std::string MoverTable(const KafkaBenchReport& report) {
  TextTable table{{"on Kafka", "MB/s min", "median", "max", "records/s",
                   "CPU s/GB min", "median", "max", "peak MiB"},
                  {}};
  for (const KafkaMover* mover : {&report.passthrough, &report.stage}) {
    const Spread& speed = mover->megabytes_per_second;
    const Spread& cpu = mover->cpu_seconds_per_gigabyte;
    table.rows.push_back({mover->name, Number(speed.min), Number(speed.median),
                          Number(speed.max),
                          Whole(mover->records_per_second.median),
                          Number(cpu.min), Number(cpu.median), Number(cpu.max),
                          Whole(mover->peak_mebibytes.max)});
  }
  return AlignedTable(table);
}

std::string RatioTable(const KafkaBenchReport& report) {
  TextTable table{{"stage, of the passthrough", "min", "median", "max"}, {}};
  const auto add = [&](const char* name, const Spread& ratio) {
    table.rows.push_back(
        {name, Ratio(ratio.min), Ratio(ratio.median), Ratio(ratio.max)});
  };
  add("throughput", report.of_passthrough_speed);
  add("CPU", report.of_passthrough_cpu);
  return AlignedTable(table);
}

}  // namespace

std::string ReportAsText(const BenchReport& report) {
  std::string text = absl::StrCat(
      Heading(report,
              absl::StrCat(
                  report.timed_records, " records, ",
                  Mebibytes(report.timed_bytes), " MiB timed",
                  report.seen_before
                      ? " after they were read once"
                      : absl::StrCat(" after ", Mebibytes(report.warm_up_bytes),
                                     " MiB to warm up"))),
      "one thread, CPU time\n", Notes(Caveats(report)), "\n",
      StageTable(report), "\n", ReleaseTable(report));
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

std::string ReportAsText(const KafkaBenchReport& report) {
  return absl::StrCat(
      Heading(report, absl::StrCat(report.records, " records, ",
                                   Mebibytes(report.bytes), " MiB")),
      "librdkafka ", report.librdkafka, ", partitions: ", report.partitions,
      ", lanes: ", report.lanes, "\n", Notes(Caveats(report)), "\n",
      MoverTable(report), "\n", RatioTable(report), "\n", ReleaseTable(report));
}

}  // namespace nymstream
