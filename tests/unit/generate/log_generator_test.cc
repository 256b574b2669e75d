// Goal: generated logs are valid, repeatable, and as realistic as promised.
#include "generate/log_generator.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>

#include "gtest/gtest.h"

namespace nymstream {
namespace {

constexpr GeneratedFormat kFormats[] = {GeneratedFormat::kNginxJson,
                                        GeneratedFormat::kCaddy,
                                        GeneratedFormat::kCombined};

std::string Generate(GeneratedFormat format, uint64_t seed, int records,
                     Traffic traffic = Traffic::kRealistic) {
  LogGenerator generator({.format = format, .seed = seed, .traffic = traffic});
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
  for (const GeneratedFormat format : kFormats) {
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
  EXPECT_GT(most, kRecords / 20);  // Zipf: the first has 1 / H(75,000) = 0.085
}

TEST(TrafficModelTest, EveryAddressIsOneAndThereIsNoOtherLikeIt) {
  std::set<std::string> seen;
  for (size_t i = 0; i < TrafficModel::kAddresses; ++i) {
    const std::string text(TrafficModel::Get().address(i));
    std::array<unsigned char, 16> bytes;
    const int family = text.find(':') == std::string::npos ? AF_INET : AF_INET6;
    ASSERT_EQ(inet_pton(family, text.c_str(), bytes.data()), 1) << text;
    ASSERT_TRUE(seen.insert(text).second) << text;
  }
}

TEST(LogGeneratorTest, NewAddressesAreAddressesToo) {
  for (const auto& record : Parse(Generate(GeneratedFormat::kNginxJson, 1, 2000,
                                           Traffic::kNothingRepeats))) {
    const std::string text = record.at("remote_addr");
    std::array<unsigned char, 16> bytes;
    EXPECT_EQ(inet_pton(AF_INET6, text.c_str(), bytes.data()), 1) << text;
  }
}

TEST(LogGeneratorTest, DevicesAreThoseOfTheAddresses) {
  std::map<std::string, std::set<std::string>> devices_of;
  for (const auto& record :
       Parse(Generate(GeneratedFormat::kNginxJson, 1, 10000))) {
    devices_of[record.at("remote_addr")].insert(record.at("device_id"));
  }
  size_t most = 0;
  for (const auto& [address, devices] : devices_of) {
    most = std::max(most, devices.size());
  }
  EXPECT_EQ(most, TrafficModel::kDevicesPerAddress);
}

TEST(LogGeneratorTest, WhereNothingRepeatsEveryIdentifierIsNew) {
  std::map<std::string, std::set<std::string>> values;
  constexpr size_t kRecords = 5000;
  const auto records = Parse(Generate(GeneratedFormat::kNginxJson, 1, kRecords,
                                      Traffic::kNothingRepeats));
  for (const char* field :
       {"remote_addr", "remote_user", "device_id", "request_id", "request_uri",
        "http_referer", "http_user_agent", "http_cookie"}) {
    for (const auto& record : records) values[field].insert(record.at(field));
    EXPECT_EQ(values[field].size(), kRecords) << field;
  }
}

TEST(LogGeneratorTest, HostileRecordsAreValidAndHoldWhatWasAskedFor) {
  for (int i = 0; i < kTrafficCount; ++i) {
    const auto traffic = static_cast<Traffic>(i);
    if (!IsHostile(traffic)) continue;
    for (const GeneratedFormat format : kFormats) {
      if (!CanGenerate(format, traffic)) continue;
      constexpr size_t kRecords = 6;
      const std::string log = Generate(format, 1, kRecords, traffic);
      EXPECT_GE(log.size(), kRecords * HostileBytes(traffic))
          << TrafficName(traffic);
      EXPECT_LE(log.size(), kRecords * (HostileBytes(traffic) + 4096))
          << TrafficName(traffic);
      EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), kRecords);
      if (format != GeneratedFormat::kCombined) Parse(log);
    }
  }
}

TEST(LogGeneratorTest, AManyKeysRecordHasThousandsOfMembers) {
  for (const auto& record :
       Parse(Generate(GeneratedFormat::kNginxJson, 1, 2, Traffic::kManyKeys))) {
    EXPECT_GT(record.size(), 3000u);
  }
}

TEST(ZipfRanksTest, RanksComeAsOftenAsTheirWeights) {
  const ZipfRanks ranks(4);
  Random random(1);
  constexpr int kDraws = 100000;
  std::map<size_t, int> drawn;
  for (int i = 0; i < kDraws; ++i) ++drawn[ranks.Draw(random)];
  constexpr double kSum = 1.0 + 1.0 / 2 + 1.0 / 3 + 1.0 / 4;
  for (size_t rank = 0; rank < 4; ++rank) {
    const double expected = kDraws / kSum / static_cast<double>(rank + 1);
    EXPECT_NEAR(drawn[rank], expected, 0.03 * expected) << rank;
  }
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
