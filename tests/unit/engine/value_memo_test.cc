#include "engine/value_memo.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace nymstream {
namespace {

// One set only, so that entries get in each other's way.
constexpr size_t kOneSet = ValueMemo::kSetBytes;

// What must be readable behind a raw value.
std::string Behind() { return std::string(ValueMemo::kReadAhead, ' '); }

class Memo {
 public:
  explicit Memo(size_t bytes) : memo_(bytes) {}

  ValueMemo& memo() { return memo_; }

  // The result's text; "" if there is none.
  std::string Find(const std::string& value, uint64_t epoch_set = 1,
                   int memo_class = 0) {
    const Wanted wanted(value, epoch_set, memo_class);
    ValueMemo::Place place;
    const ValueMemo::Entry* const entry =
        memo_.Find(wanted.key, wanted.hash, memo_.Locate(wanted.hash), &place);
    if (entry == nullptr) return "";
    EXPECT_EQ(memo_.Again(place), entry);
    return std::string(entry->results()[0].text);
  }

  // False if it is not taken.
  bool Add(const std::string& value, const std::string& text) {
    const Wanted wanted(value, 1, 0);
    if (!memo_.Admits(wanted.hash)) return false;
    Result result;
    result.kind = ResultKind::kText;
    result.text = text;
    Candidate candidate;
    candidate.value = wanted.key.raw;
    memo_.Insert(wanted.key, wanted.hash, {&result, 1}, {&candidate, 1}, 0);
    return true;
  }
  // Takes a value that may be seen for the first time.
  bool AddAtOnce(const std::string& value, const std::string& text) {
    return Add(value, text) || Add(value, text);
  }

 private:
  struct Wanted {
    Wanted(const std::string& value, uint64_t epoch_set, int memo_class)
        : text(absl::StrCat(value, Behind())),
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

// Entries of one size, until a set is full of them.
class FullMemo : public Memo {
 public:
  static constexpr size_t kValueBytes = 500;

