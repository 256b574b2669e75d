#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/absl_view.h"
#include "measure/bench_report.h"
#include "measure/svg_chart.h"

namespace nymstream {
namespace {

constexpr std::string_view kStyle = R"(
:root { color-scheme: light dark; --ink: #1d2433; --soft: #5b6577;
  --page: #fff; --bar: #2b6cb0; --reference: #9aa5b5; --grid: #dde2ea; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebf1; --soft: #a3adbd;
  --page: #161a22; --bar: #63a4e0; --reference: #6b7686; --grid: #303846; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink);
  background: var(--page); max-width: 880px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2.2rem; }
p, li, td, th { color: var(--ink); } .soft { color: var(--soft); }
svg { width: 100%; height: auto; display: block; }
svg text { font: 13px system-ui, sans-serif; fill: var(--ink); }
.bar { fill: var(--bar); } .reference { fill: var(--reference); }
.whisker { stroke: var(--ink); stroke-width: 1; }
.axis { stroke: var(--soft); stroke-width: 1; }
.grid { stroke: var(--grid); stroke-width: 1; }
.line { fill: none; stroke: var(--bar); stroke-width: 2; }
.band { fill: var(--bar); opacity: .25; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: right; padding: .2rem .5rem;
  border-bottom: 1px solid var(--grid); }
th:first-child, td:first-child { text-align: left; }
)";

std::string Paragraph(std::string_view kind, std::string_view text) {
  return absl::StrCat("<p class=\"", ToAbsl(kind), "\">", EscapeHtml(text),
                      "</p>\n");
}

std::string Heading(std::string_view text) {
  return absl::StrCat("<h2>", EscapeHtml(text), "</h2>\n");
}

// `input` and `method`: what was read, and how it was measured.
std::string Summary(const BenchFacts& facts,
                    const std::vector<std::string>& caveats,
                    std::string_view input, std::string_view method) {
  std::string html =
      absl::StrCat("<h1>What ", EscapeHtml(facts.pipeline), " costs</h1>\n");
  html += Paragraph(
      "soft",
      absl::StrFormat("nymstream %s, %s. %s, %s, %s. Policy %s, schema %s.",
                      facts.version, facts.when, facts.machine.cpu,
                      CoresText(facts.machine), facts.machine.kernel,
                      facts.policy, facts.schema));
  html += Paragraph(
      "soft",
      absl::StrFormat("Input: %s, %s. Rounds: %d, in turn%s. Bars reach to "
                      "the median, whiskers from the lowest round to the "
                      "highest.",
                      facts.input, input, facts.rounds, method));
  for (const std::string& caveat : caveats) {
    html += Paragraph("note", absl::StrCat("Note: ", caveat));
  }
  return html;
}

std::string Stages(const BenchReport& report) {
  std::vector<ChartBar> bars;
  for (const BenchStage& stage : report.stages) {
    bars.push_back(
        {stage.name, stage.megabytes_per_second,
         absl::StrFormat("%.0f MB/s, %.3f", stage.megabytes_per_second.median,
                         stage.of_limit.median),
         bars.empty()});
  }
  return absl::StrCat(
      Heading("Throughput of each stage, and its share of the parse limit"),
      BarChart("Throughput of each stage in MB per second of CPU", bars));
}

std::string Costs(std::string_view title, const std::vector<BenchCost>& costs) {
  std::vector<ChartBar> bars;
  std::string unmeasured;
  for (const BenchCost& cost : costs) {
    if (!cost.measured) {
      absl::StrAppend(&unmeasured, unmeasured.empty() ? "" : ", ", cost.name);
      continue;
    }
    bars.push_back(
        {cost.name, cost.share,
         cost.within_noise()
             ? "rounds disagree"
             : absl::StrFormat("%.1f %%, %.0f ns", cost.share.median * 100,
                               cost.nanoseconds_per_record)});
  }
  if (bars.empty()) return "";
  std::string html = absl::StrCat(Heading(title), BarChart(title, bars));
  if (!unmeasured.empty()) {
    html += Paragraph("soft", absl::StrCat("Suppressed in every release, so "
                                           "there is nothing to leave out: ",
                                           unmeasured, "."));
  }
  return html;
}

std::string OverTime(const BenchReport& report) {
  std::vector<ChartPoint> points;
  for (const BenchReport::Moment& moment : report.over_time) {
    points.push_back({moment.seconds, moment.megabytes_per_second});
  }
  const std::string chart =
      LineChart("Throughput of the engine over time", "seconds of CPU",
                "MB per second of CPU", points);
  if (chart.empty()) return "";
  return absl::StrCat(
      Heading("Throughput of the engine over time"), chart,
      Paragraph("soft",
                "From an empty memo of treated values: it gets faster as "
                "values repeat. The line is the median of the rounds for each "
                "batch, the band their lowest and highest."));
}

std::string Releases(const BenchFacts& report) {
  std::string html = absl::StrCat(
      Heading("What became of the records"),
      "<table>\n<tr><th>release</th><th>released</th><th>suppressed</th>"
      "<th>quarantined</th><th>bytes</th></tr>\n");
  for (const BenchRelease& release : report.releases) {
    absl::StrAppend(&html, "<tr><td>", EscapeHtml(release.name), "</td><td>",
                    release.released, "</td><td>", release.suppressed,
                    "</td><td>", release.quarantined, "</td><td>",
                    release.bytes, "</td></tr>\n");
  }
  return html + "</table>\n";
}

std::string Movers(const KafkaBenchReport& report) {
  std::vector<ChartBar> speeds;
  std::vector<ChartBar> costs;
  for (const KafkaMover* mover : {&report.passthrough, &report.stage}) {
    const bool is_reference = mover == &report.passthrough;
    speeds.push_back(
        {mover->name, mover->megabytes_per_second,
         absl::StrFormat("%.1f MB/s", mover->megabytes_per_second.median),
         is_reference});
    costs.push_back({mover->name, mover->cpu_seconds_per_gigabyte,
                     absl::StrFormat("%.2f s, %.0f MiB",
                                     mover->cpu_seconds_per_gigabyte.median,
                                     mover->peak_mebibytes.max),
                     is_reference});
  }
  const auto text = [](const Spread& ratio) {
    return absl::StrFormat("%.3f (%.3f to %.3f)", ratio.median, ratio.min,
                           ratio.max);
  };
  return absl::StrCat(
      Heading("Throughput on Kafka"),
      BarChart("Throughput in MB per second", speeds),
      Heading("CPU seconds for each GB, and peak memory"),
      BarChart("CPU seconds for each GB", costs),
      Paragraph(
          "soft",
          absl::StrCat(
              "Of the passthrough, which moves the same records "
              "unchanged, the stage has ",
              text(report.of_passthrough_speed),
              " of the throughput and takes ", text(report.of_passthrough_cpu),
              " of the CPU time. It moves ",
              absl::StrFormat("%.0f records/s, the passthrough %.0f.",
                              report.stage.records_per_second.median,
                              report.passthrough.records_per_second.median))));
}

std::string OverTime(const KafkaMover& mover) {
  std::vector<ChartPoint> points;
  for (const KafkaMover::Moment& moment : mover.over_time) {
    points.push_back({moment.seconds, moment.megabytes_per_second});
  }
  const std::string title =
      absl::StrCat("Throughput of the ", mover.name, " over time");
  const std::string chart = LineChart(title, "seconds", "MB/s", points);
  return chart.empty() ? "" : absl::StrCat(Heading(title), chart);
}

std::string Page(const BenchFacts& facts, std::string_view body) {
  return absl::StrCat(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n<title>",
      EscapeHtml(facts.pipeline), ": nymstream bench</title>\n<style>",
      ToAbsl(kStyle), "</style>\n</head>\n<body>\n", ToAbsl(body),
      "</body>\n</html>\n");
}

}  // namespace

std::string ReportAsHtml(const BenchReport& report) {
  return Page(
      report,
      absl::StrCat(
          Summary(report, Caveats(report),
                  absl::StrFormat(
                      "%d records, %.1f MiB timed", report.timed_records,
                      static_cast<double>(report.timed_bytes) / (1 << 20)),
                  " on one thread, CPU time"),
          Stages(report),
          Costs("Leak guard, on against off, of the engine's time",
                report.guard),
          Costs("Each treatment against suppression, of the engine's time",
                report.treatments),
          Costs("Each field against suppression, of the engine's time",
                report.fields),
          OverTime(report), Releases(report)));
}

std::string ReportAsHtml(const KafkaBenchReport& report) {
  return Page(
      report,
      absl::StrCat(
          Summary(report, Caveats(report),
                  absl::StrFormat("%d records, %.1f MiB in %d partitions",
                                  report.records,
                                  static_cast<double>(report.bytes) / (1 << 20),
                                  report.partitions),
                  absl::StrFormat(", librdkafka %s, lanes: %d",
                                  report.librdkafka, report.lanes)),
          Movers(report), OverTime(report.stage), OverTime(report.passthrough),
          Releases(report)));
}

}  // namespace nymstream
