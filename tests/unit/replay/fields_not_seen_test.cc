// Goal: a field counts as seen if any release says so, whatever became of it.
#include "replay/fields_not_seen.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace nymstream {
namespace {

using ::testing::ElementsAre;

TEST(FieldsNotSeenTest, OneReleaseIsEnoughAndWhatTravelsBesideIsNoField) {
  Plan plan;
  plan.fields.resize(5);
  plan.fields[3].carrier = Carrier::kKafkaKey;
  Counters counters;
  counters.releases.resize(2);
  for (ReleaseCounters& release : counters.releases) release.fields.resize(6);
  counters.releases[0].fields[1][static_cast<size_t>(FieldAction::kKept)] = 1;
  counters.releases[1]
      .fields[2][static_cast<size_t>(FieldAction::kSuppressed)] = 1;
  EXPECT_THAT(FieldsNotSeen(plan, counters), ElementsAre(0, 4));
}

TEST(FieldsNotSeenTest, UnclassifiedMembersAreThoseOfTheReleaseWithTheMost) {
  Counters counters;
  EXPECT_EQ(UnclassifiedMembers(counters), 0U);
  counters.releases.resize(2);
  for (ReleaseCounters& release : counters.releases) release.fields.resize(2);
  constexpr auto kSuppressed = static_cast<size_t>(FieldAction::kSuppressed);
  counters.releases[0].fields[0][kSuppressed] = 9;  // a field that has a name
  counters.releases[0].fields[1][kSuppressed] = 4;
  counters.releases[1].fields[1][kSuppressed] = 3;
  EXPECT_EQ(UnclassifiedMembers(counters), 4U);
}

}  // namespace
}  // namespace nymstream
