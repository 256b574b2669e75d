// Goal: what a record becomes does not depend on the records before it, though
// those like one before are not parsed.
// Method: a log at once, beside an engine of its own for each record, which
// knows of no other; logs that are generated, mutated, and made so that shapes
// take each other's place.
#include <algorithm>
#include <array>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "generate/log_generator.h"
#include "gtest/gtest.h"
#include "support/engine_harness.h"

namespace nymstream {
namespace {

constexpr char kSchema[] = R"yaml(
schema: test
format: json
event_time: time
fields:
  time:       {category: system.operations, type: timestamp}
  address:    {category: user.device.ip_address, type: ip}
  account:    {category: user.account.username, type: id}
  note:       {category: system.operations, type: text}
  host:       {category: system.operations, type: enum}
  status:     {category: system.operations, type: number}
  size:       {category: system.operations, type: number}
  resumed:    {category: system.operations, type: boolean}
  age:        {category: user.demographic.age_range, type: age}
  inner.uri:  {category: user.behavior.browsing_history, type: url}
  'hops[*]':  {category: user.device.ip_address, type: ip}
)yaml";

constexpr char kPipeline[] = R"yaml(
pipeline: test
schema: test
policy: no-ip-2024
keys: {keyring: keyring}
limits: {record_bytes_max: 2KiB}
releases:
  - {name: inside, use: analytics, audience: internal, level: pseudonymized, epoch: P30D, source_coordinates: true}
  - {name: partners, use: analytics, audience: third_party, level: unlinked_pseudonymized, epoch: P1D}
  - {name: published, use: analytics, audience: third_party, level: anonymized}
)yaml";

std::shared_ptr<const Plan> TestPlan(std::string_view more = "") {
  return MakePlan(absl::StrCat(kPipeline, std::string(more)),
                  ShippedText("policies/no-ip-2024"), kSchema);
}

// As one Outcome, with nothing of batches in it.
class Joined {
 public:
  void Add(const ReleasedBatch& batch) {
    releases_.resize(static_cast<size_t>(batch.releases()));
    for (int i = 0; i < batch.releases(); ++i) {
      releases_[static_cast<size_t>(i)] += batch.bytes(i);
    }
    for (const Receipt& receipt : batch.receipts()) {
      absl::StrAppend(&receipts_, receipt.offset, " ", receipt.size, " ",
                      static_cast<int>(receipt.reason), "\n");
    }
    counters_.Add(batch.counters());
  }
  void ExpectEqual(const Joined& other) const {
    ASSERT_EQ(releases_, other.releases_);
    ASSERT_EQ(receipts_, other.receipts_);
    ASSERT_EQ(counters_.received, other.counters_.received);
    ASSERT_EQ(counters_.received_bytes, other.counters_.received_bytes);
    ASSERT_EQ(counters_.empty_lines, other.counters_.empty_lines);
    ASSERT_EQ(counters_.quarantined_by, other.counters_.quarantined_by);
    for (size_t i = 0; i < releases_.size(); ++i) {
      const ReleaseCounters& mine = counters_.releases[i];
      const ReleaseCounters& its = other.counters_.releases[i];
      ASSERT_EQ(mine.released, its.released);
      ASSERT_EQ(mine.suppressed_by, its.suppressed_by);
      ASSERT_EQ(mine.leak_guard_redactions, its.leak_guard_redactions);
      ASSERT_EQ(mine.bytes, its.bytes);
      ASSERT_EQ(mine.fields, its.fields);
    }
  }

 private:
  std::vector<std::string> releases_;
  std::string receipts_;
  Counters counters_;
};

// How a log comes.
enum class Cut { kFile, kSegments };

// `lines` with their line ends.
void ExpectEachAsAlone(const std::shared_ptr<const Plan>& plan,
                       const std::vector<std::string>& lines,
                       Cut cut = Cut::kFile) {
  DeidentifierOptions small;
  small.memo_bytes = 16 << 10;
  const bool is_file = cut == Cut::kFile;
  RawBatch raw;
  raw.source = "test";
  raw.offsets_are_bytes = is_file;
  ReleasedBatch released;
  Joined together;
  Joined alone;
  std::string text;
  for (size_t i = 0; i < lines.size(); ++i) {
    raw.Clear();
    raw.Add(lines[i], is_file ? text.size() : i);
    EngineHarness(plan, small).deidentifier().Process(raw, &released);
    alone.Add(released);
    text += lines[i];
  }
  raw.Clear();
  if (is_file) raw.Add(text, 0);
  for (size_t i = 0; !is_file && i < lines.size(); ++i) raw.Add(lines[i], i);
  EngineHarness(plan, small).deidentifier().Process(raw, &released);
  together.Add(released);
  together.ExpectEqual(alone);
}

// A record of a shape of its own, of which nothing but time and status leaves.
std::string OtherShape(int number) {
  return absl::StrCat(R"({"time":"2026-01-05T10:11:12Z","m)", number,
                      R"(":"x","status":)", number, "}\n");
}

// More shapes than are kept, while a record of one of them is in hand.
TEST(ShapedRecordsTest, RulesOfARecordInHandStayWhenOtherShapesCome) {
  const std::string kept_last =
      R"({"time":"2026-01-05T10:11:12Z","address":"198.51.100.77","status":1})"
      "\n";
  const std::string kept_first =
      R"({"time":"2026-01-05T10:11:12Z","status":1,"address":"198.51.100.77"})"
      "\n";
  for (int before = 0; before < 8; ++before) {
    std::vector<std::string> lines;
    const auto twice = [&](const std::string& line) {
      lines.insert(lines.end(), 2, line);
    };
    for (int i = 0; i < 7; ++i) lines.push_back(OtherShape(i));
    twice(kept_last);
    for (int i = 0; i < 7; ++i) lines.push_back(OtherShape(i));
    for (int i = 7; i < 14; ++i) twice(OtherShape(i));
    for (int i = 0; i <= before; ++i) lines.push_back(kept_last);
    twice(OtherShape(14));
    twice(kept_first);
    ExpectEachAsAlone(TestPlan(), lines);
    if (HasFatalFailure()) return;
  }
}

