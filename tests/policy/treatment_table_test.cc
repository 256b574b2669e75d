// Goal: the table is complete and never weakens. Method: properties over all
// types, levels and treatments, and the rows of the specification by hand.
#include "policy/treatment_table.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "gtest/gtest.h"
#include "nymstream/plan.h"
#include "policy/reference.h"
#include "reference_page.h"

namespace nymstream {
namespace {

constexpr Identifiability kLevels[kRecordLevelCount] = {
    Identifiability::kIdentified, Identifiability::kPseudonymized,
    Identifiability::kUnlinkedPseudonymized, Identifiability::kAnonymized};

Treatment StandardOf(ValueType type, Identifiability level,
                     GeoGranularity place = GeoGranularity::kCoordinates) {
  return StandardTreatment(FindTreatmentRow(type, place), level);
}

bool IsAllowed(ValueType type, Identifiability level, Treatment treatment) {
  return IsTreatmentAllowed(
      FindTreatmentRow(type, GeoGranularity::kCoordinates), level, treatment);
}

TEST(TreatmentTableTest, EveryTypeHasARow) {
  std::set<ValueType> types;
  for (const TreatmentRow& row : TreatmentTable()) types.insert(row.type);
  EXPECT_EQ(types.size(), static_cast<size_t>(kValueTypeCount));
}

TEST(TreatmentTableTest, TheStandardIsAllowedAndSuppressionAlwaysIs) {
  for (const TreatmentRow& row : TreatmentTable()) {
    for (const Identifiability level : kLevels) {
      SCOPED_TRACE(std::string(ValueTypeName(row.type)) + " at " +
                   std::string(IdentifiabilityName(level)));
      EXPECT_TRUE(
          IsTreatmentAllowed(row, level, StandardTreatment(row, level)));
      EXPECT_TRUE(IsTreatmentAllowed(row, level, Treatment::kSuppress));
    }
  }
}

TEST(TreatmentTableTest, WhatALevelAllowsEveryMoreIdentifyingLevelAllows) {
  for (const TreatmentRow& row : TreatmentTable()) {
    for (int level = 1; level < kRecordLevelCount; ++level) {
      for (int i = 0; i < kTreatmentCount; ++i) {
        const auto treatment = static_cast<Treatment>(i);
        if (!IsTreatmentAllowed(row, kLevels[level], treatment)) continue;
        EXPECT_TRUE(IsTreatmentAllowed(row, kLevels[level - 1], treatment))
            << ValueTypeName(row.type) << ": " << TreatmentName(treatment);
      }
    }
  }
}

TEST(TreatmentTableTest, TheStandardNeverWeakensTowardsAnonymized) {
  for (const TreatmentRow& row : TreatmentTable()) {
    const auto rank = [&](Identifiability level) {
      return std::find(row.ladder.begin(), row.ladder.end(),
                       StandardTreatment(row, level)) -
             row.ladder.begin();
    };
    for (int level = 1; level < kRecordLevelCount; ++level) {
      EXPECT_GE(rank(kLevels[level]), rank(kLevels[level - 1]))
          << ValueTypeName(row.type);
    }
  }
}

TEST(TreatmentTableTest, NothingKeyedIsAllowedWhenAnonymized) {
  for (const TreatmentRow& row : TreatmentTable()) {
    for (const Treatment treatment :
         AllowedTreatments(row, Identifiability::kAnonymized)) {
      EXPECT_FALSE(IsKeyed(treatment)) << ValueTypeName(row.type);
    }
  }
}

TEST(TreatmentTableTest, IdentifiersAreNeverKeptBelowIdentified) {
  for (const ValueType type :
       {ValueType::kIp, ValueType::kIpList, ValueType::kIpPort, ValueType::kId,
        ValueType::kMac, ValueType::kEmail, ValueType::kPhone, ValueType::kAge,
        ValueType::kUrl, ValueType::kUserAgent, ValueType::kText}) {
    for (int level = 1; level < kRecordLevelCount; ++level) {
      EXPECT_FALSE(IsAllowed(type, kLevels[level], Treatment::kKeep))
          << ValueTypeName(type);
    }
  }
}

TEST(TreatmentTableTest, CredentialsPaymentAndJsonLeaveAtNoLevel) {
  for (const ValueType type :
       {ValueType::kCredential, ValueType::kPayment, ValueType::kJson}) {
    for (const Identifiability level : kLevels) {
      for (int i = 0; i < kTreatmentCount; ++i) {
        const auto treatment = static_cast<Treatment>(i);
        EXPECT_EQ(IsAllowed(type, level, treatment),
                  treatment == Treatment::kSuppress);
      }
    }
  }
}

TEST(TreatmentTableTest, PrefixPreservationEndsWherePseudonymsAreUnlinked) {
  EXPECT_TRUE(IsAllowed(ValueType::kIp, Identifiability::kPseudonymized,
                        Treatment::kPrefixPreserving));
  EXPECT_FALSE(IsAllowed(ValueType::kIp,
                         Identifiability::kUnlinkedPseudonymized,
                         Treatment::kPrefixPreserving));
}

TEST(TreatmentTableTest, PlacesAreKeptToTheGranularityOfTheLevel) {
  using enum GeoGranularity;
  const auto at = [](GeoGranularity place, Identifiability level) {
    return StandardOf(ValueType::kGeo, level, place);
  };
  for (const GeoGranularity place : {GeoGranularity::kCountry, kRegion, kCity})
    EXPECT_EQ(at(place, Identifiability::kPseudonymized), Treatment::kKeep);
  for (const GeoGranularity place : {kPostal, kCoordinates}) {
    EXPECT_EQ(at(place, Identifiability::kPseudonymized), Treatment::kSuppress);
  }
  for (const Identifiability level : {Identifiability::kUnlinkedPseudonymized,
                                      Identifiability::kAnonymized}) {
    EXPECT_EQ(at(GeoGranularity::kCountry, level), Treatment::kCountry);
    for (const GeoGranularity place : {kRegion, kCity, kPostal, kCoordinates})
      EXPECT_EQ(at(place, level), Treatment::kSuppress);
  }
}

TEST(TreatmentTableTest, TheReferencePageIsCurrent) {
  ExpectPageIsCurrent("docs/reference/treatments.md", TreatmentReference());
}

}  // namespace
}  // namespace nymstream
