// Goal: a keyring file is refused unless every word of it is right, the error
// names the place and never a secret, and epochs are found by time.
// Method: hand-made texts; each refusal changes one thing of a good one.
#include "nymstream/keyring.h"

#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "secret/keyring_text.h"
#include "secret/pseudonym_key.h"

namespace nymstream {
namespace {

using testing::HasSubstr;
using testing::Not;

static_assert(!std::is_copy_constructible_v<KeyringContent>);

constexpr char kSecretA[] =
    "6e2a91c4f0b37d5812e9a4c66b0fd38e47a15cb9e8027f3d1b64f5a0c93e72d8";
constexpr char kSecretB[] =
    "c8137ea25d90f46b3fe128b7940cd65a7b31e0c94f8215ad63de70981cb5f42e";
constexpr char kSecretC[] =
    "15f7c03b8ea94d62d08be7316a4cf925f2e03d7c41b85a9614c7602fb98d3ea1";

std::string Epoch(std::string_view series, std::string_view id,
                  std::string_view from, std::string_view until,
                  std::string_view secret) {
  std::string line;
  for (const std::string_view word : {series, id, from, until}) {
    line.append(word).append(" ");
  }
  return line.append(secret).append("\n");
}

std::string File(std::string_view epochs) {
  return std::string("# secret\nnymstream-keyring 1\n").append(epochs);
}

std::string Day(std::string_view id, int day, std::string_view secret) {
  const auto text = [](int number) {
    return "2025-03-0" + std::to_string(number) + "T00:00:00Z";
  };
  return Epoch("P1D", id, text(day), text(day + 1), secret);
}

std::string Refusal(std::string_view text) {
  const absl::Status status = Keyring::Parse(text, "keys/ring").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
  return std::string(status.message());
}

std::string Token(const Keyring& keyring, int epoch, std::string_view scope,
                  std::string_view domain) {
  char token[kTokenChars];
  const absl::StatusOr<PseudonymKey> key = keyring.Derive(epoch, scope, domain);
  EXPECT_TRUE(key.ok()) << key.status();
  key->Token("192.0.2.1", token);
  return {token, kTokenChars};
}

TEST(KeyringTest, EpochsAreReadInOrderOfSeriesThenTime) {
  const auto keyring =
      Keyring::Parse(File(Epoch("subjects", "sub222", "-", "-", kSecretC) +
                          Day("day223", 2, kSecretB) + "\n  # a comment\r\n" +
                          Day("day222", 1, "destroyed")),
                     "ring");
  ASSERT_TRUE(keyring.ok()) << keyring.status();
  const std::vector<KeyEpoch>& epochs = (*keyring)->epochs();
  ASSERT_EQ(epochs.size(), 3U);
  EXPECT_EQ(epochs[0].id, "day222");
  EXPECT_EQ(epochs[0].series, "P1D");
  EXPECT_EQ(epochs[0].from, 1740787200);  // 2025-03-01T00:00:00Z
  EXPECT_EQ(epochs[0].until, 1740873600);
  EXPECT_TRUE(epochs[0].destroyed);
  EXPECT_EQ(epochs[1].id, "day223");
  EXPECT_FALSE(epochs[1].destroyed);
  EXPECT_EQ(epochs[2].series, "subjects");
}

TEST(KeyringTest, AnEpochHoldsItsFirstSecondAndNotItsLast) {
  const auto keyring = Keyring::Parse(
      File(Day("day222", 1, kSecretA) + Day("day224", 4, kSecretB) +
           Epoch("subjects", "sub222", "-", "-", kSecretC)),
      "ring");
  ASSERT_TRUE(keyring.ok()) << keyring.status();
  EXPECT_EQ((*keyring)->FindEpoch("P1D", 1740787199), -1);
  EXPECT_EQ((*keyring)->FindEpoch("P1D", 1740787200), 0);
  EXPECT_EQ((*keyring)->FindEpoch("P1D", 1740873599), 0);
  EXPECT_EQ((*keyring)->FindEpoch("P1D", 1740873600), -1) << "a gap";
  EXPECT_EQ((*keyring)->FindEpoch("P1D", 1741046400), 1);
  EXPECT_EQ((*keyring)->FindEpoch("P1D", 1741132800), -1);
  EXPECT_EQ((*keyring)->FindEpoch("P2D", 1740787200), -1);
  EXPECT_EQ((*keyring)->FindEpoch("", 0), -1);
  for (const int64_t time : {int64_t{0}, INT64_MIN, INT64_MAX - 1}) {
    EXPECT_EQ((*keyring)->FindEpoch(kSubjectsSeries, time), 2) << time;
  }
}

TEST(KeyringTest, EachPipelineReleaseDomainAndEpochHasItsOwnKey) {
  const auto keyring = Keyring::Parse(
      File(Day("day222", 1, kSecretA) + Day("day223", 2, kSecretB)), "ring");
  ASSERT_TRUE(keyring.ok()) << keyring.status();
  // Of the last, any two agree when joined without slash and lengths.
  const std::vector<std::string> tokens = {
      Token(**keyring, 0, KeyScope("edge", "analytics"), "user.device/ip"),
      Token(**keyring, 1, KeyScope("edge", "analytics"), "user.device/ip"),
      Token(**keyring, 0, KeyScope("edge", "partners"), "user.device/ip"),
      Token(**keyring, 0, KeyScope("shop", "analytics"), "user.device/ip"),
      Token(**keyring, 0, KeyScope("edge", "analytics"), "user.device/id"),
      Token(**keyring, 0, kSubjectsSeries, "user.device/ip"),
      Token(**keyring, 0, KeyScope("a", "bc"), "d"),
      Token(**keyring, 0, KeyScope("ab", "c"), "d"),
      Token(**keyring, 0, KeyScope("a", "b"), "cd"),
      Token(**keyring, 0, KeyScope("", "ab"), "cd")};
  for (size_t i = 0; i < tokens.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      EXPECT_NE(tokens[i].substr(11), tokens[j].substr(11)) << i << " " << j;
    }
  }
  EXPECT_EQ(
      Token(**keyring, 0, KeyScope("edge", "analytics"), "user.device/ip"),
      tokens[0]);
  EXPECT_EQ(tokens[1].substr(0, 11), "nym_day223_");
}

TEST(KeyringTest, AScopeThatCouldBeReadInTwoWaysEndsTheProgram) {
  const auto keyring = Keyring::Parse(File(Day("day222", 1, kSecretA)), "ring");
  ASSERT_TRUE(keyring.ok()) << keyring.status();
  for (const std::string& scope :
       {std::string("analytics"), KeyScope("a/b", "c"), std::string()}) {
    EXPECT_DEATH((void)(*keyring)->Derive(0, scope, "d"),
                 "internal check failed")
        << scope;
  }
}

TEST(KeyringTest, ADestroyedEpochGivesNoKey) {
  const auto keyring =
      Keyring::Parse(File(Day("day222", 1, "destroyed")), "ring");
  ASSERT_TRUE(keyring.ok()) << keyring.status();
  EXPECT_EQ((*keyring)->Derive(0, "edge/analytics", "d").status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(KeyringTest, WhatIsWrongIsSaidWithFileAndLine) {
  const std::string good = Day("day222", 1, kSecretA);
  const struct {
    std::string text;
    const char* message;
  } cases[] = {
      {"", "keys/ring:1: error: the keyring is empty"},
      {"# only this\n", "keys/ring:1: error: the keyring is empty"},
      {good, "keys/ring:1: error: this is no keyring of version 1"},
      {"nymstream-keyring 2\n" + good, "keys/ring:1: error: this is no"},
      {File(""), "keys/ring:2: error: the keyring has 0 epochs"},
      {File(good + "P1D day223\n"), "keys/ring:4: error: an epoch has five"},
      {File(Epoch("P1W", "day222", "-", "-", kSecretA)),
       "keys/ring:3: error: the series is no period"},
      {File(Epoch("P01D", "day222", "-", "-", kSecretA)), "no period"},
      {File(Day("day21", 1, kSecretA)), "the id is not 6 characters"},
      {File(Day("day2222", 1, kSecretA)), "the id is not 6 characters"},
      {File(Day("DAY222", 1, kSecretA)), "the id is not 6 characters"},
      {File(Day("day221", 1, kSecretA)), "the id is not 6 characters"},
      {File(Epoch("P1D", "day222", "2025-03-01T00:00:00+00:00",
                  "2025-03-02T00:00:00Z", kSecretA)),
       "from is not a time"},
      {File(Epoch("P1D", "day222", "2025-03-01T00:00:00Z",
                  "2025-02-30T00:00:00Z", kSecretA)),
       "until is not a time"},
      {File(Epoch("P1D", "day222", "2025-03-02T00:00:00Z",
                  "2025-03-02T00:00:00Z", kSecretA)),
       "from is not before until"},
      {File(Epoch("subjects", "sub222", "2025-03-01", "-", kSecretA)),
       "the epoch of subjects has no times"},
      {File(good + Day("day222", 2, kSecretB)),
       "keys/ring:4: error: id day222 is that of line 3 too"},
      {File(good + Day("day223", 2, kSecretA)),
       "keys/ring:4: error: the secret is that of line 3 too"},
      {File(good + Epoch("P1D", "day223", "2025-03-01T23:59:59Z",
                         "2025-03-04T00:00:00Z", kSecretB)),
       "keys/ring:4: error: epochs day222 and day223 of P1D overlap"},
      {File(Epoch("subjects", "sub222", "-", "-", kSecretA) +
            Epoch("subjects", "sub223", "-", "-", kSecretB)),
       "keys/ring:4: error: epochs sub222 and sub223 of subjects overlap"},
  };
  for (const auto& wrong : cases) {
    EXPECT_THAT(Refusal(wrong.text), HasSubstr(wrong.message));
  }
}

TEST(KeyringTest, ASecretThatIsNoneIsRefusedWithoutBeingShown) {
  const std::string good = kSecretA;
  std::string few_bytes;
  for (size_t i = 0; i < 32; ++i) few_bytes += good.substr(2 * (i % 15), 2);
  for (const std::string& secret :
       {std::string("-"), std::string("Destroyed"), good.substr(1), good + "0",
        good.substr(2) + "zz", std::string(64, '0'), std::string(64, 'f'),
        few_bytes, "0x" + good.substr(2)}) {
    const std::string refusal = Refusal(File(Day("day222", 1, secret)));
    EXPECT_THAT(refusal, HasSubstr("keys/ring:3: error: the secret is not"));
    if (secret.size() > 30) {
      EXPECT_THAT(refusal, Not(HasSubstr(secret.substr(5, 8))));
    }
  }
}

TEST(KeyringTest, ASecretInTheWrongPlaceIsNotShownEither) {
  const std::string secret = kSecretA;
  for (const std::string& text :
       {secret + "\n", File(secret + "\n"),
        File(Epoch(secret, secret, secret, secret, secret)),
        File(Epoch("P1D", secret, "-", "-", secret)),
        File(Epoch("P1D", "day222", secret, secret, secret)),
        File(Epoch("subjects", "sub222", "-", secret, secret))}) {
    EXPECT_THAT(Refusal(text), Not(HasSubstr(secret.substr(0, 6))));
  }
}

TEST(KeyringTest, MoreEpochsThanTheLimitAreRefused) {
  std::string lines;
  for (size_t i = 0; i <= kEpochsMax; ++i) lines += "x\n";
  EXPECT_THAT(Refusal(File(lines)), HasSubstr("it may have 1 to 10000"));
}

TEST(KeyringTextTest, WhatIsWrittenIsReadBack) {
  const auto content = ParseKeyringText(
      File(Epoch("subjects", "sub222", "-", "-", kSecretC) +
           Day("day223", 2, kSecretB) + Day("day222", 1, "destroyed")),
      "ring");
  ASSERT_TRUE(content.ok()) << content.status();
  const auto text = FormatKeyringText(*content);
  ASSERT_TRUE(text.ok());
  const std::string written(text->ExposeSecret().begin(),
                            text->ExposeSecret().end());
  EXPECT_THAT(
      written,
      HasSubstr("\nnymstream-keyring 1\n" + Day("day222", 1, "destroyed") +
                Day("day223", 2, kSecretB) +
                Epoch("subjects", "sub222", "-", "-", kSecretC)));
  const auto again = ParseKeyringText(written, "ring");
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->epochs.size(), 3U);
}

}  // namespace
}  // namespace nymstream
