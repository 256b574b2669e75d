// Goal: new epochs fill the time that none covers, and destroyed ones stay
// destroyed. Method: random changes against a model of covered days.
#include "secret/keyring_change.h"

#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/utc_time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace nymstream {
namespace {

using testing::ElementsAre;

int64_t At(std::string_view text) { return *ParseUtcTime(text); }

KeyringContent Add(const KeyringContent& content,
                   const std::vector<EpochSpan>& spans) {
  absl::StatusOr<KeyringContent> added = AddEpochs(content, spans);
  EXPECT_TRUE(added.ok()) << added.status();
  return *std::move(added);
}

// "FROM UNTIL" of each epoch, dates only.
std::vector<std::string> Times(const KeyringContent& content) {
  std::vector<std::string> times;
  for (const KeyEpoch& epoch : content.epochs) {
    times.push_back(UtcTimeText(epoch.from).substr(0, 10) + " " +
                    UtcTimeText(epoch.until).substr(0, 10));
  }
  return times;
}

// What Keyring::Parse says of the text of `content`.
absl::Status Check(const KeyringContent& content) {
  const auto text = FormatKeyringText(content);
  return Keyring::Parse(
             {reinterpret_cast<const char*>(text->ExposeSecret().data()),
              text->size()},
             "keyring")
      .status();
}

TEST(AddEpochsTest, DaysBeginAtMidnightAndCoverTheWholeSpan) {
  const KeyringContent content = Add(
      {}, {{"P1D", At("2024-02-28T12:00:00Z"), At("2024-03-01T00:00:01Z")}});
  EXPECT_THAT(Times(content),
              ElementsAre("2024-02-28 2024-02-29", "2024-02-29 2024-03-01",
                          "2024-03-01 2024-03-02"));
  EXPECT_TRUE(Check(content).ok()) << Check(content);
}

TEST(AddEpochsTest, MonthsBeginOnTheFirst) {
  EXPECT_THAT(Times(Add({}, {{"P1M", At("2023-12-31"), At("2024-03-01")}})),
              ElementsAre("2023-12-01 2024-01-01", "2024-01-01 2024-02-01",
                          "2024-02-01 2024-03-01"));
  EXPECT_THAT(Times(Add({}, {{"P1Y6M", At("2024-05-05"), At("2025-01-01")}})),
              ElementsAre("2024-05-01 2025-11-01"));
}

TEST(AddEpochsTest, WhatIsThereStaysAndGapsAreFilled) {
  const KeyringContent some =
      Add(Add({}, {{"P7D", At("2025-01-10"), At("2025-01-11")}}),
          {{"P7D", At("2025-02-01"), At("2025-02-02")}});
  const KeyringContent all =
      Add(some, {{"P7D", At("2025-01-01"), At("2025-02-10")}});
  EXPECT_THAT(Times(all),
              ElementsAre("2025-01-01 2025-01-08", "2025-01-08 2025-01-10",
                          "2025-01-10 2025-01-17", "2025-01-17 2025-01-24",
                          "2025-01-24 2025-01-31", "2025-01-31 2025-02-01",
                          "2025-02-01 2025-02-08", "2025-02-08 2025-02-15"));
  EXPECT_TRUE(std::equal(some.Secret(0).begin(), some.Secret(0).end(),
                         all.Secret(2).begin()));
  EXPECT_TRUE(std::equal(some.Secret(1).begin(), some.Secret(1).end(),
                         all.Secret(6).begin()));
  EXPECT_TRUE(Check(all).ok()) << Check(all);
}

TEST(AddEpochsTest, ADestroyedEpochIsNeverMadeAgain) {
  const KeyringContent content = Add(
      {}, {{"P1D", At("2025-01-01"), At("2025-01-04")}, {"subjects", 0, 0}});
  const std::vector<size_t> which = {1, 3};
  const auto destroyed = DestroyEpochs(content, which);
  ASSERT_TRUE(destroyed.ok());
  const KeyringContent again =
      Add(*destroyed,
          {{"P1D", At("2025-01-01"), At("2025-01-04")}, {"subjects", 0, 0}});
  ASSERT_EQ(again.epochs.size(), content.epochs.size());
  EXPECT_TRUE(again.epochs[1].destroyed);
  EXPECT_EQ(again.epochs[1].id, content.epochs[1].id);
  EXPECT_TRUE(again.epochs[3].destroyed);
  for (const unsigned char byte : destroyed->Secret(1)) EXPECT_EQ(byte, 0);
  EXPECT_FALSE(again.epochs[0].destroyed);
  EXPECT_TRUE(std::equal(content.Secret(0).begin(), content.Secret(0).end(),
                         again.Secret(0).begin()));
  EXPECT_TRUE(Check(again).ok()) << Check(again);
}

TEST(AddEpochsTest, WhatCannotBeIsRefused) {
  for (const char* series : {"", "P1W", "P01D", "day", "PT1H"}) {
    const std::vector<EpochSpan> spans = {{series, 0, 100}};
    EXPECT_EQ(AddEpochs({}, spans).status().code(),
              absl::StatusCode::kInvalidArgument)
        << series;
  }
  const std::vector<EpochSpan> too_many = {
      {"P1D", At("2000-01-01"), At("2030-01-01")}};
  EXPECT_EQ(AddEpochs({}, too_many).status().code(),
            absl::StatusCode::kOutOfRange);
  const std::vector<EpochSpan> too_late = {
      {"P100Y", At("9950-01-01"), At("9999-01-01")}};
  EXPECT_EQ(AddEpochs({}, too_late).status().code(),
            absl::StatusCode::kOutOfRange);
}

TEST(AddEpochsTest, IdsAndSecretsAreAllDifferent) {
  const KeyringContent content =
      Add({}, {{"P1D", At("2000-01-01"), At("2020-01-01")}});
  std::set<std::string> ids;
  std::set<std::string> secrets;
  for (size_t i = 0; i < content.epochs.size(); ++i) {
    ids.insert(content.epochs[i].id);
    secrets.emplace(content.Secret(i).begin(), content.Secret(i).end());
  }
  EXPECT_EQ(ids.size(), 7305U);
  EXPECT_EQ(secrets.size(), 7305U);
}

TEST(AddEpochsTest, AnyOrderOfSpansCoversEverySecondOnce) {
  std::mt19937 random(11);
  const int64_t base = At("2025-01-01");
  for (int round = 0; round < 50; ++round) {
    KeyringContent content;
    std::set<int64_t> wanted;  // hours
    for (int i = 0; i < 6; ++i) {
      const int64_t from = base + 3600 * static_cast<int64_t>(random() % 2000);
      const int64_t until = from + 3600 * static_cast<int64_t>(random() % 300);
      for (int64_t hour = from; hour < until; hour += 3600) wanted.insert(hour);
      content = Add(content, {{"P3D", from, until}, {"P3D", from, until}});
    }
    if (content.epochs.empty()) continue;
    ASSERT_TRUE(Check(content).ok()) << "round " << round << Check(content);
    for (const int64_t hour : wanted) {
      int holders = 0;
      for (const KeyEpoch& epoch : content.epochs) {
        holders += epoch.from <= hour && hour < epoch.until ? 1 : 0;
      }
      ASSERT_EQ(holders, 1) << "round " << round << " " << UtcTimeText(hour);
    }
    for (const KeyEpoch& epoch : content.epochs) {
      ASSERT_LE(epoch.until - epoch.from, 3 * 86400) << "round " << round;
    }
  }
}

}  // namespace
}  // namespace nymstream
