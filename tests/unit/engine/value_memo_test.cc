#include "engine/value_memo.h"

#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace nymstream {
namespace {

constexpr size_t kEntryBytes = 256;
// One set only, so that entries get in each other's way.
constexpr size_t kOneSet = ValueMemo::kWays * kEntryBytes + 64;

class Memo {
 public:
  explicit Memo(size_t bytes) : memo_(bytes, kEntryBytes) {}

  ValueMemo& operator*() { return memo_; }

  // The result's text; "" if there is none.
  std::string Find(const std::string& value, uint64_t epoch_set = 1,
                   int memo_class = 0) {
    const Wanted wanted(value, epoch_set, memo_class);
    ValueMemo::Place place;
    const ValueMemo::Entry* const entry =
        memo_.Find(wanted.key, wanted.hash, memo_.Locate(wanted.hash), &place);
    if (entry == nullptr) return "";
    EXPECT_EQ(memo_.Again(place), entry);
    return std::string(entry->results[0].text);
  }

  // False if it is not taken.
  bool Add(const std::string& value, const std::string& text) {
    const Wanted wanted(value, 1, 0);
    const ValueMemo::Index index = memo_.Admit(wanted.hash);
    if (index == ValueMemo::kNowhere) return false;
    Result result;
    result.kind = ResultKind::kText;
    result.text = text;
    Candidate candidate;
    candidate.value = wanted.key.raw;
    memo_.Insert(index, wanted.key, wanted.hash, {&result, 1}, {&candidate, 1},
                 0);
    return true;
  }
  // Takes a value that is seen for the first time.
  bool AddAtOnce(const std::string& value, const std::string& text) {
    EXPECT_FALSE(Add(value, text));
    return Add(value, text);
  }

 private:
  struct Wanted {
    Wanted(const std::string& value, uint64_t epoch_set, int memo_class)
        : text(value + std::string(ValueMemo::kReadAhead, ' ')),
          key{std::string_view(text).substr(0, value.size()), epoch_set,
              memo_class},
          hash(ValueMemo::Hash(key)) {}
    std::string text;
    ValueMemo::Key key;
    uint64_t hash;
  };

  ValueMemo memo_;
};

TEST(ValueMemoTest, KeepsWhatComesForTheSecondTime) {
  Memo memo(1 << 20);
  EXPECT_EQ(memo.Find("192.0.2.1"), "");
  EXPECT_FALSE(memo.Add("192.0.2.1", "token-1"));
  EXPECT_EQ(memo.Find("192.0.2.1"), "");
  EXPECT_TRUE(memo.Add("192.0.2.1", "token-1"));
  EXPECT_EQ(memo.Find("192.0.2.1"), "token-1");
  EXPECT_EQ(memo.Find("192.0.2.1", 2), "") << "keys of another time";
  EXPECT_EQ(memo.Find("192.0.2.1", 1, 1), "") << "fields of other rules";
  EXPECT_EQ(memo.Find("192.0.2.10"), "");
}

TEST(ValueMemoTest, WhatWasFoundStaysUntilItIsReleased) {
  Memo memo(kOneSet);
  for (size_t i = 0; i < ValueMemo::kWays; ++i) {
    ASSERT_TRUE(memo.AddAtOnce("first-" + std::to_string(i), "x"));
  }
  EXPECT_FALSE(memo.AddAtOnce("second", "y"));
  (*memo).Release();
  // All but one are used in this round too.
  for (size_t i = 1; i < ValueMemo::kWays; ++i) {
    EXPECT_EQ(memo.Find("first-" + std::to_string(i)), "x");
  }
  EXPECT_TRUE(memo.Add("second", "y"));
  EXPECT_EQ(memo.Find("second"), "y");
  EXPECT_EQ(memo.Find("first-0"), "");
  for (size_t i = 1; i < ValueMemo::kWays; ++i) {
    EXPECT_EQ(memo.Find("first-" + std::to_string(i)), "x");
  }
}

TEST(ValueMemoTest, APlaceIsVoidOnceAnotherValueIsThere) {
  Memo memo(kOneSet);
  ASSERT_TRUE(memo.AddAtOnce("old", "x"));
  const std::string text = "old" + std::string(ValueMemo::kReadAhead, ' ');
  const ValueMemo::Key key{std::string_view(text).substr(0, 3), 1, 0};
  ValueMemo::Place place;
  const uint64_t hash = ValueMemo::Hash(key);
  ASSERT_NE((*memo).Find(key, hash, ValueMemo::kNowhere, &place), nullptr);
  ASSERT_NE((*memo).Again(place), nullptr);
  for (size_t i = 0; i < ValueMemo::kWays; ++i) {
    (*memo).Release();
    ASSERT_TRUE(memo.AddAtOnce("new-" + std::to_string(i), "y"));
  }
  EXPECT_EQ((*memo).Again(place), nullptr);
}

TEST(ValueMemoTest, WhatDoesNotFitIsNotKeptAndMakesRoom) {
  Memo memo(kOneSet);
  EXPECT_TRUE(memo.AddAtOnce(std::string(kEntryBytes, 'a'), "x"));
  EXPECT_EQ(memo.Find(std::string(kEntryBytes, 'a')), "");
  EXPECT_TRUE(memo.AddAtOnce("short", std::string(kEntryBytes, 'b')));
  EXPECT_EQ(memo.Find("short"), "");
}

}  // namespace
}  // namespace nymstream
