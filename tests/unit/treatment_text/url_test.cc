// Goal: a URL leaves with its structure and without what identifies.
// Method: tables of URLs before and after; properties over random URLs.
#include "treatment/url.h"

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "apply_edits.h"
#include "gtest/gtest.h"
#include "treatment/free_text.h"

namespace nymstream {
namespace {

const std::vector<std::string> kKeep = {"page", "utm_source"};

std::string Treat(std::string_view url,
                  UrlTreatment treatment = UrlTreatment::kRedactParameters) {
  EditList edits;
  FindUrlEdits(url, treatment, kKeep, &edits);
  return ApplyEdits(url, edits);
}

struct Case {
  std::string_view url;
  std::string_view treated;
};

void ExpectAll(const std::vector<Case>& cases) {
  for (const Case& c : cases) EXPECT_EQ(Treat(c.url), c.treated) << c.url;
}

void ExpectUnchanged(const std::vector<std::string_view>& urls) {
  for (const std::string_view url : urls) EXPECT_EQ(Treat(url), url);
}

TEST(UrlTest, PlainUrlsStayAsTheyAre) {
  ExpectUnchanged({"",
                   "-",
                   "/",
                   "/products/1234/",
                   "https://example.com",
                   "https://example.com:8443/a/b.html",
                   "//example.com/x",
                   "GET / HTTP/1.1",
                   "OPTIONS * HTTP/1.1",
                   "example.com:443",
                   "CONNECT example.com:443 HTTP/1.1",
                   "/a%20b/%C3%A9",
                   "android-app://com.example.app/",
                   "index.html",
                   "/caf\xC3\xA9",
                   "/10-things-to-see-in-2026.html",
                   "/img/logo@2x.png",
                   "/bootstrap-4.3.1.bundle.min.js",
                   "/a|b{c}^`[d]",
                   "/auth/login",
                   "/auth/v2/x",
                   "/password/forgotten",
                   "/a%2Fb",
                   "/preset/abc"});
}

TEST(UrlTest, ParameterValuesAreRedactedUnlessAllowListed) {
  ExpectAll({
      {"/s?q=ada&page=2", "/s?q=REDACTED&page=2"},
      {"/s?PAGE=2&p%61ge=3", "/s?PAGE=2&p%61ge=3"},
      {"/s?q=a=b&c=", "/s?q=REDACTED&c="},
      {"/s?flag&page=1", "/s?REDACTED&page=1"},
      {"/s?page=1;u=ada", "/s?page=1;u=REDACTED"},
      {"/s?page=ada@example.com", "/s?page=REDACTED"},
      {"/s?page=ada%2540example.com", "/s?page=REDACTED"},
      {"/s?192.0.2.1=x", "/s?REDACTED=REDACTED"},
      {"/s?", "/s?"},
      {"/s?&&=&", "/s?&&=&"},
      {"GET /s?q=ada HTTP/1.1", "GET /s?q=REDACTED HTTP/1.1"},
      {"GET /s?q=ada", "GET /s?q=REDACTED"},
  });
}

TEST(UrlTest, IdentifiersInThePathAreRedacted) {
  ExpectAll({
      {"/user/ada@example.com/x", "/user/REDACTED/x"},
      {"/user/ada%40example.com", "/user/REDACTED"},
      {"/host/192%2E0%2E2%2E1/", "/host/REDACTED/"},
      {"/u/123e4567-e89b-12d3-a456-426614174000", "/u/REDACTED"},
      {"/u/V1StGXR8_Z5jdHi6B-myT", "/u/REDACTED"},
      {"/mac/00005e005301", "/mac/REDACTED"},
      {"/u/ABCDE-12345-FGHIJ-67890", "/u/REDACTED"},
      {"/reset/abc", "/reset/REDACTED"},
      {"/password-reset/abc/x", "/password-reset/REDACTED/x"},
      {"/Verify_Email/abc", "/Verify_Email/REDACTED"},
      {"/t%6Fken/abc", "/t%6Fken/REDACTED"},
      {"/resetPassword/abcdef", "/resetPassword/REDACTED"},
      {"/reset%2Fabcdef", "/REDACTED"},
      {"/reset%252fabcdef", "/REDACTED"},
      {"/reset/./abcdef", "/reset/./REDACTED"},
      {"/reset/%2E/abcdef", "/reset/%2E/REDACTED"},
      {"/password/hunter2", "/password/REDACTED"},
      {"/otp/123456", "/otp/REDACTED"},
      {"/auth/AbCdEf1234/x", "/auth/REDACTED/x"},
      {"/p/user:pass@h", "/p/REDACTED"},
      {"/p/user%3Apass@h/x", "/p/REDACTED/x"},
      {"/a%2Fmaria@x.org", "/aREDACTED"},
      {"/a;jsessionid=1A2B/b", "/a;jsessionid=REDACTED/b"},
      {"/a;x;page=3;y=1", "/a;REDACTED;page=3;y=REDACTED"},
  });
}

TEST(UrlTest, UserinfoAndAddressesOfHostsAreRedacted) {
  ExpectAll({
      {"https://ada:pw@example.com/", "https://REDACTED@example.com/"},
      {"https://a@b@example.com/", "https://REDACTED@example.com/"},
      {"//ada@example.com/", "//REDACTED@example.com/"},
      {"ada:pw@example.com/x", "REDACTED@example.com/x"},
      {"http://192.0.2.1:8080/x", "http://REDACTED/x"},
      {"http://[2001:db8::1]:80/x", "http://REDACTED/x"},
      {"192.0.2.1:443", "REDACTED"},
      {"CONNECT 192.0.2.1:443 HTTP/1.1", "CONNECT REDACTED HTTP/1.1"},
  });
}

TEST(UrlTest, TheFragmentIsCut) {
  ExpectAll({{"/a#ada", "/a"}, {"/a?page=1#b?c", "/a?page=1"}, {"#x", ""}});
}

TEST(UrlTest, PathOnlyCutsQueryAndFragment) {
  EXPECT_EQ(Treat("/a?page=1#x", UrlTreatment::kPathOnly), "/a");
  EXPECT_EQ(Treat("GET /a?b HTTP/1.1", UrlTreatment::kPathOnly),
            "GET /a HTTP/1.1");
  EXPECT_EQ(
      Treat("https://u@example.com/ada@example.com?x", UrlTreatment::kPathOnly),
      "https://REDACTED@example.com/REDACTED");
  EXPECT_EQ(Treat("/a;s=1?x", UrlTreatment::kPathOnly), "/a;s=REDACTED");
}

TEST(UrlTest, WhatNoUrlMayHoldIsRedactedWhole) {
  for (const std::string_view url :
       {"/a b", "GET /a b HTTP/1.1", "/a%zz", "/a%4", "/a\"b", "/a\\b", "/a\nb",
        "\x16\x03\x01", "/a\x7f", "ADA /x HTTP/1.1", " /a",
        "mailto:ada@example.com", "data:text/plain,ada", "javascript:x()",
        "tel:+12025550123", "/<script>", "GET  HTTP/1.1 x"}) {
    EXPECT_EQ(Treat(url), "REDACTED") << url;
    EXPECT_EQ(Treat(url, UrlTreatment::kPathOnly), "REDACTED") << url;
  }
}

// Goal: the short way for plain segments misses nothing.
TEST(UrlTest, APathSegmentIsEditedAsFreeText) {
  constexpr std::string_view kBytes = "0123456789abcdef.-+@:%=_x0000....----";
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int i = 0; i < 200000 && !HasFailure(); ++i) {
    std::string segment;
    for (size_t size = random() % 20; size > 0; --size) {
      const char c = kBytes[random() % kBytes.size()];
      segment += c == '%' ? std::string("%2E") : std::string(1, c);
    }
    // A user with a password: see RedactSegment.
    const size_t colon = segment.find(':');
    if (colon != std::string::npos &&
        segment.find('@', colon) != std::string::npos) {
      continue;
    }
    EditList edits;
    FindIdentifiers(segment, &edits);
    EXPECT_EQ(Treat("/" + segment), "/" + ApplyEdits(segment, edits));
  }
}

}  // namespace
}  // namespace nymstream
