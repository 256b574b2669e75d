// Goal: whatever a list holds, only separators, known names and placeholders
// stay. Method: each list is written with its elements replaced; then random
// lists, in which no byte outside an element may be anything else.
#include "treatment/ip_list.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "unit/treatment/random_spelling.h"

namespace nymstream {
namespace {

constexpr uint32_t kSeed = 7239;

// `text` with <address> or X for each element.
std::string Treated(std::string_view text) {
  std::vector<IpListElement> elements(3);
  SplitIpList(text, &elements);
  std::string out;
  size_t done = 0;
  for (const IpListElement& element : elements) {
    EXPECT_GE(element.begin, done);
    EXPECT_GT(element.end, element.begin);
    EXPECT_LE(element.end, text.size());
    out += text.substr(done, element.begin - done);
    if (element.address) {
      char address[kIpTextMax];
      out += "<";
      out.append(address, FormatIpAddress(*element.address, address));
      out += ">";
    } else {
      out += "X";
    }
    done = element.end;
  }
  return out + std::string(text.substr(done));
}

TEST(IpListTest, AddressesOfACommaListAreElements) {
  EXPECT_EQ(Treated("192.0.2.1"), "<192.0.2.1>");
  EXPECT_EQ(Treated("192.0.2.1, 2001:DB8::1,::ffff:198.51.100.2:80"),
            "<192.0.2.1>, <2001:db8::1>,X");
  EXPECT_EQ(Treated("192.0.2.1:4711, [2001:db8::1]:80, 2001:db8::2%eth0"),
            "<192.0.2.1>, <2001:db8::1>, <2001:db8::2>");
  EXPECT_EQ(Treated("  192.0.2.1 ,\t203.0.113.9  "),
            "  <192.0.2.1> ,\t<203.0.113.9>  ");
  EXPECT_EQ(Treated("192.0.2.1 203.0.113.9"), "<192.0.2.1> <203.0.113.9>");
}

TEST(IpListTest, GarbageIsAnElementWithoutAddress) {
  EXPECT_EQ(Treated("alice, 192.0.2.1, 192.0.2.300, <script>"),
            "X, <192.0.2.1>, X, X");
  EXPECT_EQ(Treated("alice@example.com"), "X");
  EXPECT_EQ(Treated("192.0.2.0/24"), "X");
  EXPECT_EQ(Treated("unix:/run/alice.sock"), "X");
  EXPECT_EQ(Treated("a\nb"), "X");
  EXPECT_EQ(Treated("for = 192.0.2.1"), "X X <192.0.2.1>");
}

TEST(IpListTest, PlaceholdersAndSeparatorsStay) {
  EXPECT_EQ(Treated(""), "");
  EXPECT_EQ(Treated("-"), "-");
  EXPECT_EQ(Treated("unknown, Unknown, -, , ,,"), "unknown, Unknown, -, , ,,");
  EXPECT_EQ(Treated("192.0.2.1:80, 192.0.2.2:80 : 192.0.2.3:80"),
            "<192.0.2.1>, <192.0.2.2> : <192.0.2.3>");
}

TEST(IpListTest, ForwardedKeepsItsNamesAndProtocols) {
  EXPECT_EQ(Treated("for=192.0.2.60;proto=http;by=203.0.113.43"),
            "for=<192.0.2.60>;proto=http;by=<203.0.113.43>");
  EXPECT_EQ(Treated("For=\"[2001:db8:cafe::17]:4711\", for=192.0.2.43"),
            "For=\"<2001:db8:cafe::17>\", for=<192.0.2.43>");
  EXPECT_EQ(Treated("for=unknown;proto=https"), "for=unknown;proto=https");
  EXPECT_EQ(Treated("for=_hidden, for=\"_SEVKISEK\""), "for=X, for=\"X\"");
  EXPECT_EQ(Treated("host=alice.example.com;for=192.0.2.1"),
            "host=X;for=<192.0.2.1>");
  EXPECT_EQ(Treated("proto=alice"), "proto=X");
  EXPECT_EQ(Treated("host=192.0.2.1"), "host=X");
  EXPECT_EQ(Treated("for=192.0.2.1;alice=1;secret=\"a, b; c\";by=_x"),
            "for=<192.0.2.1>;X;X;by=X");
  EXPECT_EQ(Treated("for=\"unknown\", for=\"\", for="),
            "for=\"unknown\", for=\"\", for=");
}

TEST(IpListTest, NothingHidesBesideAnAddressOrInQuotes) {
  EXPECT_EQ(Treated("\"for=192.0.2.1;proto=alice\""), "\"<192.0.2.1>\"");
  EXPECT_EQ(Treated("for=\"192.0.2.1, alice\""), "for=\"X\"");
  EXPECT_EQ(Treated("for=\"192.0.2.1\"alice"), "for=X");
  EXPECT_EQ(Treated("alice\"192.0.2.1\""), "X");
  EXPECT_EQ(Treated("for=\"192.0.2.1, alice"), "for=X");
  EXPECT_EQ(Treated("for=\""), "for=X");
  EXPECT_EQ(Treated("=alice"), "X");
  EXPECT_EQ(Treated("for=for=192.0.2.1"), "for=<192.0.2.1>");
  EXPECT_EQ(Treated("for=\"\\\"192.0.2.1\\\"\""), "for=\"X\"");
}

TEST(IpListTest, OfRandomTextOnlyKnownWordsStay) {
  constexpr std::array<std::string_view, 18> kPieces = {
      ",",      ";",    " ",         "=",    "\"",      "for",
      "by",     "host", "proto",     "[",    "]:8",     "alice",
      "::beef", "_x",   "192.0.2.7", "http", "unknown", "'"};
  Random random(kSeed);
  for (int i = 0; i < 200000; ++i) {
    std::string text;
    for (int pieces = random.Below(12); pieces >= 0; --pieces) {
      text += kPieces[static_cast<size_t>(
          random.Below(static_cast<int>(kPieces.size())))];
    }
    const std::string treated = Treated(text);
    ASSERT_EQ(treated.find("alice"), std::string::npos)
        << text << " seed " << kSeed;
    ASSERT_EQ(treated.find("_x"), std::string::npos)
        << text << " seed " << kSeed;
    std::string bare;
    for (size_t at = 0; at < treated.size(); ++at) {
      if (treated[at] == '<') {
        at = treated.find('>', at);
        ASSERT_NE(at, std::string::npos) << text;
      } else {
        bare += treated[at];
      }
    }
    ASSERT_EQ(bare.find("192"), std::string::npos) << text << " seed " << kSeed;
    ASSERT_EQ(bare.find("beef"), std::string::npos)
        << text << " seed " << kSeed;
  }
}

}  // namespace
}  // namespace nymstream
