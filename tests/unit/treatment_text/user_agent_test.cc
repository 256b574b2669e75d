// Goal: a user agent leaves without identifiers, or as words of a closed list.
// Method: tables of real kinds of agents; a property over random bytes.
#include "treatment/user_agent.h"

#include <array>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "apply_edits.h"
#include "gtest/gtest.h"

namespace nymstream {
namespace {

std::string Family(std::string_view agent) {
  std::array<char, kUserAgentFamilyMax> out;
  return {out.data(), WriteUserAgentFamily(agent, out.data())};
}

std::string Redact(std::string_view agent) {
  EditList edits;
  FindUserAgentEdits(agent, &edits);
  return ApplyEdits(agent, edits);
}

struct Case {
  std::string_view agent;
  std::string_view expected;
};

TEST(UserAgentTest, BrowsersBotsAndLibrariesAreReducedToTheirFamily) {
  const std::vector<Case> cases = {
      {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, "
       "like Gecko) Chrome/120.0.0.0 Safari/537.36",
       "Chrome 120; Windows"},
      {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, "
       "like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0.2210.91",
       "Edge 120; Windows"},
      {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) "
       "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 Mobile/15E148 "
       "Safari/604.1",
       "Safari 17; iOS"},
      {"Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, "
       "like Gecko) SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36",
       "Samsung Internet 23; Android"},
      {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:121.0) Gecko/20100101 "
       "Firefox/121.0",
       "Firefox 121; macOS"},
      {"Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0)",
       "Internet Explorer 9; Windows"},
      {"Mozilla/5.0 (compatible; Googlebot/2.1; "
       "+http://www.google.com/bot.html)",
       "Googlebot; Other"},
      {"Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X) Chrome/120.0.0.0 Mobile "
       "Safari/537.36 (compatible; Googlebot/2.1)",
       "Googlebot; Android"},
      {"curl/7.88.1", "curl 7; Other"},
      {"python-requests/2.31.0", "python-requests 2; Other"},
      {"Go-http-client/1.1", "Go-http-client 1; Other"},
      {"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/120.0.0.0",
       "Chrome 120; ChromeOS"},
      {"ExampleBot/1.0 (a crawler)", "Other bot; Other"},
      {"", "Other; Other"},
      {"-", "Other; Other"},
      {"ada@example.com", "Other; Other"},
  };
  for (const Case& c : cases) EXPECT_EQ(Family(c.agent), c.expected) << c.agent;
}

TEST(UserAgentTest, NumbersThatAreNoVersionsDontPassAsOnes) {
  EXPECT_EQ(Family("curl/12345"), "curl; Other");
  EXPECT_EQ(Family("curl/4111111111111111"), "curl; Other");
  EXPECT_EQ(Family("curl/1234"), "curl 1234; Other");
  EXPECT_EQ(Family("curlew/7"), "Other; Other");
  EXPECT_EQ(Family("xcurl/7"), "Other; Other");
}

// Goal: nothing that a client writes passes. Method: agents of random words
// and numbers differ from each other only in words of the table.
TEST(UserAgentTest, AFamilyHoldsNoWordOfTheClient) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int i = 0; i < 20000; ++i) {
    std::string agent;
    for (size_t size = random() % 60; size > 0; --size) {
      agent += static_cast<char>(random());
    }
    agent += " Firefox/" + std::to_string(random()) + "0000 zq" +
             std::to_string(random());
    const std::string family = Family(agent);
    EXPECT_LE(family.size(), kUserAgentFamilyMax);
    EXPECT_EQ(family.find("zq"), std::string::npos);
    EXPECT_EQ(family.find_first_of("0123456789@%:"), std::string::npos)
        << family;
  }
}

TEST(UserAgentTest, OldAndroidAndInternetExplorer11AreTold) {
  EXPECT_EQ(Family("Mozilla/5.0 (Linux; U; Android 2.1) AppleWebKit/530.17 "
                   "(KHTML, like Gecko) Version/4.0 Mobile Safari/530.17"),
            "Android Browser 4; Android");
  EXPECT_EQ(Family("Mozilla/5.0 (Windows NT 10.0; Trident/7.0; rv:11.0) like "
                   "Gecko"),
            "Internet Explorer 11; Windows");
  EXPECT_EQ(Family("Mozilla/5.0 (Linux; Galaxy Edge Build) Chrome/99.0"),
            "Chrome 99; Linux");
}

TEST(UserAgentTest, IdentifiersInsideKeptAgentsAreRedacted) {
  const std::vector<Case> cases = {
      {"Mozilla/5.0 (compatible; ada@example.com)",
       "Mozilla/5.0 (compatible; REDACTED)"},
      {"App/1.2 (id/abc123; iOS)", "App/1.2 (id/REDACTED; iOS)"},
      {"App/1.2 udid=ABC-1;x", "App/1.2 udid=REDACTED;x"},
      {"App/1.2 (123e4567-e89b-12d3-a456-426614174000)", "App/1.2 (REDACTED)"},
      {"Phone/SN354868010049990 Profile", "Phone/SNREDACTED Profile"},
      {"proxy 192.0.2.1", "proxy REDACTED"},
      {"My-App_2/1.2.3.4.5", "My-App_2/REDACTED"},
      {"App/203.0.113.77:51234", "App/REDACTED"},
      {"App/203.0.113.0/24", "App/REDACTED"},
      {"%2/203.0.113.140;", "%2/REDACTED;"},
      {"rv:1.2.3.4.358240051111110", "rv:REDACTED"},
      {"App/1.0.0.0.4111111111111111", "App/REDACTED"},
      {"App/1.2.3.4-192.0.2.1", "App/1.2.3.4-REDACTED"},
      {"X-Device-Id=ABC-99", "X-Device-Id=REDACTED"},
      {"App/1 (myDeviceId:ABC-99)", "App/1 (myDeviceId:REDACTED)"},
      {"App/1 (phone_imei/ABC-99)", "App/1 (phone_imei/REDACTED)"},
      {"bot (+http://192.0.2.1/x)", "bot (+http://REDACTED/x)"},
      {"bot (+http://example.com/192.0.2.1)",
       "bot (+http://example.com/REDACTED)"},
  };
  for (const Case& c : cases) EXPECT_EQ(Redact(c.agent), c.expected);
}

TEST(UserAgentTest, VersionsOfFourNumbersStay) {
  for (const std::string_view agent :
       {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 "
        "(KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Windows; U; rv:1.8.1.20) Gecko/20081217", "App/v1.2.3.4",
        "App/1.2.3.4)", "Android/12 Guid/1", "X-Bundle-Id/com.example",
        "Super-User/1.0"}) {
    EXPECT_EQ(Redact(agent), agent);
  }
}

}  // namespace
}  // namespace nymstream
