// Goal: a bench measures all it promises, its counts are the engine's, and no
// value of a record is in any report.
#include "measure/bench_run.h"

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "bench_pipeline.h"
#include "generate/log_generator.h"
#include "gtest/gtest.h"

namespace nymstream {
namespace {

std::string Log(int records) {
  LogGenerator generator({});
  std::string log;
  for (int i = 0; i < records; ++i) generator.AppendRecord(&log);
  return log;
}

BenchOptions Options() {
  BenchOptions options;
  options.plan = BenchPlan();
  options.engine.options.keyring = TestKeyring();
  options.engine.options.as_of = kTestDay;
  options.rounds = 2;
  options.engine_bytes = 1;  // one pass is enough
  options.limit_bytes = 1;
  return options;
}

TEST(BenchRunTest, EveryPartIsMeasuredOverAllRecords) {
  const std::string log = Log(300);
  BenchOptions options = Options();
  uint64_t done = 0;
  uint64_t all = 0;
  options.progress = [&](uint64_t now, uint64_t of) {
    done = now;
    all = of;
  };
  const auto report = RunBench(options, CutSample(log));
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(done, all);
  EXPECT_EQ(report->timed_records, 300u);
  EXPECT_EQ(report->timed_bytes, log.size());
  EXPECT_EQ(report->not_walked, 0u);
  ASSERT_EQ(report->releases.size(), 2u);
  for (const BenchRelease& release : report->releases) {
    EXPECT_EQ(release.released, 300u);
    EXPECT_GT(release.bytes, 0u);
  }
  ASSERT_EQ(report->stages.size(), 4u);  // limit, engine, two releases
  EXPECT_EQ(report->stages[0].of_limit.median, 1);
  for (size_t i = 1; i < report->stages.size(); ++i) {
    const Spread& share = report->stages[i].of_limit;
    EXPECT_GT(share.min, 0);
    EXPECT_LT(share.max, 1) << report->stages[i].name;
    EXPECT_LE(share.min, share.max);
  }
  EXPECT_EQ(report->guard.size(), 1u);
  EXPECT_FALSE(report->treatments.empty());
  size_t unmeasured = 0;
  for (const BenchCost& cost : report->fields) {
    unmeasured += !cost.measured;
    if (!cost.measured) {
      EXPECT_EQ(cost.name, "http_cookie");
    }
    EXPECT_LT(cost.share.max, 1) << cost.name;
  }
  EXPECT_EQ(unmeasured, 1u);
  EXPECT_EQ(report->fields.size() + report->fields_absent,
            options.plan->fields.size());
  EXPECT_EQ(report->over_time.size(), 2u);
}

TEST(BenchRunTest, NoValueOfARecordIsInAReport) {
  const std::string log = Log(50);
  auto report = RunBench(Options(), CutSample(log));
  ASSERT_TRUE(report.ok()) << report.status();
  report->input = "a file";
  const std::string all =
      ReportAsText(*report) + ReportAsJson(*report) + ReportAsHtml(*report);
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    const auto record = nlohmann::json::parse(line);
    for (const char* field :
         {"remote_addr", "device_id", "request_id", "request_uri",
          "http_cookie", "http_user_agent", "upstream_addr", "time_iso8601"}) {
      EXPECT_EQ(all.find(record.at(field)), std::string::npos) << field;
    }
  }
}

TEST(BenchRunTest, RecordsThatDoNotLeaveAreToldOf) {
  const auto none = RunBench(Options(), CutSample("no JSON\n{}\n"));
  EXPECT_EQ(none.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(none.status().message().find("JSON"), absl::string_view::npos);

  const auto some = RunBench(Options(), CutSample(Log(5) + "no JSON\n"));
  ASSERT_TRUE(some.ok()) << some.status();
  EXPECT_EQ(some->releases[0].quarantined, 1u);
  EXPECT_EQ(some->not_walked, 1u);
  EXPECT_NE(ReportAsText(*some).find("1 of 6 records were quarantined"),
            std::string::npos);
}

TEST(BenchRunTest, WithoutItsKeyringNothingIsMeasured) {
  BenchOptions options = Options();
  options.engine.options.keyring = nullptr;
  EXPECT_FALSE(RunBench(options, CutSample(Log(5))).ok());
}

}  // namespace
}  // namespace nymstream
