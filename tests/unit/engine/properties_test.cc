// Goal: what holds for every input: valid output, counters that add up, bytes
// that don't depend on how the input is cut, equal values equal pseudonyms.
// Method: generated logs and mutated records, each run with a printed seed.
#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "generate/log_generator.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "support/engine_harness.h"

namespace nymstream {
namespace {

constexpr char kReleases[] = R"yaml(
keys: {keyring: keyring}
releases:
  - {name: inside, use: analytics, audience: internal, level: pseudonymized, epoch: P30D}
  - {name: partners, use: analytics, audience: third_party, level: unlinked_pseudonymized, epoch: P1D}
  - {name: published, use: analytics, audience: third_party, level: anonymized}
)yaml";

std::shared_ptr<const Plan> PlanFor(const std::string& schema) {
  return MakePlan(absl::StrCat("pipeline: test\nschema: ", schema,
                               "\npolicy: no-ip-2024\n", kReleases),
                  ShippedText("policies/no-ip-2024"),
                  ShippedText("schemas/" + schema));
}

std::string Generated(GeneratedFormat format, int records, uint64_t seed) {
  LogGeneratorOptions options;
  options.format = format;
  options.seed = seed;
  LogGenerator generator(options);
  std::string log;
  for (int i = 0; i < records; ++i) generator.AppendRecord(&log);
  return log;
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

void ExpectSound(const Outcome& outcome) {
  for (size_t i = 0; i < outcome.releases.size(); ++i) {
    const ReleaseCounters& counters = outcome.counters.releases[i];
    EXPECT_TRUE(counters.AddUp());
    EXPECT_EQ(counters.received, outcome.counters.received);
    EXPECT_EQ(counters.bytes, outcome.releases[i].size());
    EXPECT_EQ(counters.quarantined, outcome.receipts.size());
    uint64_t suppressed = 0;
    for (const uint64_t count : counters.suppressed_by) suppressed += count;
    EXPECT_EQ(counters.suppressed, suppressed);
    const std::vector<std::string> lines = Lines(outcome.releases[i]);
    EXPECT_EQ(counters.released, lines.size());
    for (const std::string& line : lines)
      EXPECT_TRUE(nlohmann::json::accept(line)) << line;
  }
}

// Changes some bytes, so that most records break and some live on.
std::string Mutated(const std::string& log, std::mt19937_64& random) {
  static constexpr char kBytes[] = "\"\\{}[],: \t%u0e-.@\x80\xff\0/";
  std::string text = log;
  std::uniform_int_distribution<size_t> where(0, text.size() - 1);
  std::uniform_int_distribution<size_t> what(0, sizeof(kBytes) - 2);
  for (size_t i = 0; i < text.size() / 1500; ++i) {
    const size_t at = where(random);
    if (text[at] != '\n') text[at] = kBytes[what(random)];
  }
  return text;
}

TEST(PropertiesTest, OutputIsValidAndCountersAddUpWhateverComesIn) {
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    std::mt19937_64 random(seed);
    EngineHarness engine(PlanFor("nginx-json"));
    const std::string log = Generated(GeneratedFormat::kNginxJson, 400, seed);
    const Outcome good = engine.Run(log);
    ExpectSound(good);
    EXPECT_EQ(good.counters.releases[0].released, 400U);
    const Outcome broken = engine.Run(Mutated(log, random));
    ExpectSound(broken);
    EXPECT_GT(broken.counters.releases[0].released, 0U);
    EXPECT_GT(broken.receipts.size(), 0U);
  }
}

TEST(PropertiesTest, BytesDoNotDependOnHowTheInputIsCut) {
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    std::mt19937_64 random(seed);
    const std::string log =
        Mutated(Generated(GeneratedFormat::kNginxJson, 300, seed), random);
    EngineHarness whole(PlanFor("nginx-json"));
    const Outcome expected = whole.Run(log);
    // Small memos forget; the bytes must not tell.
    DeidentifierOptions options;
    options.memo_bytes = 64 << 10;
    EngineHarness parts(PlanFor("nginx-json"), std::move(options));
    std::vector<std::string> joined(expected.releases.size());
    size_t receipts = 0;
    for (size_t at = 0; at < log.size();) {
      size_t end =
          log.find('\n', std::min(log.size() - 1, at + random() % 9000));
      end = end == std::string::npos ? log.size() : end + 1;
      const Outcome part = parts.Run(log.substr(at, end - at));
      for (size_t i = 0; i < joined.size(); ++i) joined[i] += part.releases[i];
      receipts += part.receipts.size();
      at = end;
    }
    EXPECT_EQ(joined, expected.releases);
    EXPECT_EQ(receipts, expected.receipts.size());
  }
}

