// Goal: one set of figures in three forms; whatever names hold, they stay text.
#include <nlohmann/json.hpp>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "measure/bench_report.h"
#include "measure/svg_chart.h"

namespace nymstream {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

BenchReport Report() {
  BenchReport report;
  report.version = "1.2.3";
  report.when = "2026-01-01T00:00:00Z";
  report.machine = {"a CPU", 2, "Linux 6", 0.5};
  report.pipeline = "edge";
  report.policy = "no-ip-2024";
  report.schema = "app";
  report.input = "a file";
  report.rounds = 3;
  report.passes = 1;
  report.timed_bytes = 1 << 20;
  report.timed_records = 1000;
  report.releases = {{"analytics", 990, 10, 0, 5000}};
  report.stages = {
      {"parse limit", {3000, 4000, 4100}, {200, 210, 220}, {1, 1, 1}},
      {"engine", {300, 310, 320}, {2000, 2100, 2200}, {0.07, 0.08, 0.09}}};
  report.fields = {{"remote_addr", "pseudonymize", true, {0.1, 0.2, 0.3}, 420},
                   {"cookie", "suppress", false, {}, 0},
                   {"status", "keep", true, {-0.1, 0.01, 0.1}, 20}};
  report.over_time = {{0.1, {90, 100, 110}}, {0.2, {190, 200, 210}}};
  return report;
}

TEST(BenchReportTest, TheTableHasEveryFigureAndWhatIsNotMeasured) {
  const std::string text = ReportAsText(Report());
  EXPECT_THAT(text, HasSubstr("2 cores"));
  EXPECT_THAT(text, HasSubstr("0.070         0.080   0.090"));
  EXPECT_THAT(text, HasSubstr("remote_addr"));
  EXPECT_THAT(text, HasSubstr("20.0    30.0"));
  EXPECT_THAT(text, HasSubstr("10 records were suppressed"));
}

TEST(BenchReportTest, JsonHoldsTheSameFigures) {
  const auto json = nlohmann::json::parse(ReportAsJson(Report()));
  EXPECT_EQ(json.at("stages")[1].at("of_parse_limit").at("median"), 0.08);
  EXPECT_EQ(json.at("machine").at("cores"), 2);
  EXPECT_EQ(json.at("fields")[0].at("share_of_engine").at("max"), 0.3);
  EXPECT_FALSE(json.at("fields")[0].at("within_noise"));
  EXPECT_FALSE(json.at("fields")[1].contains("share_of_engine"));
  EXPECT_TRUE(json.at("fields")[2].at("within_noise"));
  EXPECT_EQ(json.at("over_time").size(), 2u);
  EXPECT_EQ(json.at("notes").size(), 2u);  // suppressed records, the guard
}

TEST(BenchReportTest, ThePageNeedsNothingElse) {
  const std::string html = ReportAsHtml(Report());
  EXPECT_THAT(html, HasSubstr("310 MB/s, 0.080"));
  EXPECT_THAT(html, HasSubstr("<polyline"));
  for (const char* outside : {"http:", "https:", "<script", "<link", "url("}) {
    EXPECT_THAT(html, Not(HasSubstr(outside)));
  }
}

TEST(BenchReportTest, NamesAreEscaped) {
  BenchReport report = Report();
  report.pipeline = "<script>&\"";
  report.fields[0].name = "<b>";
  report.input = "\xff";
  EXPECT_THAT(ReportAsHtml(report), Not(HasSubstr("<script>")));
  EXPECT_THAT(ReportAsHtml(report), Not(HasSubstr("<b>")));
  EXPECT_TRUE(nlohmann::json::accept(ReportAsJson(report)));
}

TEST(BenchReportTest, NotesTellWhatFlattersOrBlursTheFigures) {
  BenchReport report = Report();
  report.seen_before = true;
  report.machine.load = 7;
  report.leak_guard = false;
  report.not_walked = 3;
  const std::string text = ReportAsText(report);
  EXPECT_THAT(text, HasSubstr("The input is small"));
  EXPECT_THAT(text, HasSubstr("load 7.0 on 2 cores"));
  EXPECT_THAT(text, HasSubstr("leak guard off"));
  EXPECT_THAT(text, HasSubstr("3 records are no JSON"));
}

KafkaBenchReport KafkaReport() {
  KafkaBenchReport report;
  report.machine = {"a CPU", 2, "Linux 6", 0.5};
  report.pipeline = "<edge>";
  report.rounds = 3;
  report.librdkafka = "2.0.2";
  report.partitions = 4;
  report.lanes = 1;
  report.records = 1000;
  report.bytes = 1 << 20;
  report.releases = {{"analytics", 990, 10, 0, 5000}};
  report.passthrough = {"passthrough",
                        {4, 5, 6},
                        {180, 190, 200},
                        {1800, 1900, 2000},
                        {3, 3.5, 4},
                        {100, 110, 120},
                        {{0.5, {1, 2, 3}}, {1, {2, 3, 4}}}};
  report.stage = report.passthrough;
  report.stage.name = "stage";
  report.stage.cpu_seconds_per_gigabyte = {4.5, 4.75, 5};
  report.of_passthrough_speed = {0.8, 0.91, 0.95};
  report.of_passthrough_cpu = {1.25, 1.375, 1.5};
  return report;
}

TEST(KafkaBenchReportTest, AllThreeFormsHaveTheFigures) {
  const std::string text = ReportAsText(KafkaReport());
  EXPECT_THAT(text, HasSubstr("4.50          4.75    5.00"));
  EXPECT_THAT(text, HasSubstr("0.800  0.910   0.950"));
  EXPECT_THAT(text, HasSubstr("10 records were suppressed"));
  EXPECT_THAT(text, Not(HasSubstr("small")));
  const auto json = nlohmann::json::parse(ReportAsJson(KafkaReport()));
  EXPECT_EQ(json.at("stage").at("cpu_seconds_per_gigabyte").at("median"), 4.75);
  EXPECT_EQ(json.at("of_passthrough").at("cpu").at("max"), 1.5);
  EXPECT_EQ(json.at("passthrough").at("over_time").size(), 2u);
  EXPECT_EQ(json.at("versions").at("librdkafka"), "2.0.2");
  const std::string html = ReportAsHtml(KafkaReport());
  EXPECT_THAT(html, HasSubstr("4.75 s, 120 MiB"));
  EXPECT_THAT(html, HasSubstr("0.910 (0.800 to 0.950)"));
  EXPECT_THAT(html, HasSubstr("<polyline"));
  EXPECT_THAT(html, Not(HasSubstr("<edge>")));
}

TEST(KafkaBenchReportTest, AShortRunIsNoted) {
  KafkaBenchReport report = KafkaReport();
  report.passthrough.seconds.min = 1;
  EXPECT_THAT(ReportAsText(report), HasSubstr("The input is small"));
}

TEST(SvgChartTest, WithoutAnExtentThereIsNoChart) {
  EXPECT_EQ(BarChart("t", {{"a", {0, 0, 0}, "", false}}), "");
  EXPECT_EQ(LineChart("t", "x", "y", {{1, {1, 1, 1}}}), "");
}

TEST(SvgChartTest, ALongNameIsCut) {
  const std::string svg =
      BarChart("t", {{std::string(100, 'n'), {1, 2, 3}, "2", false}});
  EXPECT_THAT(svg, HasSubstr("nnn...<"));
  EXPECT_THAT(svg, Not(HasSubstr(std::string(47, 'n'))));
}

}  // namespace
}  // namespace nymstream
