// Goal: a plan starts only with the keys that it needs. Method: a fake keyring
// with chosen epochs; messages are compared whole.
#include "policy/key_check.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "fixtures.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "secret/pseudonym_key.h"

namespace nymstream {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int64_t kDay = 86400;

// Knows epochs and has no secrets.
class FakeKeyring : public Keyring {
 public:
  void Add(const std::string& id, const std::string& series, int64_t days,
           bool destroyed) {
    KeyEpoch epoch;
    epoch.id = id;
    epoch.series = series;
    epoch.until = days * kDay;
    epoch.destroyed = destroyed;
    epochs_.push_back(std::move(epoch));
  }

  const std::vector<KeyEpoch>& epochs() const override { return epochs_; }
  int FindEpoch(std::string_view, int64_t) const override { return -1; }
  absl::StatusOr<PseudonymKey> Derive(int, std::string_view,
                                      std::string_view) const override {
    return absl::FailedPreconditionError("a fake has no secrets");
  }

 private:
  std::vector<KeyEpoch> epochs_;
};

std::vector<std::string> Check(const Plan& plan, const FakeKeyring& keyring) {
  std::vector<std::string> messages;
  for (const Diagnostic& finding :
       CheckKeys(plan, keyring, {"pipeline.yaml", 30, 10}, "keys/a"))
    messages.push_back(FormatDiagnostic(finding));
  return messages;
}

Plan PlanOf(std::vector<Release> releases) {
  const Compiled compiled = Compile(SmallPipeline(std::move(releases)));
  return compiled.plan == nullptr ? Plan() : *compiled.plan;
}

TEST(KeyCheckTest, EpochsOfEveryKeyedReleaseSatisfyThePlan) {
  FakeKeyring keyring;
  keyring.Add("aaaaaa", "P30D", 30, false);
  keyring.Add("bbbbbb", "P1D", 1, true);
  keyring.Add("cccccc", "P1D", 1, false);
  EXPECT_THAT(Check(PlanOf({InternalRelease(), PartnerRelease()}), keyring),
              IsEmpty());
}

TEST(KeyCheckTest, AMissingSeriesIsNamedWithItsRelease) {
  FakeKeyring keyring;
  keyring.Add("aaaaaa", "P30D", 30, false);
  EXPECT_THAT(
      Check(PlanOf({InternalRelease(), PartnerRelease()}), keyring),
      ElementsAre("pipeline.yaml:30:10: error: keys.keyring: release "
                  "'partners': the keyring has no epochs of P1D; add them with "
                  "nymstream keys rotate keys/a --period P1D, and --from DATE "
                  "for logs older than 30 days"));
}

TEST(KeyCheckTest, DestroyedEpochsAloneAreNoKeys) {
  FakeKeyring keyring;
  keyring.Add("bbbbbb", "P1D", 1, true);
  EXPECT_THAT(Check(PlanOf({PartnerRelease()}), keyring),
              ElementsAre("pipeline.yaml:30:10: error: keys.keyring: release "
                          "'partners': every epoch of P1D is destroyed; make "
                          "new ones with nymstream keys rotate keys/a"));
}

TEST(KeyCheckTest, AnEpochThatOutlivesItsSeriesIsRefused) {
  FakeKeyring keyring;
  keyring.Add("bbbbbb", "P1D", 2, false);
  EXPECT_THAT(
      Check(PlanOf({PartnerRelease()}), keyring),
      ElementsAre("pipeline.yaml:30:10: error: keys.keyring: release "
                  "'partners': epoch bbbbbb lives longer than the P1D that the "
                  "release declares; its pseudonyms would link over a longer "
                  "time than stated"));
}

TEST(KeyCheckTest, CalendarMonthsMayHaveThirtyOneDays) {
  Release release = InternalRelease();
  release.epoch = Period{0, 1, 0};
  FakeKeyring keyring;
  keyring.Add("aaaaaa", "P1M", 31, false);
  EXPECT_THAT(Check(PlanOf({release}), keyring), IsEmpty());
}

TEST(KeyCheckTest, ReleasesWithoutPseudonymsNeedNoKeys) {
  Release release = InternalRelease();
  release.level = Identifiability::kAnonymized;
  release.epoch.reset();
  EXPECT_THAT(Check(PlanOf({release}), FakeKeyring()), IsEmpty());
}

TEST(KeyCheckTest, SuppressionListsNeedTheSeriesSubjects) {
  Plan plan = PlanOf({InternalRelease()});
  plan.rights.push_back({Right::kErasure, "subjects.txt", {}});
  FakeKeyring keyring;
  keyring.Add("aaaaaa", "P30D", 30, false);
  EXPECT_THAT(Check(plan, keyring),
              ElementsAre("pipeline.yaml:30:10: error: keys.keyring: "
                          "suppression lists need the key of the series "
                          "subjects, and the keyring has none; add it with "
                          "nymstream keys rotate keys/a"));
  keyring.Add("ssssss", "subjects", 100000, false);
  EXPECT_THAT(Check(plan, keyring), IsEmpty());
}

}  // namespace
}  // namespace nymstream
