// Goal: what a record becomes does not depend on the records before it, though
// those like one before are not parsed.
// Method: a log at once, beside an engine of its own for each record, which
// knows of no other; logs that are generated, mutated, and made so that shapes
// take each other's place.
#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
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
      absl::StrAppend(&receipts_, receipt.offset, " ", receipt.index, " ",
                      receipt.size, " ", static_cast<int>(receipt.reason),
                      "\n");
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

// `lines` with their line ends, as a file.
void ExpectEachAsAlone(const std::shared_ptr<const Plan>& plan,
                       const std::vector<std::string>& lines) {
  DeidentifierOptions small;
  small.memo_bytes = 16 << 10;
  RawBatch raw;
  raw.source = "test";
  ReleasedBatch released;
  Joined together;
  Joined alone;
  std::string text;
  for (const std::string& line : lines) {
    raw.Clear();
    raw.Add(line, text.size());
    EngineHarness(plan, small).deidentifier().Process(raw, &released);
    alone.Add(released);
    text += line;
  }
  raw.Clear();
  raw.Add(text, 0);
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

}  // namespace
}  // namespace nymstream
