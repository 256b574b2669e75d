// Goal: it shows nowhere whether a record was recognised by its shape or
// parsed, whatever shapes came before and stand beside it. Method: the same
// records once as they are and once with a tab before each, which makes every
// one be parsed: releases, receipts and counters must be the same. In orders
// that make shapes take each other's place while records wait.
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "support/engine_harness.h"

namespace nymstream {
namespace {

constexpr char kPipeline[] = R"yaml(
pipeline: test
schema: nginx-json
policy: no-ip-2024
releases:
  - {name: analytics, use: analytics.reporting, audience: internal, level: pseudonymized, epoch: P30D}
  - {name: statistics, use: analytics.reporting, audience: third_party, level: anonymized}
keys: {keyring: keyring}
)yaml";

// A record of one of many shapes. Even ones hold numbers only, which every
// release keeps; odd ones what must not leave.
std::string Record(size_t shape, size_t number) {
  std::string text =
      absl::StrCat("{\"time_iso8601\":\"2026-01-05T00:00:", 10 + number % 50,
                   "Z\",", std::string(shape, ' '));
  if (shape % 2 == 0) {
    absl::StrAppend(&text, "\"status\":200,\"body_bytes_sent\":", number,
                    ",\"request_length\":14,\"request_time\":0.1}");
  } else {
    absl::StrAppend(&text, "\"remote_addr\":\"203.0.113.", number % 250,
                    "\",\"http_cookie\":\"sid=canary", number,
                    "\",\"nobody_knows\":\"canary", number,
                    "\",\"status\":404,\"nested\":{\"a\":[1,\"x\"]}}");
  }
  return text;
}

Outcome Run(const std::vector<std::string>& records, std::string_view before) {
  std::string log;
  for (const std::string& record : records) {
    absl::StrAppend(&log, std::string(before), record, "\n");
  }
  EngineHarness engine(MakePlan(kPipeline, ShippedText("policies/no-ip-2024"),
                                ShippedText("schemas/nginx-json")));
  return engine.Run(log);
}

void ExpectSameEitherWay(const std::vector<size_t>& shapes) {
  std::vector<std::string> records;
  for (const size_t shape : shapes) {
    records.push_back(Record(shape, records.size()));
  }
  const Outcome shaped = Run(records, "");
  const Outcome parsed = Run(records, "\t");
  ASSERT_EQ(shaped.releases, parsed.releases);
  ASSERT_EQ(shaped.receipts.size(), parsed.receipts.size());
  ASSERT_EQ(shaped.counters.releases.size(), parsed.counters.releases.size());
  for (size_t i = 0; i < shaped.counters.releases.size(); ++i) {
    ASSERT_EQ(shaped.counters.releases[i].fields,
              parsed.counters.releases[i].fields);
    ASSERT_EQ(shaped.counters.releases[i].released, records.size());
  }
}

TEST(ShapedRecordsTest, AnyOrderOfFewShapes) {
  std::mt19937 random(3);
  for (const size_t count : std::vector<size_t>{1, 2, 5, 8, 9}) {
    std::vector<size_t> shapes;
    for (int i = 0; i < 400; ++i) shapes.push_back(random() % count);
    ExpectSameEitherWay(shapes);
  }
}

// Each comes twice, so that it is learnt and then recognised.
TEST(ShapedRecordsTest, ManyShapesInTurn) {
  std::vector<size_t> shapes;
  for (size_t i = 0; i < 300; ++i) {
    shapes.insert(shapes.end(), {i % 40, i % 40, i % 7});
  }
  ExpectSameEitherWay(shapes);
}

// What the plan says of a shape was forgotten by age, though a record in hand
// had it: seven older shapes and seven newer ones stand between its first
// record and the last, and two new ones follow before that one is written.
TEST(ShapedRecordsTest, AShapeThatIsInHandIsNotForgotten) {
  for (size_t padding = 0; padding < 8; ++padding) {
    std::vector<size_t> shapes;
    const auto add = [&](size_t shape, int times) {
      shapes.insert(shapes.end(), static_cast<size_t>(times), shape);
    };
    for (size_t i = 0; i < 7; ++i) add(20 + i, 1);
    add(1, 2);
    for (size_t i = 0; i < 7; ++i) add(20 + i, 1);
    for (size_t i = 0; i < 7; ++i) add(30 + i, 2);
    add(1, static_cast<int>(padding) + 1);
    add(2, 2);
    add(4, 2);
    ExpectSameEitherWay(shapes);
    if (testing::Test::HasFatalFailure()) return;
  }
}

TEST(ShapedRecordsTest, AnyOrderOfMoreShapesThanAreKnown) {
  std::mt19937 random(4);
  for (int round = 0; round < 40; ++round) {
    std::vector<size_t> shapes;
    size_t window = 0;
    while (shapes.size() < 150) {
      if (random() % 4 == 0) window = random() % 30;
      const size_t shape = window + random() % 10;
      shapes.insert(shapes.end(), 1 + random() % 2, shape);
    }
    ExpectSameEitherWay(shapes);
    if (testing::Test::HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace nymstream
