// Goal: every reason has a text, and sums of counters add up.
#include "nymstream/verdict.h"

#include <set>
#include <string>

#include "gtest/gtest.h"

namespace nymstream {
namespace {

TEST(VerdictTest, EveryReasonAndActionHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (int i = 0; i < kQuarantineReasonCount; ++i) {
    const ReasonText& text =
        QuarantineReasonText(static_cast<QuarantineReason>(i));
    names.insert(text.name);
    EXPECT_FALSE(text.remedy.empty());
  }
  for (int i = 0; i < kSuppressionReasonCount; ++i) {
    const ReasonText& text =
        SuppressionReasonText(static_cast<SuppressionReason>(i));
    names.insert(text.name);
    EXPECT_FALSE(text.remedy.empty());
  }
  for (int i = 0; i < kFieldActionCount; ++i) {
    names.insert(FieldActionName(static_cast<FieldAction>(i)));
  }
  EXPECT_EQ(names.size(),
            static_cast<size_t>(kQuarantineReasonCount +
                                kSuppressionReasonCount + kFieldActionCount));
  EXPECT_EQ(names.count(""), 0U);
}

TEST(VerdictTest, NamesStandAtTheirReasons) {
  EXPECT_EQ(QuarantineReasonText(QuarantineReason::kNotJson).name, "not_json");
  EXPECT_EQ(QuarantineReasonText(QuarantineReason::kKeyEpochMissing).name,
            "key_epoch_missing");
  EXPECT_EQ(SuppressionReasonText(SuppressionReason::kLeakGuard).name,
            "leak_guard");
  EXPECT_EQ(FieldActionName(FieldAction::kSuppressed), "suppressed");
}

Counters Example() {
  Counters counters;
  counters.received = 6;
  counters.received_bytes = 100;
  counters.empty_lines = 2;
  counters.quarantined_by[3] = 1;
  ReleaseCounters release;
  release.received = 6;
  release.released = 3;
  release.suppressed = 2;
  release.quarantined = 1;
  release.suppressed_by[1] = 2;
  release.suppressed_by_list = {0, 2};
  release.leak_guard_redactions = 4;
  release.bytes = 50;
  release.fields.resize(2);
  release.fields[1][2] = 5;
  counters.releases = {release, release};
  return counters;
}

TEST(VerdictTest, ASumHasEveryCounterOfBoth) {
  Counters sum;
  sum.Add(Example());
  sum.Add(Example());
  EXPECT_EQ(sum.received, 12U);
  EXPECT_EQ(sum.received_bytes, 200U);
  EXPECT_EQ(sum.empty_lines, 4U);
  EXPECT_EQ(sum.quarantined_by[3], 2U);
  ASSERT_EQ(sum.releases.size(), 2U);
  for (const ReleaseCounters& release : sum.releases) {
    EXPECT_TRUE(release.AddUp());
    EXPECT_EQ(release.received, 12U);
    EXPECT_EQ(release.released, 6U);
    EXPECT_EQ(release.suppressed, 4U);
    EXPECT_EQ(release.quarantined, 2U);
    EXPECT_EQ(release.suppressed_by[1], 4U);
    EXPECT_EQ(release.suppressed_by_list, (std::vector<uint64_t>{0, 4}));
    EXPECT_EQ(release.leak_guard_redactions, 8U);
    EXPECT_EQ(release.bytes, 100U);
    ASSERT_EQ(release.fields.size(), 2U);
    EXPECT_EQ(release.fields[1][2], 10U);
    EXPECT_EQ(release.fields[0][0], 0U);
  }
}

TEST(VerdictTest, OfRecordsWithoutAnEpochTheEarliestDayIsKept) {
  Counters sum;
  sum.Add(Counters());
  EXPECT_EQ(sum.key_epoch_missing_from, std::nullopt);
  Counters later;
  later.NoteKeyEpochMissing(2 * 86400 + 4711);
  sum.Add(later);
  EXPECT_EQ(sum.key_epoch_missing_from, 2 * 86400);
  Counters earlier;
  earlier.NoteKeyEpochMissing(86400 + 86399);
  sum.Add(earlier);
  sum.Add(later);
  EXPECT_EQ(sum.key_epoch_missing_from, 86400);
  sum.NoteKeyEpochMissing(-1);  // the day before 1970
  EXPECT_EQ(sum.key_epoch_missing_from, -86400);
}

}  // namespace
}  // namespace nymstream
