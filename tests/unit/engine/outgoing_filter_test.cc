// Goal: the filter never rules out a value that is in what leaves, and rules
// out most that are not. Method: invented pieces, described as the engine
// describes them, with values hidden in them in every encoding that the guard
// knows; each run with a fixed seed.
#include "engine/outgoing_filter.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/arena.h"
#include "engine/guard_candidates.h"
#include "engine/percent_decode.h"
#include "gtest/gtest.h"

namespace nymstream {
namespace {

class OutgoingFilterTest : public testing::Test {
 protected:
  std::string Invented(size_t bytes) {
    static constexpr std::string_view kLetters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._ /";
    std::string text;
    while (text.size() < bytes) text += kLetters[random_() % kLetters.size()];
    return text;
  }

  void AddPiece(const std::string& piece) {
    PieceFacts facts;
    std::vector<uint32_t> windows;
    std::string_view view = piece;
    for (int i = 0; i <= kPercentLayers; ++i) {
      if (i > 0) view = PercentDecode(view, &arena_);
      facts.grams.Add(view);
      AddEncodedWindows(view, &windows);
    }
    facts.SetWindows(windows);
    filter_.AddString(facts);
  }

  // By its bytes and by its marks: what one rules out is not looked for.
  bool MayHold(const std::string& value) const {
    Candidate marked;
    marked.value = value;
    marked.marks = GuardMarksOf(value);
    return filter_.MayHold(value) && filter_.MayHold(marked);
  }

  std::mt19937_64 random_{20261124};
  Arena arena_;
  OutgoingFilter filter_;
};

std::string PercentEncoded(const std::string& text) {
  std::string out;
  for (const char c : text) {
    absl::StrAppend(&out, "%",
                    absl::BytesToHexString(absl::string_view(&c, 1)));
  }
  return out;
}

TEST_F(OutgoingFilterTest, WhatIsInAPieceIsNeverRuledOut) {
  for (int round = 0; round < 3000; ++round) {
    // Blanks around it are not of a value.
    const std::string value =
        absl::StrCat("v", Invented(1 + random_() % 40), "w");
    std::string plus = value;
    std::replace(plus.begin(), plus.end(), ' ', '+');
    const std::string around = Invented(random_() % 4);
    std::vector<std::string> hidden = {value, absl::AsciiStrToUpper(value),
                                       plus, PercentEncoded(value),
                                       PercentEncoded(PercentEncoded(value))};
    if (value.size() >= kEncodedBytesMin) {
      hidden.push_back(absl::BytesToHexString(value));
      hidden.push_back(absl::Base64Escape(absl::StrCat(around, value)));
      hidden.push_back(absl::WebSafeBase64Escape(absl::StrCat(around, value)));
    }
    for (const std::string& form : hidden) {
      filter_.Start();
      AddPiece(absl::StrCat(Invented(random_() % 20), form, "="));
      AddPiece(Invented(20));
      EXPECT_TRUE(MayHold(value)) << value << " in " << form;
    }
  }
}

TEST_F(OutgoingFilterTest, MostOfWhatIsInNoPieceIsRuledOut) {
  int passed = 0;
  constexpr int kRounds = 2000;
  for (int round = 0; round < kRounds; ++round) {
    filter_.Start();
    for (int i = 0; i < 5; ++i) AddPiece(Invented(30));
    if (MayHold(absl::StrCat("v", Invented(30), "w"))) ++passed;
  }
  EXPECT_LT(passed, kRounds / 20);
}

TEST_F(OutgoingFilterTest, NumbersAreFoundBySize) {
  filter_.Start();
  EXPECT_FALSE(filter_.HoldsAny());
  filter_.AddNumber(10);
  EXPECT_TRUE(filter_.HoldsAny());
  EXPECT_TRUE(filter_.MayHold("4915112345"));
  EXPECT_FALSE(filter_.MayHold("491511234567"));
  EXPECT_FALSE(filter_.MayHold("lettersabc"));
}

TEST_F(OutgoingFilterTest, WhatNothingIsKnownOfMayHoldAll) {
  filter_.Start();
  EXPECT_FALSE(filter_.MayHold("someone@example.org"));
  filter_.AddUnknown();
  EXPECT_TRUE(filter_.MayHold("someone@example.org"));
}

TEST_F(OutgoingFilterTest, ASumHoldsWhatItsPartsHold) {
  filter_.Start();
  AddPiece("/path/of/somebody-else");
  OutgoingFilter sum;
  sum.Start();
  sum.Add(filter_);
  EXPECT_TRUE(sum.MayHold("somebody"));
  EXPECT_FALSE(sum.MayHold("9a7c1e55f0"));
}

}  // namespace
}  // namespace nymstream
