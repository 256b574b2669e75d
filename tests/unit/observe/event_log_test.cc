// Goal: each event is one valid JSON line, whatever happens around it. Method:
// pipes and files, an independent JSON parser, a clock whose hands we move.
#include "observe/event_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace nymstream {
namespace {

using Json = nlohmann::json;
using ::testing::SizeIs;

constexpr int64_t kSecond = 1'000'000'000;

// A pipe and a log that writes to it.
class EventLogTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(pipe2(ends_, O_CLOEXEC | O_NONBLOCK), 0);
    ASSERT_GT(fcntl(ends_[0], F_SETPIPE_SZ, 1 << 20), 0);
  }
  void TearDown() override {
    for (const int fd : ends_) {
      if (fd >= 0) close(fd);
    }
  }

  EventLogOptions Options() {
    EventLogOptions options;
    options.fd = ends_[1];
    options.clock = {[] { return int64_t{0}; },
                     [this] { return now_ns_.load(); },
                     [] { return int64_t{1'762'161'164'017}; }};
    options.config_names = {"raw",       "nymstream-web",     "broker-1:9092",
                            "say \"x\"", "\xc3\xa9t\xc3\xa9", "\xff"};
    return options;
  }

  std::string Read() {
    std::string text(1 << 20, '\0');
    const ssize_t got = read(ends_[0], text.data(), text.size());
    text.resize(got > 0 ? static_cast<size_t>(got) : 0);
    return text;
  }
  std::vector<Json> ReadLines() {
    std::vector<Json> lines;
    std::istringstream text(Read());
    for (std::string line; std::getline(text, line);) {
      lines.push_back(Json::parse(line));
    }
    return lines;
  }

  std::atomic<int64_t> now_ns_ = 0;
  int ends_[2] = {-1, -1};
};

TEST_F(EventLogTest, ALineHasTimeLevelEventAndTheFieldsInOrder) {
  EventLog log(Options());
  log.Emit(Event::kPartitionsAssigned,
           {{"lane", 0}, {"topic", log.Name("raw")}, {"partitions", 3U}});
  log.Emit(Event::kLaneFailed,
           {{"call", "commit_transaction"}, {"ratio", 0.25}, {"again", true}});
  EXPECT_EQ(Read(), R"({"time":"2025-11-03T09:12:44.017Z","level":"info",)"
                    R"("event":"partitions_assigned","lane":0,"topic":"raw",)"
                    R"("partitions":3})"
                    "\n"
                    R"({"time":"2025-11-03T09:12:44.017Z","level":"error",)"
                    R"("event":"lane_failed","call":"commit_transaction",)"
                    R"("ratio":0.25,"again":true})"
                    "\n");
}

TEST_F(EventLogTest, NumbersKeepTheirValue) {
  EventLog log(Options());
  log.Emit(Event::kCallRetried,
           {{"least", std::numeric_limits<int64_t>::min()},
            {"most", std::numeric_limits<uint64_t>::max()},
            {"none", std::numeric_limits<double>::quiet_NaN()}});
  const Json line = ReadLines().at(0);
  EXPECT_EQ(line["least"], std::numeric_limits<int64_t>::min());
  EXPECT_EQ(line["most"], std::numeric_limits<uint64_t>::max());
  EXPECT_TRUE(line["none"].is_null());
}

TEST_F(EventLogTest, OnlyNamesOfTheConfigurationAreTold) {
  EventLog log(Options());
  const auto told = [&](std::string_view name) {
    log.Emit(Event::kLaneStarted, {{"instance", log.Name(name)}});
    return ReadLines().at(0)["instance"].get<std::string>();
  };
  EXPECT_EQ(told("broker-1:9092"), "broker-1:9092");
  EXPECT_EQ(told("say \"x\""), "say \"x\"");
  EXPECT_EQ(told("\xc3\xa9t\xc3\xa9"), "\xc3\xa9t\xc3\xa9");
  EXPECT_EQ(told("alice@example.com"), "unlisted");
  EXPECT_EQ(told("rawest"), "unlisted");
  EXPECT_EQ(told(""), "unlisted");
  EXPECT_EQ(told("\xff"), "unlisted");  // no valid UTF-8
}

TEST_F(EventLogTest, TextOfALibraryBecomesAWordOfAList) {
  static constexpr Word kErrors[] = {"_TRANSPORT", "_FENCED"};
  const std::string from_library = "_FENCED";
  EXPECT_EQ(Word::Among(from_library, kErrors, "other").text(), "_FENCED");
  EXPECT_EQ(Word::Among("alice", kErrors, "other").text(), "other");
  EXPECT_EQ(Word::Of(QuarantineReason::kTooDeep).text(), "too_deep");
  EXPECT_EQ(Word::Of(SuppressionReason::kMinor).text(), "minor");
}

