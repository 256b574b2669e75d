// Goal: categories and uses are trees of known keys.
// Method: invariants over the whole table, and examples.
#include "policy/taxonomy.h"

#include <string_view>

#include "gtest/gtest.h"
#include "nymstream/policy.h"

namespace nymstream {
namespace {

TEST(TaxonomyTest, EveryAncestorOfAKeyIsAKey) {
  EXPECT_EQ(DataCategories().size(), 85U);
  EXPECT_EQ(DataUses().size(), 54U);
  for (const std::string_view key : DataCategories()) {
    const size_t dot = key.rfind('.');
    if (dot == std::string_view::npos) continue;
    EXPECT_TRUE(IsDataCategory(key.substr(0, dot))) << key;
  }
  for (const std::string_view key : DataUses()) {
    const size_t dot = key.rfind('.');
    if (dot == std::string_view::npos) continue;
    EXPECT_TRUE(IsDataUse(key.substr(0, dot))) << key;
  }
}

TEST(TaxonomyTest, OnlyWholeKeysAreKnown) {
  EXPECT_TRUE(IsDataCategory("user.device.ip_address"));
  EXPECT_FALSE(IsDataCategory("user.device.ip"));
  EXPECT_FALSE(IsDataCategory("marketing"));
  EXPECT_TRUE(IsDataUse("marketing"));
  EXPECT_FALSE(IsDataUse(""));
}

TEST(TaxonomyTest, AKeyCoversItselfAndWhatIsBelow) {
  EXPECT_TRUE(Covers("user.device", "user.device"));
  EXPECT_TRUE(Covers("user.device", "user.device.ip_address"));
  EXPECT_FALSE(Covers("user.device.ip_address", "user.device"));
  EXPECT_FALSE(Covers("user.dev", "user.device"));
  EXPECT_FALSE(Covers("", "user"));
}

TEST(TaxonomyTest, AMistypedKeyHasANeighbour) {
  EXPECT_EQ(NearestTaxonomyKey("user.device.ipaddress", DataCategories()),
            "user.device.ip_address");
  EXPECT_EQ(NearestTaxonomyKey("ip_address", DataCategories()),
            "user.device.ip_address");
  EXPECT_EQ(NearestTaxonomyKey("analitics", DataUses()), "analytics");
  EXPECT_EQ(NearestTaxonomyKey("zzzzzzzz", DataUses()), "");
}

TEST(TaxonomyTest, AMistypedKeyIsNeverTakenForABroaderOne) {
  EXPECT_EQ(NearestTaxonomyKey("user.device.ip", DataCategories()),
            "user.device.ip_address");
  EXPECT_EQ(NearestTaxonomyKey("user.device.ips", DataCategories()),
            "user.device.ip_address");
  EXPECT_EQ(NearestTaxonomyKey("user.device.coookie_id", DataCategories()),
            "user.device.cookie_id");
  EXPECT_EQ(NearestTaxonomyKey("user.device.zz", DataCategories()), "");
}

}  // namespace
}  // namespace nymstream