// Several records are in hand at once; nobody must see it.
TEST(PropertiesTest, RecordsOneByOneGiveTheSame) {
  std::mt19937_64 random(7);
  std::string log;
  LogGeneratorOptions options;
  for (int i = 0; i < 600; ++i) {
    // Days in no order, so that key epochs change between neighbours.
    options.seed = static_cast<uint64_t>(i);
    options.start = kTestDay + static_cast<int64_t>(random() % 9) * 86400;
    std::string record;
    LogGenerator(options).AppendRecord(&record);
    switch (random() % 12) {
      case 0:  // broken
        record[random() % (record.size() - 1)] = '"';
        break;
      case 1:  // longer than what is held beside others
        record.insert(
            1, absl::StrCat("\"pad\":\"", std::string(100000, 'p'), "\","));
        break;
      case 2:  // no epoch
        record.replace(record.find("2026"), 4, "2031");
        break;
      default:
        break;
    }
    log += record;
  }
  EngineHarness together(PlanFor("nginx-json"));
  const Outcome expected = together.Run(log);
  ASSERT_GT(expected.receipts.size(), 30U);
  EngineHarness apart(PlanFor("nginx-json"));
  std::vector<std::string> joined(expected.releases.size());
  std::vector<Receipt> receipts;
  size_t at = 0;
  for (const std::string& line : Lines(log)) {
    const Outcome one = apart.Run(line + "\n");
    for (size_t i = 0; i < joined.size(); ++i) joined[i] += one.releases[i];
    for (Receipt receipt : one.receipts) {
      receipt.offset += at;
      receipts.push_back(receipt);
    }
    at += line.size() + 1;
  }
  EXPECT_EQ(joined, expected.releases);
  ASSERT_EQ(receipts.size(), expected.receipts.size());
  for (size_t i = 0; i < receipts.size(); ++i) {
    EXPECT_EQ(receipts[i].offset, expected.receipts[i].offset);
    EXPECT_EQ(receipts[i].reason, expected.receipts[i].reason);
  }
}

// What the guard spends on a record must not depend on what was there before:
// this one is nearly too costly to search.
TEST(PropertiesTest, NeighboursDoNotMakeARecordTooCostly) {
  constexpr char kTime[] = "\"time_iso8601\":\"2026-01-05T10:00:00+00:00\"";
  std::string costly =
      absl::StrCat("{", kTime, ",\"host\":\"hh\",\"request_uri\":\"/");
  for (int i = 0; i < 3000; ++i) costly += "aaaaaaa/";
  costly += '"';
  for (int i = 0; i < 600; ++i) {
    absl::StrAppend(&costly, ",\"k", i, "\":\"aaaaaaa/aaaaaaa/aaaaaaa/aaaaaaa/",
                    1000 + i, "zq9w\"");
  }
  costly += "}\n";
  EngineHarness alone(PlanFor("nginx-json"));
  const Outcome expected = alone.Run(costly);
  EngineHarness beside(PlanFor("nginx-json"));
  for (int i = 0; i < 5; ++i) {
    beside.Run(absl::StrCat("{", kTime, ",\"host\":\"zq9w\"}\n"));
  }
  EXPECT_EQ(beside.Run(costly).releases, expected.releases);
}

TEST(PropertiesTest, EqualValuesHaveEqualPseudonymsAndOthersHaveOthers) {
  const std::string log = Generated(GeneratedFormat::kNginxJson, 2000, 11);
  EngineHarness engine(PlanFor("nginx-json"));
  const Outcome outcome = engine.Run(log);
  const std::vector<std::string> raw = Lines(log);
  std::set<std::string> seen;
  for (size_t release = 0; release < 2; ++release) {
    const std::vector<std::string> lines = Lines(outcome.releases[release]);
    ASSERT_EQ(lines.size(), raw.size());
    std::map<std::string, std::string> token_of;
    std::set<std::string> tokens;
    for (size_t i = 0; i < raw.size(); ++i) {
      const std::string value = nlohmann::json::parse(raw[i])["remote_addr"];
      const std::string token = nlohmann::json::parse(lines[i])["remote_addr"];
      const auto entry = token_of.emplace(value, token);
      EXPECT_EQ(entry.first->second, token) << raw[i];
      const bool is_new_token = tokens.insert(token).second;
      EXPECT_EQ(entry.second, is_new_token) << raw[i];
    }
    EXPECT_GT(tokens.size(), 10U);
    // No token of one release is in the other.
    for (const std::string& token : tokens)
      EXPECT_TRUE(seen.insert(token).second);
  }
}

TEST(PropertiesTest, NoRawAddressOrDeviceIsLeft) {
  const std::string log = Generated(GeneratedFormat::kNginxJson, 2000, 12);
  EngineHarness engine(PlanFor("nginx-json"));
  const Outcome outcome = engine.Run(log);
  for (const std::string& line : Lines(log)) {
    const nlohmann::json record = nlohmann::json::parse(line);
    for (const char* field : {"remote_addr", "device_id", "request_id"}) {
      const std::string value = record[field];
      for (const std::string& bytes : outcome.releases)
        ASSERT_EQ(bytes.find(value), std::string::npos) << field;
    }
  }
}

TEST(PropertiesTest, OtherFormatsAreSoundToo) {
  EngineHarness caddy(PlanFor("caddy"));
  const Outcome outcome = caddy.Run(Generated(GeneratedFormat::kCaddy, 500, 5));
  ExpectSound(outcome);
  EXPECT_EQ(outcome.counters.releases[0].released, 500U);
  EngineHarness combined(PlanFor("combined"));
  const Outcome lines =
      combined.Run(Generated(GeneratedFormat::kCombined, 500, 5));
  EXPECT_EQ(lines.counters.releases[0].released, 500U);
  EXPECT_TRUE(lines.counters.releases[2].AddUp());
}

}  // namespace
}  // namespace nymstream
