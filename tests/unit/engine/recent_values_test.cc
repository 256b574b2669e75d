// Goal: a value that was noted is found again, and no other one is taken for
// it. Method: values of every size, with what stands behind them in a record.
#include "engine/recent_values.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace nymstream {
namespace {

// Enough bytes to read behind a value.
std::string InRecord(const std::string& value) {
  return absl::StrCat(value, "\",\"next\":\"", std::string(40, 'x'));
}

TEST(RecentValuesTest, EachIsFoundByItsBytesAndSize) {
  RecentValues values(2);
  const OutgoingFilter nothing;
  for (size_t size = 1; size <= RecentValues::kReadAhead; ++size) {
    ASSERT_TRUE(RecentValues::Takes(size));
    const std::string value(size, 'a');
    values.Note(1, value.data(), size, {static_cast<ValueMemo::Index>(size), 7},
                nothing);
    const std::string again = InRecord(value);
    const ValueMemo::Place* const place = values.Find(1, again.data(), size);
    ASSERT_NE(place, nullptr) << size;
    EXPECT_EQ(place->index, size);
    EXPECT_EQ(values.Find(0, again.data(), size), nullptr) << "another field";
    // The ends choose the slot, so the middle must tell.
    if (size < 3) continue;
    std::string other = again;
    other[size / 2] = 'b';
    EXPECT_EQ(values.Find(1, other.data(), size), nullptr) << size;
  }
  EXPECT_FALSE(RecentValues::Takes(0));
  EXPECT_FALSE(RecentValues::Takes(RecentValues::kReadAhead + 1));
}

TEST(RecentValuesTest, WhatLeavesOfThemStaysSelective) {
  RecentValues values(1);
  for (int i = 0; i < 1000; ++i) {
    const std::string value = absl::StrCat("host-", i, ".example");
    PieceFacts facts;
    facts.grams.Add(value);
    OutgoingFilter leaves;
    leaves.AddString(facts);
    values.Note(0, value.data(), value.size(), {1, 1}, leaves);
    const std::string again = InRecord(value);
    ASSERT_NE(values.Find(0, again.data(), value.size()), nullptr);
    EXPECT_TRUE(values.outgoing().MayHold(value));
    EXPECT_LE(values.outgoing().grams(), GramSignature::kBits / 4 + 20);
  }
}

}  // namespace
}  // namespace nymstream
