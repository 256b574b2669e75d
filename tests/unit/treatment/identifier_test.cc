// Goal: equal identifiers, equal bytes; what is no identifier of the kind gives
// nothing. Method: tables of spellings and traps, and generated MAC addresses.
#include "treatment/identifier.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "unit/treatment/random_spelling.h"

namespace nymstream {
namespace {

constexpr uint32_t kSeed = 48;

std::string Email(std::string_view text) {
  std::vector<char> out(text.size() + 1, '#');
  const size_t size = CanonicalEmail(text, out.data());
  EXPECT_LE(size, text.size());
  EXPECT_EQ(out.back(), '#') << "wrote over the end: " << text;
  return std::string(out.data(), size);
}

std::string Id(std::string_view text) {
  std::vector<char> out(text.size() + 1);
  return std::string(CanonicalId(text, out.data()));
}

TEST(MacAddressTest, EverySpellingGivesTheSameBytes) {
  Random random(kSeed);
  for (int i = 0; i < 2000; ++i) {
    const int size = random.Coin() ? 6 : 8;
    std::string bytes;
    for (int byte = 0; byte < size; ++byte) {
      bytes += static_cast<char>(random.Below(256));
    }
    for (const auto& [separator, group] :
         std::vector<std::pair<std::string, int>>{
             {":", 1}, {"-", 1}, {".", 2}, {"", 8}}) {
      std::string text;
      for (int byte = 0; byte < size; ++byte) {
        if (byte > 0 && byte % group == 0) text += separator;
        text +=
            Print(random.Coin() ? "%02x" : "%02X",
                  static_cast<unsigned char>(bytes[static_cast<size_t>(byte)]));
      }
      const auto mac = ParseMacAddress(text);
      ASSERT_TRUE(mac.has_value()) << text << " seed " << kSeed;
      ASSERT_EQ(mac->Canonical(), bytes) << text << " seed " << kSeed;
    }
  }
}

TEST(MacAddressTest, WhatIsNoMacAddressIsRefused) {
  for (const char* text :
       {"", "-", "00:00:5e:00:53", "00:00:5e:00:53:", "00:00:5e:00:53:0g",
        "00:00:5e:00:53:01:", ":00:00:5e:00:53:01", "00:00-5e:00:53:01",
        "00:00:5e:00:53:01:02", "0:0:5e:0:53:1", "0000.5e00.530",
        "0000.5e00.5301.", "0000:5e00:5301", "00005e005301a", "00005e00530",
        "00:00:5e:00:53:01:02:03:04", "0x00005e005301", "00 00 5e 00 53 01",
        "00.00.5e.00.53.01"}) {
    EXPECT_FALSE(ParseMacAddress(text).has_value()) << text;
  }
  EXPECT_TRUE(ParseMacAddress(" 00:00:5e:00:53:01\t").has_value());
}

TEST(EmailTest, CaseAndEncodedAtMakeNoDifference) {
  for (const char* text : {"alice@example.com", "Alice@Example.COM",
                           "alice%40example.com", "  ALICE%40EXAMPLE.COM "}) {
    EXPECT_EQ(Email(text), "alice@example.com") << text;
  }
  EXPECT_EQ(Email("a.b+tag@mail.example.org"), "a.b+tag@mail.example.org");
  EXPECT_EQ(Email("O'Neil_=x@example.net"), "o'neil_=x@example.net");
  EXPECT_EQ(Email("root@localhost"), "root@localhost");
  EXPECT_EQ(Email("a%40b@example.com"), "a%40b@example.com");
}

TEST(EmailTest, WhatIsNoAddressGivesNothing) {
  const std::string long_label(64, 'a');
  for (const std::string& text :
       std::vector<std::string>{"",
                                "-",
                                "@",
                                "alice",
                                "alice@",
                                "@example.com",
                                "%40example.com",
                                "alice@example..com",
                                "alice@.example.com",
                                "alice@example.com.",
                                "alice@-example.com",
                                "alice@example-.com",
                                ".alice@example.com",
                                "alice.@example.com",
                                "a..b@example.com",
                                "a b@example.com",
                                "alice@exam_ple.com",
                                "alice@bob@example.com",
                                "alice%40bob%40example.com",
                                "<alice@example.com>",
                                "Alice <alice@example.com>",
                                "mailto:alice@example.com",
                                "\"a b\"@example.com",
                                "alice@example.com,bob@example.com",
                                "alice@" + long_label + ".com",
                                long_label + "a@example.com",
                                "alic\xc3\xa9@example.com"}) {
    EXPECT_EQ(Email(text), "") << text;
  }
}

TEST(IdTest, UuidsAndLongHexAreFoldedToLowerCase) {
  EXPECT_EQ(Id("{123E4567-E89B-12D3-A456-426614174000}"),
            "123e4567-e89b-12d3-a456-426614174000");
  EXPECT_EQ(Id("123e4567-e89b-12d3-a456-426614174000"),
            "123e4567-e89b-12d3-a456-426614174000");
  EXPECT_EQ(Id("DEADBEEF00112233"), "deadbeef00112233");
  EXPECT_EQ(Id("{DEADBEEF00112233}"), "deadbeef00112233");
}

TEST(IdTest, OtherIdsKeepTheirBytes) {
  for (const char* text : {"Alice", "DEADBEEF0011223", "{Alice}", "{", "}",
                           "{}", "a b", "123E4567-E89B-12D3-A456-42661417400",
                           "\xc3\x84lice", "NULL", "0", "DEADBEEF0011223G"}) {
    EXPECT_EQ(Id(text), text);
  }
  EXPECT_EQ(Id(" \tAlice "), "Alice");
}

TEST(IdTest, NothingIsNotAnId) {
  for (const char* text : {"", " ", "-", " - ", "null"}) {
    EXPECT_EQ(Id(text), "");
  }
}

}  // namespace
}  // namespace nymstream
