// Goal: the leak guard finds a withheld value in every form that the docs
// promise, and nothing where there is nothing.
// Method: the guard alone, patterns encoded by independent little encoders.
#include "engine/leak_guard.h"

#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_format.h"
#include "engine/encoded_windows.h"
#include "engine/guard_candidates.h"
#include "engine/percent_decode.h"
#include "gtest/gtest.h"

namespace nymstream {
namespace {

std::string Percent(const std::string& text, size_t every) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (i % every == 0) {
      out += absl::StrFormat("%%%02x", static_cast<unsigned char>(text[i]));
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string Twice(const std::string& text) {
  std::string out;
  for (const char c : Percent(text, 1))
    out += c == '%' ? "%25" : std::string(1, c);
  return out;
}

std::string Escaped(const std::string& text) {
  std::string out;
  for (const char c : text)
    out += absl::StrFormat("\\u%04X", static_cast<unsigned char>(c));
  return out;
}

std::string Base64(const std::string& text) { return absl::Base64Escape(text); }

class LeakGuardTest : public testing::Test {
 protected:
  // What leaves of `piece` in the only release, with `values` withheld.
  std::string Guarded(const std::vector<std::string>& values,
                      const std::string& piece, bool escaped = false,
                      bool number = false) {
    candidates_.clear();
    for (const std::string& value : values)
      candidates_.push_back(
          {.value = value, .marks = GuardMarksOf(value), .releases = 1});
    guard_.Begin(candidates_, 1000);
    const GuardedPiece described = Described(piece, escaped, number);
    PieceFacts nothing_ruled_out = facts_;
    nothing_ruled_out.grams.AddAll();
    nothing_ruled_out.any_window = true;
    GuardedPiece closely = described;
    closely.facts = &nothing_ruled_out;
    const ReleaseMask hits = guard_.Scan(described, 1);
    // No fact hides what a close look finds.
    EXPECT_EQ(hits, guard_.Scan(closely, 1)) << piece;
    EXPECT_FALSE(guard_.exhausted());
    if (hits == 0) return piece;
    return std::string(guard_.Redact(described, 1, &arena_));
  }

  // As the engine describes a piece when it treats it.
  GuardedPiece Described(const std::string& piece, bool escaped, bool number) {
    windows_.clear();
    facts_ = PieceFacts();
    facts_.percent = true;
    std::string_view view = piece;
    for (int i = 0; i <= kPercentLayers; ++i) {
      if (i > 0) view = PercentDecode(view, &arena_);
      facts_.grams.Add(view);
      AddEncodedWindows(view, &windows_);
    }
    facts_.SetWindows(windows_);
    return {.text = piece,
            .escaped = escaped,
            .whole = number,
            .facts = escaped ? nullptr : &facts_};
  }

  ReleaseMask Scan(const std::string& piece, ReleaseMask releases) {
    return guard_.Scan({.text = piece}, releases);
  }

  std::vector<Candidate> candidates_;
  std::vector<uint32_t> windows_;
  PieceFacts facts_;
  LeakGuard guard_{LogFormat::kJson};
  Arena arena_;
};

TEST_F(LeakGuardTest, APlainHitIsCutOutAndNothingElse) {
  EXPECT_EQ(Guarded({"192.0.2.77"}, "client 192.0.2.77 said"),
            "client REDACTED said");
  EXPECT_EQ(Guarded({"SomeOne"}, "/u/someone/x?a=SOMEONE"),
            "/u/REDACTED/x?a=REDACTED");
}

TEST_F(LeakGuardTest, EveryEncodingIsSeenThrough) {
  const std::string value = "maria@example.org";
  const std::pair<const char*, std::string> forms[] = {
      {"upper", absl::AsciiStrToUpper(value)},
      {"percent", Percent(value, 1)},
      {"some percent", Percent(value, 3)},
      {"percent twice", Twice(value)},
      {"hex", absl::BytesToHexString(value)},
      {"upper hex", absl::AsciiStrToUpper(absl::BytesToHexString(value))},
      {"base64", Base64(value)},
      {"base64 after one byte", Base64("u" + value)},
      {"base64 after two bytes", Base64("u=" + value)},
      {"base64 inside", Base64("id:" + value + ":x")},
      {"base64url", absl::WebSafeBase64Escape("?>?>" + value + "?>?>")},
      {"percent-encoded base64", Percent(Base64("a" + value), 2)},
  };
  for (const auto& [name, form] : forms) {
    const std::string out = Guarded({value}, "/x/" + form + "/y");
    EXPECT_EQ(out.find(form), std::string::npos) << name << ": " << out;
    EXPECT_NE(out.find("REDACTED"), std::string::npos) << name;
  }
  for (const std::string& form :
       {Escaped(value), Escaped(Percent(value, 1)), Escaped(Base64(value))}) {
    EXPECT_EQ(Guarded({value}, "/x/" + form, /*escaped=*/true), "REDACTED")
        << form;
  }
}

// One value shows in clear only, the other behind percent-encoding only.
TEST_F(LeakGuardTest, WhatIsHiddenBesideAHitInClearGoesToo) {
  EXPECT_EQ(Guarded({"%2571zca~ary81", "qzcanary81"},
                    "/a?x=%2571zca~ary81&y=%71zcanary81"),
            "/a?x=REDACTED&y=REDACTED");
  EXPECT_EQ(Guarded({"%2571zca~ary81", "qzcanary81"}, "/a?x=%2571zca~ary81&y="),
            "/a?x=REDACTED&y=");
}

TEST_F(LeakGuardTest, ShortIdentifiersCountAsWholeWordsOnly) {
  EXPECT_EQ(Guarded({"al"}, "/users/al/settings"), "/users/REDACTED/settings");
  EXPECT_EQ(Guarded({"al"}, "/metal/alpha"), "/metal/alpha");
}

TEST_F(LeakGuardTest, ANumberIsHitAsAWholeOnly) {
  EXPECT_EQ(Guarded({"123456789"}, "123456789", false, true), "REDACTED");
  EXPECT_EQ(Guarded({"123456789"}, "1234567890", false, true), "1234567890");
}

TEST_F(LeakGuardTest, WhatIsNotWithheldStays) {
  for (const char* piece :
       {"/static/js/app.js", "Mozilla/5.0 (X11; Linux x86_64)",
        "https://www.example.com/a/b?c=REDACTED", "", "a", "%", "%%%", "\\"}) {
    EXPECT_EQ(Guarded({"192.0.2.77", "maria@example.org"}, piece), piece);
  }
}

TEST_F(LeakGuardTest, OnlyTheReleasesThatWithholdAreHit) {
  candidates_ = {{.value = "someone", .releases = 0b01},
                 {.value = "another", .releases = 0b10}};
  guard_.Begin(candidates_, 1000);
  EXPECT_EQ(Scan("someone", 0b11), 0b01U);
  EXPECT_EQ(Scan("another", 0b11), 0b10U);
  EXPECT_EQ(Scan("someone another", 0b11), 0b11U);
  EXPECT_EQ(Scan("someone", 0b10), 0U);
}

// Inputs made to cost much: equal grams, chains of near hits.
TEST_F(LeakGuardTest, HostileRecordsRunIntoTheBudgetNotIntoTime) {
  std::vector<std::string> values;
  for (int i = 0; i < 2000; ++i)
    values.push_back("aaaaaaaa" +
                     std::string(static_cast<size_t>(i % 97), 'b') +
                     absl::StrFormat("%d", i));
  candidates_.clear();
  for (const std::string& value : values)
    candidates_.push_back({.value = value, .releases = 1});
  const std::string piece(1 << 20, 'a');
  const auto begin = std::chrono::steady_clock::now();
  guard_.Begin(candidates_, piece.size());
  guard_.Scan({.text = piece}, 1);
  const auto took = std::chrono::steady_clock::now() - begin;
  EXPECT_LT(took, std::chrono::seconds(5));
}

TEST(GuardCandidatesTest, ProtocolWordsAndSmallNumbersAreNoCandidates) {
  std::vector<Candidate> candidates;
  for (const char* value : {"GET", "HTTP/2.0", "https", "200", "1234", "-", ""})
    AddCandidate(value, 1, false, &candidates);
  EXPECT_TRUE(candidates.empty());
  AddCandidate("1234567", 1, false, &candidates);
  AddCandidate("12", 1, true, &candidates);
  EXPECT_EQ(candidates.size(), 2U);
}

TEST(GuardCandidatesTest, ValuesInsideACookieCountByThemselves) {
  std::vector<Candidate> candidates;
  std::string cookie = "sid=abcdef123; theme=dark; t=1";
  const size_t size = cookie.size();
  // What stands behind it may be read, but does not count.
  cookie += "2345678; z=98765432";
  AddCandidatePieces(std::string_view(cookie).substr(0, size), 1, &candidates);
  ASSERT_EQ(candidates.size(), 1U);
  EXPECT_EQ(candidates[0].value, "abcdef123");
}

}  // namespace
}  // namespace nymstream
