// Goal: no input makes a detector slow. Method: texts made to be worst for one
// detector or another, and every short string of the bytes that detectors look
// at, repeated; four times the text may take at most eight times the time.
#include <time.h>

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "treatment/free_text.h"
#include "treatment/url.h"
#include "treatment/user_agent.h"

namespace nymstream {
namespace {

using Work = std::function<void(std::string_view)>;

double Seconds(const Work& work, std::string_view text, int repeats) {
  double least = 1e9;
  for (int i = 0; i < repeats; ++i) {
    timespec begin{};
    timespec end{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
    work(text);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
    least = std::min(
        least, static_cast<double>(end.tv_sec - begin.tv_sec) +
                   1e-9 * static_cast<double>(end.tv_nsec - begin.tv_nsec));
  }
  return least;
}

std::string Repeat(std::string_view piece, size_t size) {
  std::string text;
  while (text.size() < size) text += piece;
  text.resize(size);
  return text;
}

// A text that is fast enough is not measured again: small times are noise.
void ExpectLinear(const Work& work, std::string_view piece, size_t size) {
  constexpr double kFastPerByte = 200e-9;
  const std::string text = Repeat(piece, 4 * size);
  const double fast = kFastPerByte * static_cast<double>(text.size());
  if (Seconds(work, text, 1) < fast) return;
  const double large = Seconds(work, text, 3);
  const double small = Seconds(work, Repeat(piece, size), 3);
  EXPECT_LT(large, std::max(fast, 8 * small)) << "repeated: " << piece;
}

const Work kFreeText = [](std::string_view text) {
  EditList edits;
  FindIdentifiers(text, &edits);
};
const Work kUrl = [](std::string_view text) {
  const std::vector<std::string> keep = {"a", "page"};
  EditList edits;
  FindUrlEdits(text, UrlTreatment::kRedactParameters, keep, &edits);
};
const Work kUserAgent = [](std::string_view text) {
  EditList edits;
  FindUserAgentEdits(text, &edits);
  std::array<char, kUserAgentFamilyMax> out;
  WriteUserAgentFamily(text, out.data());
};

TEST(LinearTimeTest, TextsThatAreWorstForOneDetector) {
  constexpr size_t kSize = 32 * 1024;
  for (const std::string_view piece : {"@",
                                       "a.",
                                       "1",
                                       ":",
                                       "%40",
                                       "%2540",
                                       "%25",
                                       "a",
                                       "f",
                                       "1.",
                                       "1.2.3.",
                                       "1:",
                                       "ff:",
                                       "ff:ff:ff:ff:ff:",
                                       "a:a:a:a:a:a:a:",
                                       "::",
                                       "1::",
                                       "a@",
                                       "a@a.",
                                       "\"@",
                                       "\"a\"@",
                                       "token=",
                                       "token=\"",
                                       "token='",
                                       "key='a",
                                       "Bearer ",
                                       "bearer a",
                                       "eyJ",
                                       "eyJ.",
                                       "eyJa",
                                       "+",
                                       "+1",
                                       "+1 ",
                                       "00",
                                       "001",
                                       "00 1",
                                       "4111 ",
                                       "1111-",
                                       "AA11",
                                       "AA11 AAAA ",
                                       "://",
                                       "a://",
                                       "http://a:b",
                                       "://@",
                                       "1-",
                                       "-",
                                       "aa-",
                                       "12345678-1234-1234-1234-",
                                       "1.1.1.999.",
                                       "fe80::1%",
                                       "[::1]",
                                       "cookie:",
                                       "cookie: a\"",
                                       "authorization=[",
                                       "x@[1",
                                       " ",
                                       "=",
                                       "\"",
                                       "a=\"",
                                       "%",
                                       "%2",
                                       "%%",
                                       "%%%40",
                                       "%2525",
                                       "1234567890abcdef",
                                       "g",
                                       "deadbeefdeadbee:",
                                       "0-",
                                       "abcdabcdabcdabcd:"}) {
    ExpectLinear(kFreeText, piece, kSize);
    ExpectLinear(kUrl, piece, kSize);
    ExpectLinear(kUserAgent, piece, kSize);
  }
}

TEST(LinearTimeTest, PathsAndQueriesOfManyParts) {
  constexpr size_t kSize = 32 * 1024;
  for (const std::string_view piece :
       {"/", "/reset", "/;", "/a;b=c", "?", "/?", "&", "?a=1&", "?page=a@b.c&",
        "#", "//", "/%2F", "/1.2.3.4", ";", "?;"}) {
    ExpectLinear(kUrl, piece, kSize);
  }
}

TEST(LinearTimeTest, EveryShortStringOfTheBytesThatDetectorsLookAt) {
  constexpr std::string_view kBytes = "0a.:@%-+= \"/eyJ";
  constexpr size_t kSize = 2 * 1024;
  for (const char a : kBytes) {
    for (const char b : kBytes) {
      for (const char c : kBytes) {
        ExpectLinear(kFreeText, std::string{a, b, c}, kSize);
      }
    }
  }
}

}  // namespace
}  // namespace nymstream