// Of every kind of value and container.
const std::vector<std::string>& CleanRecords() {
  static const std::vector<std::string> records = {
      R"({"time":"2026-01-05T10:11:12Z","address":"198.51.100.77","status":200,"size":12,"note":"from 198.51.100.77","new":"198.51.100.77"})",
      R"({"status":200,"size":12,"time":"2026-01-06T10:11:12Z","status":1,"account":"ann","note":"for ann","host":"ann"})",
      R"({"time":"2026-01-05T10:11:12Z","resumed":true,"account":null,"size":"7","status":null,"age":30,"note":"30"})",
      R"({"inner":{"uri":"https://a.example/?q=1","other":"x"},"hops":["198.51.100.77","203.0.113.9"],"time":"2026-01-05T10:11:12Z","age":{"at":"9"}})",
      R"({"time":"2026-01-05T10:11:12Z","time":"2026-01-05T10:11:12Z","inner":{},"hops":[],"note":{"a":["198.51.100.77",1]},"account":"-"})",
      R"( { "time" : 1767607872 , "hops" : [ { "x" : "y" } , "::1" ] , "inner" : { "uri" : 5 , "list" : [ "secret" ] } , "account" : "secret" } )",
      R"({"time":"2026-01-05T10:11:12Z","account":"a\u0062c","note":"abc","size":4711,"new":4711})",
      R"({"status":471147114,"new":"471147114","size":12,"time":"2026-01-05T10:11:12Z","host":"a","gone":12})",
      R"({"note":"no time","address":"198.51.100.77"})",
      R"({"time":{"at":"2026-01-05T10:11:12Z"},"status":1})",
      R"({})",
  };
  return records;
}

std::string Mutated(std::string text, std::mt19937* random) {
  constexpr std::string_view kBytes = "\"\"\"{}[]:,,0129.-tfn x\t\r\\\x80";
  const auto draw = [&](size_t below) { return (*random)() % below; };
  for (auto edits = draw(3); edits > 0 && !text.empty(); --edits) {
    const size_t at = draw(text.size());
    switch (draw(4)) {
      case 0:
        text[at] = kBytes[draw(kBytes.size())];
        break;
      case 1:
        text.insert(at, 1, kBytes[draw(kBytes.size())]);
        break;
      case 2:
        text.erase(at, draw(3) + 1);
        break;
      default:  // a part of it once more
        text.insert(draw(text.size()), text.substr(at, draw(40)));
    }
  }
  return text;
}

void ExpectMutatedAsAlone(const std::shared_ptr<const Plan>& plan, Cut cut,
                          unsigned seed) {
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  constexpr std::array<std::string_view, 6> kEnds = {"\n",     "\n",  "\r\n",
                                                     "\r\r\n", " \n", "\n\n"};
  std::vector<std::string> lines;
  // Few kinds at a time, so that most are like one before.
  const size_t kinds = random() % CleanRecords().size() + 1;
  const size_t first = random() % CleanRecords().size();
  for (int i = 0; i < 60; ++i) {
    std::string line =
        CleanRecords()[(first + random() % kinds) % CleanRecords().size()];
    if (random() % 3 == 0) line = Mutated(line, &random);
    if (random() % 40 == 0) {  // too large
      const size_t value = line.find("T10:11");
      line.insert(std::min(value, line.size()), 3000, 'y');
    }
    if (cut == Cut::kFile || random() % 2 == 0) {
      line += kEnds[random() % kEnds.size()];
    } else if (random() % 4 == 0) {
      line += "\r";
    }
    if (cut == Cut::kSegments && random() % 20 == 0) {
      line.insert(0, "\xEF\xBB\xBF");
    }
    lines.push_back(line);
  }
  if (random() % 2 == 0) lines.push_back(CleanRecords()[first]);
  ExpectEachAsAlone(plan, lines, cut);
}

TEST(ShapedRecordsTest, WhatBecomesOfARecordIsNoMatterOfThoseBefore) {
  const auto guarded = TestPlan();
  const auto unguarded = TestPlan("leak_guard: false\n");
  for (unsigned seed = 0; seed < 20; ++seed) {
    for (const auto& plan : {guarded, unguarded}) {
      ExpectMutatedAsAlone(plan, Cut::kFile, seed);
      ExpectMutatedAsAlone(plan, Cut::kSegments, seed);
      if (HasFatalFailure()) return;
    }
  }
}

TEST(ShapedRecordsTest, GeneratedRecordsAreReleasedAsAlone) {
  for (const auto& [format, schema] :
       {std::pair(GeneratedFormat::kNginxJson, "nginx-json"),
        std::pair(GeneratedFormat::kCaddy, "caddy")}) {
    const auto plan = MakePlan(
        absl::StrReplaceAll(kPipeline,
                            {{"schema: test", absl::StrCat("schema: ", schema)},
                             {"2KiB", "64KiB"}}),
        ShippedText("policies/no-ip-2024"),
        ShippedText(absl::StrCat("schemas/", schema)));
    LogGenerator generator({.format = format});
    std::vector<std::string> lines;
    for (int i = 0; i < 200; ++i) {
      generator.AppendRecord(&lines.emplace_back());
    }
    ExpectEachAsAlone(plan, lines);
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace nymstream
