// Goal: every identifier of free_text.h is found, and nothing that only looks
// like one. Method: tables of texts before and after; planted identifiers in
// random surroundings; work that grows linearly.
#include "treatment/free_text.h"

#include <string>
#include <string_view>
#include <vector>

#include "apply_edits.h"
#include "gtest/gtest.h"

namespace nymstream {
namespace {

std::string Redact(std::string_view text) {
  EditList edits;
  FindIdentifiers(text, &edits);
  return ApplyEdits(text, edits);
}

struct Case {
  std::string_view text;
  std::string_view redacted;
};

void ExpectAll(const std::vector<Case>& cases) {
  for (const Case& c : cases) EXPECT_EQ(Redact(c.text), c.redacted) << c.text;
}

void ExpectUnchanged(const std::vector<std::string_view>& texts) {
  for (const std::string_view text : texts) EXPECT_EQ(Redact(text), text);
}

TEST(FreeTextTest, Ipv4AddressesAreFoundWithPortAndPrefixLength) {
  ExpectAll({
      {"192.0.2.1", "REDACTED"},
      {"from 192.0.2.1 to 198.51.100.7.", "from REDACTED to REDACTED."},
      {"client=192.0.2.1:51234, done", "client=REDACTED, done"},
      {"allow 203.0.113.0/24;", "allow REDACTED;"},
      {"x192.0.2.1y", "xREDACTEDy"},
      {"192.000.002.001", "REDACTED"},
      {"192.0.2.1.443 > 198.51.100.7.53:", "REDACTED > REDACTED:"},
      {"1.2.0.192.in-addr.arpa", "REDACTED.in-addr.arpa"},
      {"(192.0.2.1)", "(REDACTED)"},
      {"192.0.2.1: refused", "REDACTED: refused"},
      {"ip-192-0-2-1.example.net", "ip-REDACTED.example.net"},
      {"192-0-2-1.dsl.example.net", "REDACTED.dsl.example.net"},
      {"version v1.2.3.4", "version vREDACTED"},
  });
}

TEST(FreeTextTest, NumbersWithDotsThatAreNoAddressesStay) {
  ExpectUnchanged({"1.2.3", "256.1.1.1", "1.2.3.256", "1.2.3.1000", "10_15_7",
                   "3.14159", "1..2.3.4", "2026-11-24", "10-11-12-13",
                   "4.0.19045.3448", "v1.22.3", "0.5.10"});
}

TEST(FreeTextTest, Ipv6AddressesAreFoundWithAllThatSurroundsThem) {
  ExpectAll({
      {"2001:db8::1", "REDACTED"},
      {"peer [2001:DB8::1]:443 up", "peer REDACTED up"},
      {"fe80::1%eth0 x", "REDACTED x"},
      {"fe80::1%25eth0 x", "REDACTED x"},
      {"2001:db8::/32", "REDACTED"},
      {"::1", "REDACTED"},
      {"::ffff:192.0.2.1", "REDACTED"},
      {"2001:db8:0:0:0:0:0:1", "REDACTED"},
      {"2001:db8:0:0:0:0:192.0.2.1", "REDACTED"},
      {"src:2001:db8::1 ", "src:REDACTED "},
      {"addr2001:db8::1,", "addrREDACTED,"},
      {"64:ff9b::192.0.2.33", "REDACTED"},
      {"2001:db8:0:0:0:0:0:1:443", "REDACTED"},
  });
}

TEST(FreeTextTest, TimesAndNamesOfProgramsAreNoIpv6Addresses) {
  ExpectUnchanged({"12:34:56", "at 2026-11-24T12:34:56.789Z",
                   "24/Nov/2026:10:11:12 +0100", "std::string", "Table::add",
                   "::", "a:b:c", "foo::bar", "v1::foo", "std::add",
                   "2026:11:24:10:11:12", "ratio 16:9", "::::"});
}

TEST(FreeTextTest, EmailAddressesAreFound) {
  ExpectAll({
      {"ada@example.com", "REDACTED"},
      {"<Ada.Lovelace+x@mail.example.com>,", "<REDACTED>,"},
      {"mail to ada@example.com.", "mail to REDACTED."},
      {"ada%40example.com", "REDACTED"},
      {"ada%2540example.com", "REDACTED"},
      {"u=ada%2540example.com&x", "u=REDACTED&x"},
      {"\"ada l\"@example.com", "REDACTED"},
      {"ada@[192.0.2.1]", "REDACTED"},
      {"ada@192.0.2.1", "REDACTED"},
      {"root@host1 logged in", "REDACTED logged in"},
      {"zoë@exämple.com", "REDACTED"},
      {"0123456789abcdef0@example.com", "REDACTED"},
      {"git@example.com:org/repo", "REDACTED:org/repo"},
      {"/export/ada@example.com.7z", "/export/REDACTED.7z"},
      {"ada@example.com.2026-01-01", "REDACTED.2026-01-01"},
      {"ada@example.com.1.2.3", "REDACTED.1.2.3"},
      {"ada@mail.example.com.1", "REDACTED.1"},
  });
}

TEST(FreeTextTest, AtSignsOfFilesAndVersionsStay) {
  ExpectUnchanged({"logo@2x.png", "lodash@4.17.21", "@ada", "a @ b", "@",
                   "icon@3x.webp", "Object@1b2c3d4", "@@@@", "x@.y",
                   "next@beta.1.2", "x@1.2.3-rc.1"});
}

TEST(FreeTextTest, MacAddressesAndUuidsAreFound) {
  ExpectAll({
      {"00:00:5e:00:53:01", "REDACTED"},
      {"mac 00-00-5E-00-53-01!", "mac REDACTED!"},
      {"0000.5e00.5301", "REDACTED"},
      {"00005e005301", "REDACTED"},
      {"00:00:5e:ff:fe:00:53:01", "REDACTED"},
      {"id {123e4567-e89b-12d3-a456-426614174000}", "id {REDACTED}"},
      {"x123E4567-E89B-12D3-A456-426614174000y", "xREDACTEDy"},
  });
  ExpectUnchanged({"00:00:5e:00:53", "12:34:56:78", "24-01-02-03-04",
                   "123456789012", "123e4567-e89b-12d3", "----------------"});
}

TEST(FreeTextTest, CardsAreFoundByTheirCheckDigit) {
  ExpectAll({
      {"4111111111111111", "REDACTED"},
      {"4111 1111 1111 1111 ok", "REDACTED ok"},
      {"card 4111-1111-1111-1111.", "card REDACTED."},
      {"378282246310005", "REDACTED"},
      {"3782 822463 10005", "REDACTED"},
      {"4222222222222", "REDACTED"},
      {"4111+1111+1111+1111", "REDACTED"},
      {"200 4111 1111 1111 1111", "200 REDACTED"},
      {"4111_1111_1111_1111", "REDACTED"},
      {"4111/1111/1111/1111", "REDACTED"},
      {"4111.1111.1111.1111", "REDACTED"},
      {"3782.822463.10005", "REDACTED"},
  });
  ExpectUnchanged({"4111 1111 1111 1112", "378282246310006", "1763978400125",
                   "20260101000004", "4111  1111  1111  1111",
                   "2024/12/31/12349", "2024_12_31_12349"});
}

TEST(FreeTextTest, IbansAreFoundByTheirCheckDigits) {
  ExpectAll({
      {"GB29NWBK60161331926819", "REDACTED"},
      {"GB29 NWBK 6016 1331 9268 19", "REDACTED"},
      {"to DE89 3704 0044 0532 0130 00 and", "to REDACTED and"},
      {"NO9386011117947", "REDACTED"},
      {"gb29nwbk60161331926819", "REDACTED"},
  });
  ExpectUnchanged({"GB28NWBK60161331926819", "XXGB29NWBK6016133192681"});
}

TEST(FreeTextTest, InternationalPhoneNumbersAreFound) {
  ExpectAll({
      {"+12025550123", "REDACTED"},
      {"call +1 (202) 555-0123 now", "call REDACTED now"},
      {"0049 30 1234567", "REDACTED"},
      {"tel:+49-30-1234567", "tel:REDACTED"},
      {"%2B12025550123", "REDACTED"},
      {"+44 (0)20 7946 0958", "REDACTED"},
  });
  ExpectUnchanged({"+0100", "+1234567", "10:11:12+01:00", "0.001234567890",
                   "00:00:00", "c+12", "202-555-0123"});
}

TEST(FreeTextTest, CredentialsAreFound) {
  ExpectAll({
      {"Authorization: Bearer abc.def-123", "Authorization: REDACTED"},
      {"got Bearer abc.def-123, no", "got Bearer REDACTED, no"},
      {"basic YWRhOnNlY3JldA==", "basic REDACTED"},
      {"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln", "REDACTED"},
      {"password=hunter2&x=1", "password=REDACTED&x=1"},
      {"api-key: s3cr3t;", "api-key: REDACTED;"},
      {"\"access_token\": \"a b\", \"n\": 1",
       "\"access_token\": \"REDACTED\", \"n\": 1"},
      {"token%3Dabc%26x", "token%3DREDACTED%26x"},
      {"key=abc", "key=REDACTED"},
      {"https://ada:pw@example.com/x", "https://REDACTED@example.com/x"},
      {"Cookie: a=b; c=d\nHost: x", "Cookie: REDACTED\nHost: x"},
      {"JSESSIONID=abc", "JSESSIONID=REDACTED"},
      {"user[password]=hunter2", "user[password]=REDACTED"},
      {"user%5Bpassword%5D=hunter2", "user%5Bpassword%5D=REDACTED"},
      {"\"password\"=>\"hunter2\"", "\"password\"=>\"REDACTED\""},
      {"'password' => 'hunter2'", "'password' => 'REDACTED'"},
      {"password  = hunter2", "password  = REDACTED"},
      {"password\t=\thunter2", "password\t=\tREDACTED"},
      {"password=      hunter2", "password=      REDACTED"},
      {"Bearer+abcDEF123", "Bearer+REDACTED"},
      {"Bearer\tabcDEF123", "Bearer\tREDACTED"},
      {"Bearer      abcDEF123", "Bearer      REDACTED"},
      {"Token abcdef123", "Token REDACTED"},
      {"Negotiate YIIabc123==", "Negotiate REDACTED"},
      {"Digest username=\"maria.j\", realm=\"a b\", nc=1; x",
       "Digest REDACTED; x"},
      {"Digest username=maria.j", "Digest REDACTED"},
  });
  ExpectUnchanged({"bearer of news", "basic authentication failed",
                   "monkey=banana", "keyboard: us", "password=", "a=b",
                   "hotkey: f1", "unexpected token in text", "digest of news",
                   "Digest =x"});
}

TEST(FreeTextTest, LongHexIsFound) {
  ExpectAll({{"0123456789abcdef", "REDACTED"},
             {"0x0123456789ABCDEF0", "0xREDACTED"},
             {"sess0123456789abcdef!", "sessREDACTED!"},
             {"1234567890123456", "REDACTED"}});
  ExpectUnchanged({"0123456789abcde", "deadbeef", "abcdefabc"});
}

TEST(FreeTextTest, SeparatorsMayBePercentEncoded) {
  ExpectAll({
      {"2001%3Adb8%3A%3A1", "REDACTED"},
      {"192%2E0%2E2%2E1", "REDACTED"},
      {"192%252E0%252E2%252E1", "REDACTED"},
      {"%31%39%32.0.2.1", "REDACTED"},
      {"%25%34%30 ada%25%34%30example.com", "%25%34%30 REDACTED"},
      {"00%3A00%3A5e%3A00%3A53%3A01", "REDACTED"},
      {"a%20192.0.2.1%20b", "a%20REDACTED%20b"},
      {"%10.0.0.1", "REDACTED"},
      {"a%2Fada@example.com", "aREDACTED"},
      {"a%252Fada@example.com", "aREDACTED"},
  });
}

TEST(FreeTextTest, ValuesInQuotesAndBracketsGoWhole) {
  ExpectAll({
      {"\"Cookie\":[\"a=b\",\"c=d\"],\"n\":1", "\"Cookie\":[REDACTED],\"n\":1"},
      {"password='a b' x", "password='REDACTED' x"},
      {"password=\"a b", "password=\"REDACTED"},
      {"Authorization: Digest username=ada, nonce=b",
       "Authorization: REDACTED"},
  });
  ExpectUnchanged({"\"a\", \"@fields\"", "17-04-16-21-36-10"});
}

TEST(FreeTextTest, LettersThatTouchAnAddressDontHideIt) {
  ExpectAll({
      {"mac00:00:5e:00:53:01xy", "mREDACTEDxy"},
      {"00:00:5e:00:53:01af", "REDACTEDaf"},
      {"add2001:db8::1", "REDACTED"},
      {"00:00:5e:00:53:01192.0.2.1", "REDACTED.0.2.1"},
      {"123e4567-e89b-12d3-a456-426614174000192.0.2.1", "REDACTED.0.2.1"},
      {"2001:DB8:0:0:8:800:200C:417Aa=", "REDACTED="},
      {"1.2.3.400:00:5e:00:53:01", "1.2.3.REDACTED"},
  });
}

TEST(FreeTextTest, EditsAreAppendedToThoseThatAreThere) {
  EditList edits = {{0, 100, "x", Detector::kLeakGuard}};
  FindIdentifiers("ada%40example.com and 192.0.2.1", &edits);
  ASSERT_EQ(edits.size(), 3U);
  EXPECT_EQ(edits[0].end, 100U);
  EXPECT_EQ(edits[1].begin, 0U);
  EXPECT_EQ(edits[1].detector, Detector::kEmail);
  EXPECT_EQ(edits[2].detector, Detector::kIpv4);
}

}  // namespace
}  // namespace nymstream
