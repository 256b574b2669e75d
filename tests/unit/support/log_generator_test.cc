// Goal: generated logs are valid, repeatable, and as realistic as promised.
#include "support/log_generator.h"

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>

#include "gtest/gtest.h"

namespace nymstream {
namespace {

std::string Generate(GeneratedFormat format, uint64_t seed, int records) {
  LogGenerator generator({.format = format, .seed = seed});
  std::string log;
  for (int i = 0; i < records; ++i) generator.AppendRecord(&log);
  return log;
}

std::vector<nlohmann::json> Parse(const std::string& log) {
  std::vector<nlohmann::json> records;
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    records.push_back(nlohmann::json::parse(line));
  }
  return records;
}

TEST(LogGeneratorTest, TheSameSeedGivesTheSameBytes) {
  for (const GeneratedFormat format :
       {GeneratedFormat::kNginxJson, GeneratedFormat::kCaddy,
        GeneratedFormat::kCombined}) {
    EXPECT_EQ(Generate(format, 7, 50), Generate(format, 7, 50));
    EXPECT_NE(Generate(format, 7, 50), Generate(format, 8, 50));
  }
}

TEST(LogGeneratorTest, AnNginxRecordHas700To800BytesOnAverage) {
  const std::string log = Generate(GeneratedFormat::kNginxJson, 1, 10000);
  EXPECT_GE(log.size(), 700u * 10000);
  EXPECT_LE(log.size(), 800u * 10000);
}

TEST(LogGeneratorTest, AddressesRepeatAndRequestIdsDoNot) {
  std::map<std::string, int> addresses;
  std::set<std::string> request_ids;
  std::set<std::string> cookies;
  constexpr int kRecords = 10000;
  for (const auto& record :
       Parse(Generate(GeneratedFormat::kNginxJson, 1, kRecords))) {
    ++addresses[record.at("remote_addr")];
    request_ids.insert(record.at("request_id"));
    cookies.insert(record.at("http_cookie"));
  }
  EXPECT_EQ(request_ids.size(), static_cast<size_t>(kRecords));
  EXPECT_EQ(cookies.size(), static_cast<size_t>(kRecords));
  EXPECT_LT(addresses.size(), static_cast<size_t>(kRecords) * 6 / 10);
  int most = 0;
  for (const auto& [address, count] : addresses) most = std::max(most, count);
  EXPECT_GT(most, kRecords / 20);  // Zipf: the first has 1 / H(60,000) = 0.086
}

TEST(LogGeneratorTest, EventTimesFollowTheRate) {
  LogGenerator generator({.start = 1767225600, .records_per_second = 2});
  std::string log;
  for (int i = 0; i < 5; ++i) generator.AppendRecord(&log);
  const auto records = Parse(log);
  EXPECT_EQ(records.front().at("time_iso8601"), "2026-01-01T00:00:00+00:00");
  EXPECT_EQ(records.back().at("time_iso8601"), "2026-01-01T00:00:02+00:00");
}

TEST(LogGeneratorTest, ACaddyRecordNestsTheRequest) {
  const auto records = Parse(Generate(GeneratedFormat::kCaddy, 1, 200));
  ASSERT_EQ(records.size(), 200u);
  for (const auto& record : records) {
    EXPECT_TRUE(record.at("request").at("headers").contains("User-Agent"));
  }
}

TEST(LogGeneratorTest, ACombinedLineHasItsNineFields) {
  const std::string log = Generate(GeneratedFormat::kCombined, 1, 100);
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_EQ(std::count(line.begin(), line.end(), '"'), 6) << line;
    EXPECT_NE(line.find(" - "), std::string::npos) << line;
  }
}

}  // namespace
}  // namespace nymstream