  FullMemo() : Memo(kOneSet) {
    for (size_t i = 0; i < kEntries; ++i) EXPECT_TRUE(AddAtOnce(Value(i), "x"));
  }
  static std::string Value(size_t i) {
    return absl::StrFormat("%0*d", kValueBytes, i);
  }
  // A line more than the value has for all else.
  static constexpr size_t kEntryBytes = 640;
  static constexpr size_t kEntries = ValueMemo::kSetBytes / kEntryBytes;
};

TEST(ValueMemoTest, WhatWasFoundStaysUntilItIsReleased) {
  FullMemo memo;
  for (size_t i = 0; i < FullMemo::kEntries; ++i) {
    ASSERT_EQ(memo.Find(FullMemo::Value(i)), "x") << i;
  }
  // It is admitted, but there is no room for it.
  EXPECT_TRUE(memo.AddAtOnce(FullMemo::Value(100), "y"));
  EXPECT_EQ(memo.Find(FullMemo::Value(100)), "");
  memo.memo().Release();
  // All but one are used in this round too.
  for (size_t i = 0; i < FullMemo::kEntries; ++i) {
    if (i == 2) continue;
    EXPECT_EQ(memo.Find(FullMemo::Value(i)), "x") << i;
  }
  EXPECT_TRUE(memo.Add(FullMemo::Value(100), "y"));
  EXPECT_EQ(memo.Find(FullMemo::Value(100)), "y");
  for (size_t i = 0; i < FullMemo::kEntries; ++i) {
    EXPECT_EQ(memo.Find(FullMemo::Value(i)), i == 2 ? "" : "x") << i;
  }
}

TEST(ValueMemoTest, ALongValueTakesThePlaceOfSeveralOldOnes) {
  Memo memo(kOneSet);
  std::vector<std::string> values;
  for (size_t i = 0; i < ValueMemo::kWays; ++i) {
    values.push_back(absl::StrFormat("192.0.2.%d", i));
    memo.memo().Release();
    ASSERT_TRUE(memo.AddAtOnce(values.back(), "x"));
  }
  const std::string value = FullMemo::Value(1);
  memo.memo().Release();
  ASSERT_TRUE(memo.AddAtOnce(value, "y"));
  EXPECT_EQ(memo.Find(value), "y");
  size_t kept = 0;
  for (const std::string& each : values) {
    const std::string found = memo.Find(each);
    EXPECT_TRUE(found.empty() || found == "x");
    kept += found.empty() ? 0U : 1U;
  }
  EXPECT_GE(kept, ValueMemo::kWays - 6);
  EXPECT_LT(kept, ValueMemo::kWays);
  EXPECT_EQ(memo.Find(values.back()), "x") << "the newest";
}

TEST(ValueMemoTest, APlaceIsVoidOnceAnotherValueIsThere) {
  FullMemo memo;
  const std::string value = FullMemo::Value(3);
  const std::string text = absl::StrCat(value, Behind());
  const ValueMemo::Key key{std::string_view(text).substr(0, value.size()), 1,
                           0};
  ValueMemo::Place place;
  ASSERT_NE(
      memo.memo().Find(key, ValueMemo::Hash(key), ValueMemo::kNowhere, &place),
      nullptr);
  ASSERT_NE(memo.memo().Again(place), nullptr);
  for (size_t i = 0; i < 2 * FullMemo::kEntries; ++i) {
    memo.memo().Release();
    ASSERT_TRUE(memo.AddAtOnce(FullMemo::Value(100 + i), "y"));
  }
  EXPECT_EQ(memo.memo().Again(place), nullptr);
  EXPECT_EQ(memo.Find(value), "");
}

TEST(ValueMemoTest, AFullSetOfShortValuesEvictsNoneThatIsInUse) {
  Memo memo(kOneSet);
  const auto value_of = [](size_t i) { return absl::StrCat("v", i); };
  for (size_t i = 0; i < ValueMemo::kWays; ++i) {
    ASSERT_TRUE(memo.AddAtOnce(value_of(i), "x"));
  }
  EXPECT_TRUE(memo.AddAtOnce("one-more", "y"));
  EXPECT_EQ(memo.Find("one-more"), "");
  for (size_t i = 0; i < ValueMemo::kWays; ++i) {
    EXPECT_EQ(memo.Find(value_of(i)), "x") << i;
  }
  memo.memo().Release();
  EXPECT_TRUE(memo.Add("one-more", "y"));
  EXPECT_EQ(memo.Find("one-more"), "y");
}

// Two variants that share what is known of a string, with cuts, windows and
// candidates inside and outside the raw value; all sources are gone when they
// are read.
TEST(ValueMemoTest, AnEntryHoldsAllThatItRefersTo) {
  ValueMemo memo(1 << 20);
  const std::string text = absl::StrCat("/a?token=q7fGv1uBxz", Behind());
  const ValueMemo::Key key{std::string_view(text).substr(0, 19), 3, 5};
  const uint64_t hash = ValueMemo::Hash(key);
  {
    std::string first = "/a?token=REDACTED";
    std::string second = "/a";
    std::vector<Cut> cuts = {{9, 19}};
    std::vector<uint32_t> windows = {0x61626364, 0x31323334, 0x41424344};
    PieceFacts facts;
    facts.grams.Add("/a?token=");
    facts.SetWindows(windows);
    facts.percent = true;
    std::vector<Result> results(2);
    results[0].text = first;
    results[0].SetCuts(cuts);
    results[1].text = second;
    for (Result& result : results) {
      result.kind = ResultKind::kText;
      result.facts = &facts;
    }
    std::string outside = "somebody@example.org";
    std::vector<Candidate> candidates(2);
    candidates[0].value = key.raw.substr(9);
    candidates[0].releases = 1;
    candidates[1].value = outside;
    candidates[1].releases = 2;
    candidates[1].marks.whole_word = 1;
    memo.Admits(hash);
    ASSERT_TRUE(memo.Admits(hash));
    memo.Insert(key, hash, results, candidates, 0b110);
    for (std::string* source : {&first, &second, &outside}) {
      std::fill(source->begin(), source->end(), '!');
    }
    std::fill(windows.begin(), windows.end(), 0U);
    cuts[0] = {0, 0};
    facts = PieceFacts();
  }
  ValueMemo::Place place;
  const ValueMemo::Entry* const entry =
      memo.Find(key, hash, memo.Locate(hash), &place);
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry->rights(), 0b110U);
  const Result* const results = entry->results();
  EXPECT_EQ(results[0].text, "/a?token=REDACTED");
  EXPECT_EQ(results[1].text, "/a");
  ASSERT_EQ(results[0].cuts().size(), 1U);
  EXPECT_EQ(results[0].cuts()[0].begin, 9U);
  EXPECT_EQ(results[0].cuts()[0].end, 19U);
  EXPECT_TRUE(results[1].cuts().empty());
  ASSERT_NE(results[0].facts, nullptr);
  EXPECT_EQ(results[0].facts, results[1].facts);
  EXPECT_THAT(results[0].facts->windows(),
              testing::ElementsAre(0x61626364U, 0x31323334U, 0x41424344U));
  EXPECT_TRUE(results[0].facts->percent);
  EXPECT_TRUE(
      results[0].facts->grams.Has(GramSignature::BitOf(LoadGram("/a?t"))));
  const auto candidates = entry->candidates();
  ASSERT_EQ(candidates.size(), 2U);
  EXPECT_EQ(candidates[0].value, "q7fGv1uBxz");
  EXPECT_EQ(candidates[0].releases, 1U);
  EXPECT_EQ(candidates[0].marks.whole_word, 0U);
  EXPECT_EQ(candidates[0].marks.any_gram, 0U);
  EXPECT_EQ(candidates[1].value, "somebody@example.org");
  EXPECT_EQ(candidates[1].releases, 2U);
  EXPECT_EQ(candidates[1].marks.whole_word, 1U);
  EXPECT_EQ(candidates[1].marks.has_window, 1U);
}

TEST(ValueMemoTest, WhatIsTooLongIsNotKept) {
  Memo memo(1 << 20);
  const std::string text(ValueMemo::kEntryBytesMax, 'a');
  EXPECT_TRUE(memo.AddAtOnce(text, "x"));
  EXPECT_EQ(memo.Find(text), "");
  EXPECT_TRUE(memo.AddAtOnce("short", text));
  EXPECT_EQ(memo.Find("short"), "");
}

// Values of all sizes come and go; what is found is what was added last.
TEST(ValueMemoTest, EachValueKeepsItsOwnResult) {
  constexpr uint64_t kSeed = 7;
  std::mt19937_64 random(kSeed);
  Memo memo(4 * kOneSet);
  std::map<std::string, std::string> added;
  size_t hits = 0;
  for (int i = 0; i < 50000; ++i) {
    const uint64_t number = random() % 400;
    const std::string value =
        absl::StrCat(number, std::string(number * 7 % 300, '-'));
    const std::string found = memo.Find(value);
    if (!found.empty()) {
      ++hits;
      ASSERT_EQ(found, added[value]);
    } else {
      added[value] = absl::StrCat("token-", random() % 1000);
      memo.Add(value, added[value]);
    }
    if (i % 8 == 0) memo.memo().Release();
  }
  EXPECT_GT(hits, 1000U);
}

}  // namespace
}  // namespace nymstream