TEST_F(EventLogTest, AFloodOfOneEventHidesNoOther) {
  EventLog log(Options());
  for (int i = 0; i < 1000; ++i) log.Emit(Event::kBrokersDown, {{"lane", 0}});
  log.Emit(Event::kProducerFenced, {{"lane", 0}});
  std::vector<Json> lines = ReadLines();
  ASSERT_THAT(lines, SizeIs(kEventBurst + 1));
  EXPECT_EQ(lines.back()["event"], "producer_fenced");
  EXPECT_FALSE(lines.back().contains("dropped"));

  now_ns_ += kSecond;
  log.Emit(Event::kBrokersDown, {{"lane", 0}});
  log.Emit(Event::kBrokersDown, {{"lane", 0}});
  lines = ReadLines();
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_EQ(lines[0]["dropped"], 1000 - kEventBurst);

  // After a quiet time there is room for as many as at the start.
  now_ns_ += 3600 * kSecond;
  for (int i = 0; i < 1000; ++i) log.Emit(Event::kBrokersDown, {{"lane", 0}});
  lines = ReadLines();
  ASSERT_THAT(lines, SizeIs(kEventBurst));
  EXPECT_EQ(lines[0]["dropped"], 1);
  EXPECT_FALSE(lines[1].contains("dropped"));
}

TEST_F(EventLogTest, WhatWasDroppedIsToldAtTheEnd) {
  {
    EventLog log(Options());
    for (int i = 0; i < 25; ++i) log.Emit(Event::kCallRetried);
    EXPECT_THAT(ReadLines(), SizeIs(kEventBurst));
  }
  const std::vector<Json> lines = ReadLines();
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_EQ(lines[0]["event"], "events_dropped");
  EXPECT_EQ(lines[0]["of"], "call_retried");
  EXPECT_EQ(lines[0]["dropped"], 25 - kEventBurst);
}

TEST_F(EventLogTest, AReaderThatDoesNotReadStopsNobody) {
  ASSERT_EQ(fcntl(ends_[1], F_SETPIPE_SZ, 16384), 16384);
  ASSERT_EQ(fcntl(ends_[1], F_SETFL, O_WRONLY), 0);  // a write would block
  EventLog log(Options());
  for (int i = 0; i < kEventCount; ++i) {
    for (int k = 0; k < 10; ++k) log.Emit(static_cast<Event>(i), {{"lane", k}});
  }
  const std::vector<Json> lines = ReadLines();  // whole lines only
  EXPECT_GT(lines.size(), 20U);
  log.Emit(Event::kEventsDropped);
  EXPECT_EQ(ReadLines().at(0)["dropped"], 10);
}

TEST_F(EventLogTest, AReaderThatLeftIsNoError) {
  EventLog log(Options());
  close(ends_[0]);
  ends_[0] = -1;
  log.Emit(Event::kStageStarted);  // no SIGPIPE
}

TEST(EventLogDescriptorTest, AClosedDescriptorAndAFullDiskAreNoErrors) {
  for (const int fd : {-1, open("/dev/full", O_WRONLY | O_CLOEXEC)}) {
    EventLogOptions options;
    options.fd = fd;
    EventLog log(options);
    log.Emit(Event::kStageStarted);
    if (fd >= 0) close(fd);
  }
}

TEST_F(EventLogTest, ALineThatIsTooLongLosesItsFields) {
  EventLogOptions options = Options();
  const std::string long_name(kEventLineBytesMax, 'x');
  options.config_names.push_back(long_name);
  EventLog log(options);
  log.Emit(Event::kLaneStarted, {{"instance", log.Name(long_name)}});
  const Json line = ReadLines().at(0);
  EXPECT_EQ(line["event"], "lane_started");
  EXPECT_EQ(line["truncated"], true);
  EXPECT_FALSE(line.contains("instance"));
}

TEST_F(EventLogTest, LinesOfSeveralThreadsDoNotMix) {
  EventLog log(Options());
  std::vector<std::thread> threads;
  for (int lane = 0; lane < 4; ++lane) {
    threads.emplace_back([&, lane] {
      for (int i = 0; i < 200; ++i) {
        log.Emit(Event::kTransactionAborted,
                 {{"lane", lane}, {"topic", log.Name("raw")}});
        now_ns_ += kSecond;  // allows one more
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  uint64_t told = 0;
  for (const Json& line : ReadLines()) {
    told += 1 + line.value("dropped", uint64_t{0});
    EXPECT_EQ(line["topic"], "raw");
  }
  EXPECT_EQ(told, 800U);
}

}  // namespace
}  // namespace nymstream
