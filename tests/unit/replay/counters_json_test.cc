// Goal: a replay that is resumed goes on with the counters it stopped with.
#include "replay/counters_json.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace nymstream {
namespace {

using ::testing::ElementsAre;

TEST(CountersJsonTest, EachReleaseHasTheSuppressionListsThatCoverIt) {
  Plan plan;
  plan.rights = {{Right::kErasure, "erased.txt", {}},
                 {Right::kOptOutOfMarketing, "a\nb.txt", {}}};
  plan.releases.resize(2);
  plan.releases[0].rights = {0};
  plan.releases[1].rights = {0, 1};
  Counters counters;
  counters.releases.resize(2);
  for (ReleaseCounters& release : counters.releases) release.fields.resize(1);
  counters.releases[0].suppressed_by_list = {3, 0};
  counters.releases[1].suppressed_by_list = {4, 5};
  const nlohmann::ordered_json json = CountersToJson(plan, counters);
  EXPECT_EQ(json["releases"][0]["suppressed_by_list"].dump(),
            R"([{"right":"erasure","subjects":"erased.txt","records":3}])");
  EXPECT_EQ(
      json["releases"][1]["suppressed_by_list"][1].dump(),
      R"({"right":"opt_out_of_marketing","subjects":"a\\x0Ab.txt","records":5})");
  const Counters again = CountersFromJson(plan, json);
  EXPECT_THAT(again.releases[0].suppressed_by_list, ElementsAre(3, 0));
  EXPECT_THAT(again.releases[1].suppressed_by_list, ElementsAre(4, 5));
}

TEST(CountersJsonTest, TheFirstDayWithoutAnEpochIsKeptOrNull) {
  Counters counters;
  EXPECT_EQ(CountersFromJson(Plan(), CountersToJson(Plan(), counters))
                .key_epoch_missing_from,
            std::nullopt);
  counters.NoteKeyEpochMissing(86400 + 7);
  const nlohmann::ordered_json json = CountersToJson(Plan(), counters);
  EXPECT_EQ(json["key_epoch_missing_from"].dump(), R"("1970-01-02T00:00:00Z")");
  EXPECT_EQ(CountersFromJson(Plan(), json).key_epoch_missing_from, 86400);
}

}  // namespace
}  // namespace nymstream
