// Goal: each enum value has the word the documents use for it.
// Method: the last value of each enum, which shifts if one is missing.
#include "policy/vocabulary.h"

#include <algorithm>
#include <iterator>

#include "gtest/gtest.h"
#include "nymstream/plan.h"
#include "nymstream/policy.h"

namespace nymstream {
namespace {

TEST(VocabularyTest, WordsFollowTheOrderOfTheEnums) {
  EXPECT_EQ(IdentifiabilityName(Identifiability::kAggregated), "aggregated");
  EXPECT_EQ(AudienceName(Audience::kPublic), "public");
  EXPECT_EQ(RightName(Right::kDisclosureList), "disclosure_list");
  EXPECT_EQ(LogFormatName(LogFormat::kCombined), "combined");
  EXPECT_EQ(ValueTypeName(ValueType::kTimestamp), "timestamp");
  EXPECT_EQ(ValueTypeName(ValueType::kJson), "json");
  EXPECT_EQ(TreatmentName(Treatment::kPrefixPreserving), "prefix_preserving");
  EXPECT_EQ(TreatmentName(Treatment::kRedactIdentifiers), "redact_identifiers");
  EXPECT_EQ(TreatmentName(Treatment::kBuckets), "buckets");
}

TEST(VocabularyTest, OnlyPseudonymsNeedAKey) {
  int keyed = 0;
  for (int i = 0; i < kTreatmentCount; ++i) {
    if (IsKeyed(static_cast<Treatment>(i))) ++keyed;
  }
  EXPECT_EQ(keyed, 3);
  EXPECT_TRUE(IsKeyed(Treatment::kPseudonymizeAsAddress));
  EXPECT_TRUE(IsKeyed(Treatment::kPrefixPreserving));
}

}  // namespace
}  // namespace nymstream
