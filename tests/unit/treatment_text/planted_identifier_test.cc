// Goal: whatever surrounds and encodes an identifier, it does not leave.
// Method: identifiers planted in random surroundings, percent-encoded at random
// in up to two layers; the seed is printed.
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "apply_edits.h"
#include "gtest/gtest.h"
#include "treatment/free_text.h"
#include "treatment/url.h"
#include "treatment/user_agent.h"

namespace nymstream {
namespace {

using Random = std::mt19937;

size_t Below(size_t limit, Random* random) { return (*random)() % limit; }

template <typename T>
const T& OneOf(const std::vector<T>& choices, Random* random) {
  return choices[Below(choices.size(), random)];
}

const std::vector<std::string> kIdentifiers = {
    "192.0.2.1",
    "198.51.100.234",
    "2001:db8::8a2e:370:7334",
    "2001:DB8:0:0:8:800:200C:417A",
    "::ffff:203.0.113.7",
    "ada.lovelace@example.com",
    "zo\xC3\xAB@example.org",
    "00:00:5e:00:53:1f",
    "00-00-5E-00-53-1F",
    "123e4567-e89b-12d3-a456-426614174000",
    "4111111111111111",
    "4111 1111 1111 1111",
    "3782-822463-10005",
    "GB29NWBK60161331926819",
    "DE89 3704 0044 0532 0130 00",
    "+12025550123",
    "+49 (30) 1234567",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl",
    "0123456789abcdef0123",
};

// Nothing here is a digit, or what makes one identifier of two neighbours.
const std::vector<std::string> kSurroundings = {
    " ",    "\n", "\t", ";",    "&",   "=",     "\"", "'",  "(",  ")",
    "<",    ">",  "|",  "{",    "}",   "user ", "x",  "ip", "é",  "漢",
    "\x01", "?",  "!",  "#",    "*",   "$",     "~",  "^",  "\\", "the end",
    "",     "a=", "@ ", "http", " : ", " - ",   ". ", ", ", "%",  "\xFF"};

std::string Surroundings(Random* random) {
  std::string text;
  for (size_t i = Below(4, random); i > 0; --i) {
    text += OneOf(kSurroundings, random);
  }
  return text;
}

std::string Encode(std::string_view text, size_t percent, Random* random) {
  constexpr std::string_view kHex = "0123456789abcdefABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (Below(100, random) >= percent) {
      out += c;
      continue;
    }
    const auto digit = [&](size_t value) {
      return kHex[value > 9 && Below(2, random) == 0 ? value + 6 : value];
    };
    out += '%';
    out += digit(byte / 16);
    out += digit(byte % 16);
  }
  return out;
}

TEST(PlantedIdentifierTest, NoneLeavesFreeTextPlain) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  for (int i = 0; i < 20000 && !testing::Test::HasFailure(); ++i) {
    const std::string& identifier = OneOf(kIdentifiers, &random);
    const std::string text =
        Surroundings(&random) + " " + identifier + " " + Surroundings(&random);
    EditList edits;
    FindIdentifiers(text, &edits);
    const std::string out = ApplyEdits(text, edits);
    EXPECT_EQ(out.find(identifier), std::string::npos) << text << "\n" << out;
  }
}

// An IBAN shows its end by what is no letter.
bool MayBeTouched(std::string_view identifier) {
  return identifier.substr(0, 2) != "GB" && identifier.substr(0, 2) != "DE";
}

TEST(PlantedIdentifierTest, NoneLeavesFreeTextWhateverTouchesIt) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  for (int i = 0; i < 20000 && !testing::Test::HasFailure(); ++i) {
    const std::string& identifier = OneOf(kIdentifiers, &random);
    if (!MayBeTouched(identifier)) continue;
    const std::string text =
        Surroundings(&random) + identifier + Surroundings(&random);
    EditList edits;
    FindIdentifiers(text, &edits);
    const std::string out = ApplyEdits(text, edits);
    EXPECT_EQ(out.find(identifier), std::string::npos) << text << "\n" << out;
  }
}

TEST(PlantedIdentifierTest, NoneLeavesFreeTextBehindPercentEncoding) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  for (int i = 0; i < 20000 && !testing::Test::HasFailure(); ++i) {
    const std::string& identifier = OneOf(kIdentifiers, &random);
    // Escapes that stand alone are no part of this test.
    std::string planted = Encode(identifier, 30, &random);
    if (Below(2, &random) == 0) planted = Encode(planted, 15, &random);
    const std::string text = "x " + planted + " y";
    EditList edits;
    FindIdentifiers(text, &edits);
    const std::string out = ApplyEdits(text, edits);
    EXPECT_EQ(out, "x REDACTED y") << text;
  }
}

TEST(PlantedIdentifierTest, NoneLeavesAUserAgent) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  for (int i = 0; i < 20000 && !testing::Test::HasFailure(); ++i) {
    const std::string& identifier = OneOf(kIdentifiers, &random);
    const std::string agent = "Mozilla/5.0 (X11; " + identifier +
                              ") Gecko/20100101 " + Surroundings(&random);
    EditList edits;
    FindUserAgentEdits(agent, &edits);
    const std::string out = ApplyEdits(agent, edits);
    EXPECT_EQ(out.find(identifier), std::string::npos) << agent << "\n" << out;
  }
}

TEST(PlantedIdentifierTest, NoneLeavesAUrl) {
  const std::vector<std::string> kPlaces = {"/a/@/b",
                                            "/@",
                                            "/?page=@",
                                            "/a?page=1&q=@#x",
                                            "/a?@",
                                            "/a;page=@",
                                            "https://@/x",
                                            "https://u:@@example.com/",
                                            "GET /@ HTTP/1.1",
                                            "/?@=1",
                                            "/a#@",
                                            "@"};
  const std::vector<std::string> kKeep = {"page"};
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  for (int i = 0; i < 20000 && !testing::Test::HasFailure(); ++i) {
    const std::string& identifier = OneOf(kIdentifiers, &random);
    std::string planted = Encode(identifier, 20, &random);
    if (Below(3, &random) == 0) planted = Encode(planted, 10, &random);
    std::string url = OneOf(kPlaces, &random);
    url.replace(url.find('@'), 1, planted);
    for (const UrlTreatment treatment :
         {UrlTreatment::kRedactParameters, UrlTreatment::kPathOnly}) {
      EditList edits;
      FindUrlEdits(url, treatment, kKeep, &edits);
      const std::string out = ApplyEdits(url, edits);
      EXPECT_EQ(out.find(planted), std::string::npos) << url << "\n" << out;
    }
  }
}

}  // namespace
}  // namespace nymstream
