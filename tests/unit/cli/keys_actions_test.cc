// Goal: a keyring lives: it is made, shown, grown, and loses its secrets.
// Method: a fixed clock and real files.
#include "cli/keys_actions.h"

#include <string>

#include "base/utc_time.h"
#include "files/keyring_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "unit/files/scratch_folder.h"

namespace nymstream {
namespace {

using testing::HasSubstr;

class KeysActionsTest : public testing::Test {
 protected:
  static int64_t At(std::string_view text) { return *ParseUtcTime(text); }

  std::vector<KeyEpoch> Epochs() const {
    return (*ReadKeyringFile(path_))->epochs();
  }
  void Generate() {
    const auto text = GenerateKeys(
        {path_, {"P1D"}, At("2025-03-01"), At("2025-03-04")}, now_);
    ASSERT_TRUE(text.ok()) << text.status();
  }

  const int64_t now_ = At("2025-03-02T10:00:00Z");
  const ScratchFolder folder_;
  const std::string path_ = folder_.Path("keyring");
};

TEST_F(KeysActionsTest, WithoutWishesAKeyringReachesFromLastMonthToNextYear) {
  const auto text = GenerateKeys({path_, {}, {}, {}}, now_);
  ASSERT_TRUE(text.ok()) << text.status();
  EXPECT_EQ(ScratchFolder::Mode(path_), 0600U);
  const auto keyring = *ReadKeyringFile(path_);
  for (const char* series : {"P1D", "P30D"}) {
    EXPECT_GE(keyring->FindEpoch(series, now_ - 30 * 86400), 0) << series;
    EXPECT_GE(keyring->FindEpoch(series, now_ + 366 * 86400 - 1), 0) << series;
  }
  EXPECT_GE(keyring->FindEpoch(kSubjectsSeries, 0), 0);
  EXPECT_THAT(*text, HasSubstr("subjects: 1 new epoch\n"));
}

TEST_F(KeysActionsTest, AKeyringIsNeverOverwritten) {
  Generate();
  const std::string before = folder_.Read("keyring");
  EXPECT_EQ(GenerateKeys({path_, {}, {}, {}}, now_).status().code(),
            absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(folder_.Read("keyring"), before);
}

TEST_F(KeysActionsTest, TheListShowsStatesAndNoSecret) {
  Generate();
  ASSERT_TRUE(DestroyKeys({path_, {Epochs()[0].id}, {}}, now_).ok());
  const auto text = ListKeys(path_, now_);
  ASSERT_TRUE(text.ok()) << text.status();
  const std::vector<KeyEpoch> epochs = Epochs();
  EXPECT_EQ(*text,
            "series    id      from                  until                 "
            "state\n"
            "P1D       " +
                epochs[0].id +
                "  2025-03-01T00:00:00Z  2025-03-02T00:00:00Z  destroyed\n"
                "P1D       " +
                epochs[1].id +
                "  2025-03-02T00:00:00Z  2025-03-03T00:00:00Z  current\n"
                "P1D       " +
                epochs[2].id +
                "  2025-03-03T00:00:00Z  2025-03-04T00:00:00Z  future\n"
                "subjects  " +
                epochs[3].id +
                "  -                     -                     current\n");
}

TEST_F(KeysActionsTest, RotationContinuesWhatIsThereAndAddsWhatIsAskedFor) {
  Generate();
  const std::vector<KeyEpoch> before = Epochs();
  auto text = RotateKeys({path_, {}, {}, At("2025-03-06")}, now_);
  ASSERT_TRUE(text.ok()) << text.status();
  EXPECT_THAT(*text, HasSubstr("P1D: 2 new epochs, the last until "
                               "2025-03-06T00:00:00Z\n"));
  EXPECT_THAT(*text, HasSubstr("subjects: 0 new epochs\n"));
  const std::vector<KeyEpoch> after = Epochs();
  ASSERT_EQ(after.size(), 6U);
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(after[i].id, before[i].id);
  ASSERT_TRUE(RotateKeys({path_, {"P7D"}, {}, {}}, now_).ok());
  constexpr int64_t kThirtyDays = int64_t{30} * 86400;
  EXPECT_GE((*ReadKeyringFile(path_))->FindEpoch("P7D", now_ - kThirtyDays), 0)
      << "a new series begins as generate begins it";
  ASSERT_TRUE(RotateKeys({path_, {}, At("2025-02-20"), {}}, now_).ok());
  EXPECT_GE((*ReadKeyringFile(path_))->FindEpoch("P1D", At("2025-02-20")), 0);
}

TEST_F(KeysActionsTest, ADestroyedSecretIsGoneFromTheFileAndStaysGone) {
  Generate();
  const std::string before = folder_.Read("keyring");
  const std::string id = Epochs()[0].id;
  const size_t line = before.find(id);
  const std::string secret = before.substr(before.find('\n', line) - 64, 64);
  // Another name of the old bytes shows what became of them.
  std::filesystem::create_hard_link(path_, folder_.Path("old_bytes"));
  const auto text = DestroyKeys({path_, {}, At("2025-03-02")}, now_);
  ASSERT_TRUE(text.ok()) << text.status();
  EXPECT_EQ(folder_.Read("old_bytes"), std::string(before.size(), '\0'));
  EXPECT_EQ(*text, "P1D " + id + ": destroyed\n");
  EXPECT_EQ(folder_.Read("keyring").find(secret), std::string::npos);
  ASSERT_TRUE(RotateKeys({path_, {}, At("2025-03-01"), {}}, now_).ok());
  const auto keyring = *ReadKeyringFile(path_);
  const int epoch = keyring->FindEpoch("P1D", At("2025-03-01"));
  ASSERT_GE(epoch, 0);
  EXPECT_EQ(keyring->epochs()[static_cast<size_t>(epoch)].id, id);
  EXPECT_EQ(keyring->Derive(epoch, "p/r", "d").status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(*DestroyKeys({path_, {id}, {}}, now_), "nothing to destroy\n");
}

TEST_F(KeysActionsTest, OnlyEpochsThatHaveEndedFallUnderADate) {
  Generate();
  const auto text = DestroyKeys({path_, {}, now_}, now_);
  ASSERT_TRUE(text.ok()) << text.status();
  const std::vector<KeyEpoch> epochs = Epochs();
  EXPECT_TRUE(epochs[0].destroyed);
  EXPECT_FALSE(epochs[1].destroyed);
  EXPECT_FALSE(epochs[3].destroyed) << "the one of subjects has no end";
  EXPECT_EQ(DestroyKeys({path_, {}, now_ + 1}, now_).status().code(),
            absl::StatusCode::kOutOfRange);
  EXPECT_EQ(DestroyKeys({path_, {"zzzzzz"}, {}}, now_).status().code(),
            absl::StatusCode::kOutOfRange);
}

}  // namespace
}  // namespace nymstream
