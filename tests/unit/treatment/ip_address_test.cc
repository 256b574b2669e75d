// Goal: one address has one canonical form, and truncation leaves nothing of an
// embedded address. Method: the C library's inet_pton and inet_ntop as oracle
// over generated and mutated spellings, then tables of traps.
#include "treatment/ip_address.h"

#include <arpa/inet.h>

#include <cstring>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "unit/treatment/random_spelling.h"

namespace nymstream {
namespace {

constexpr uint32_t kSeed = 20261124;

IpAddress Address(const std::string& text) {
  const auto address = ParseIpAddress(text);
  EXPECT_TRUE(address.has_value()) << text;
  return address.value_or(IpAddress());
}

std::string Format(const IpAddress& address) {
  char text[kIpTextMax];
  return std::string(text, FormatIpAddress(address, text));
}

// What the C library reads, v4 as mapped.
std::optional<IpAddress> Oracle(const std::string& text) {
  IpAddress address;
  if (inet_pton(AF_INET6, text.c_str(), address.bytes.data()) == 1) {
    return address;
  }
  address.bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (inet_pton(AF_INET, text.c_str(), &address.bytes[12]) == 1) {
    return address;
  }
  return std::nullopt;
}

TEST(IpAddressTest, EverySpellingOfAnAddressGivesItsBytes) {
  Random random(kSeed);
  for (int i = 0; i < 100000; ++i) {
    const AddressBytes bytes = random.Address();
    const std::string text = Spell(bytes, random);
    const auto address = ParseIpAddress(text);
    ASSERT_TRUE(address.has_value()) << text << " seed " << kSeed;
    ASSERT_EQ(address->bytes, bytes) << text << " seed " << kSeed;
    ASSERT_EQ(address, Oracle(text)) << text << " seed " << kSeed;
  }
}

TEST(IpAddressTest, MutatedSpellingsAreReadAsTheCLibraryReadsThem) {
  constexpr std::string_view kBytes = "0123456789abcdefF:::..g %[/x";
  Random random(kSeed);
  int valid = 0;
  for (int i = 0; i < 300000; ++i) {
    std::string text = Spell(random.Address(), random);
    if (random.Below(4) == 0) {
      const AddressBytes bytes = random.Address();
      text = DottedQuad(bytes.data() + 12);
    }
    for (int edits = random.Below(3); edits >= 0; --edits) {
      const auto at =
          static_cast<size_t>(random.Below(static_cast<int>(text.size()) + 1));
      const char c = kBytes[static_cast<size_t>(
          random.Below(static_cast<int>(kBytes.size())))];
      if (random.Coin()) {
        text.insert(at, 1, c);
      } else if (at < text.size()) {
        text.erase(at, 1);
      }
    }
    if (text.find('%') != std::string::npos) continue;
    const auto expected = Oracle(text);
    valid += expected.has_value();
    ASSERT_EQ(ParseIpAddress(text), expected) << text << " seed " << kSeed;
  }
  EXPECT_GT(valid, 10000);
}

TEST(IpAddressTest, TextIsThatOfTheCLibrary) {
  Random random(kSeed);
  for (int i = 0; i < 100000; ++i) {
    IpAddress address{random.Address()};
    // inet_ntop writes the deprecated ::a.b.c.d with dots.
    address.bytes[0] |= 0x20;
    char expected[INET6_ADDRSTRLEN];
    inet_ntop(AF_INET6, address.bytes.data(), expected, sizeof(expected));
    ASSERT_EQ(Format(address), expected) << "seed " << kSeed;
    ASSERT_EQ(ParseIpAddress(expected), address) << "seed " << kSeed;
  }
}

TEST(IpAddressTest, MappedAddressesAreWrittenAsDottedQuads) {
  EXPECT_EQ(Format(Address("::ffff:192.0.2.1")), "192.0.2.1");
  EXPECT_EQ(Format(Address("0.0.0.0")), "0.0.0.0");
  EXPECT_EQ(Format(Address("255.255.255.255")), "255.255.255.255");
  EXPECT_EQ(Format(Address("::c000:201")), "::c000:201");
  EXPECT_EQ(Format(Address("::")), "::");
  EXPECT_EQ(Format(Address("::1")), "::1");
  EXPECT_EQ(Format(Address("1::")), "1::");
  EXPECT_EQ(Format(Address("2001:db8:0:1:1:1:1:1")), "2001:db8:0:1:1:1:1:1");
  EXPECT_EQ(Format(Address("2001:db8:0:0:1:0:0:1")), "2001:db8::1:0:0:1");
}

TEST(IpAddressTest, AllWaysToWriteOneAddressAreOneAddress) {
  for (const char* text :
       {"192.0.2.1", "::ffff:192.0.2.1", "::FFFF:192.0.2.1", "::ffff:c000:201",
        "::ffff:c000:0201", "0:0:0:0:0:ffff:192.0.2.1",
        "0000:0000:0000:0000:0000:FFFF:C000:0201", "::ffff:192.0.2.1%eth0"}) {
    EXPECT_EQ(Address(text), Address("192.0.2.1")) << text;
    EXPECT_TRUE(Address(text).IsV4());
  }
  for (const char* text :
       {"2001:db8::1", "2001:DB8::1", "2001:db8:0:0:0:0:0:1",
        "2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::0:1",
        "2001:db8::0.0.0.1", "2001:db8::1%eth0", "2001:db8::1%25en0"}) {
    EXPECT_EQ(Address(text), Address("2001:db8::1")) << text;
    EXPECT_FALSE(Address(text).IsV4());
  }
}

TEST(IpAddressTest, WhatIsNotOneAddressIsRefused) {
  const std::vector<std::string> traps = {
      "",
      " ",
      "-",
      "unknown",
      "192.0.2",
      "192.0.2.",
      "192.0.2.1.",
      "192.0.2.1.1",
      "192.0.2.256",
      "192.0.2.01",
      "0192.0.2.1",
      "00.0.0.0",
      "0x7f.0.0.1",
      "3221225985",
      "192.0.2.1 ",
      " 192.0.2.1",
      "192.0.2.1/24",
      "192.0.2.1%eth0",
      "192.0.2.-1",
      "192.0.2.+1",
      "192 .0.2.1",
      ":",
      ":::",
      "::1::",
      "1::2::3",
      ":1:2:3:4:5:6:7",
      "1:2:3:4:5:6:7:",
      "1:2:3:4:5:6:7",
      "1:2:3:4:5:6:7:8:9",
      "1::2:3:4:5:6:7:8",
      "12345::",
      "::12345",
      "::g",
      "192.0.2.1::",
      "::192.0.2.1:1",
      "::192.0.2",
      "1:2:3:4:5:6:7:192.0.2.1",
      "[::1]",
      "::1/64",
      "fe80::1%",
      "fe80::1%eth 0",
      "fe80::1%eth0]",
      std::string("192.0.2.1\0", 10),
      std::string("::1\0", 4),
      "\xd9\xa1.0.2.1",
      "fe80::1%" + std::string(65, 'e'),
  };
  for (const std::string& text : traps) {
    EXPECT_FALSE(ParseIpAddress(text).has_value()) << text;
  }
}

struct Written {
  const char* text;
  const char* span;
  const char* address;
};

TEST(IpAddressTest, WhatLogsPutAroundAnAddressIsSeenThrough) {
  const std::vector<Written> table = {
      {"192.0.2.1", "192.0.2.1", "192.0.2.1"},
      {"192.0.2.1:80", "192.0.2.1:80", "192.0.2.1"},
      {"192.0.2.1:0", "192.0.2.1:0", "192.0.2.1"},
      {"192.0.2.1:65535", "192.0.2.1:65535", "192.0.2.1"},
      {"  192.0.2.1\t", "192.0.2.1", "192.0.2.1"},
      {"\"192.0.2.1\"", "192.0.2.1", "192.0.2.1"},
      {"'192.0.2.1:80'", "192.0.2.1:80", "192.0.2.1"},
      {"[192.0.2.1]:80", "[192.0.2.1]:80", "192.0.2.1"},
      {"[::1]", "[::1]", "::1"},
      {"[::1]:80", "[::1]:80", "::1"},
      {"[fe80::1%eth0]:80", "[fe80::1%eth0]:80", "fe80::1"},
      {"[::ffff:192.0.2.1]:80", "[::ffff:192.0.2.1]:80", "192.0.2.1"},
      {"\"[2001:db8::1]:4711\"", "[2001:db8::1]:4711", "2001:db8::1"},
      {"for=192.0.2.60", "192.0.2.60", "192.0.2.60"},
      {"For=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60", "192.0.2.60"},
      {"for=\"[2001:db8:cafe::17]:4711\"", "[2001:db8:cafe::17]:4711",
       "2001:db8:cafe::17"},
      {"for=\"192.0.2.43:_p1\" ; proto=https", "192.0.2.43:_p1", "192.0.2.43"},
      // Without brackets a port can't be told from a group.
      {"2001:db8::1:80", "2001:db8::1:80", "2001:db8::1:80"},
      {"::1:80", "::1:80", "::1:80"},
  };
  for (const Written& written : table) {
    size_t begin = 0;
    size_t end = 0;
    const std::string text = written.text;
    const auto address = ParseIpAddressWithPort(text, &begin, &end);
    ASSERT_TRUE(address.has_value()) << text;
    EXPECT_EQ(*address, Address(written.address)) << text;
    EXPECT_EQ(text.substr(begin, end - begin), written.span) << text;
  }
}

TEST(IpAddressTest, WhatMayHoldMoreThanAnAddressIsRefused) {
  for (const char* text : {"",
                           "\"",
                           "\"\"",
                           "[]",
                           "[",
                           "[::1",
                           "[::1]80",
                           "[::1]:",
                           "[::1]:x",
                           "[::1]:65536",
                           "[::1]:123456",
                           "[[::1]]",
                           "[::1]]",
                           "192.0.2.1:",
                           "192.0.2.1:65536",
                           "192.0.2.1:-1",
                           "192.0.2.1:80:80",
                           "192.0.2.1:8 0",
                           "192.0.2.1, 198.51.100.1",
                           "192.0.2.1 198.51.100.1",
                           "192.0.2.1/24",
                           "for=",
                           "for=_hidden",
                           "for=unknown",
                           "for=\"192.0.2.1",
                           "'192.0.2.1\"",
                           "for=192.0.2.1;proto=http, for=198.51.100.1",
                           "for=192.0.2.1,for=198.51.100.1",
                           "ip=192.0.2.1",
                           "2001:db8:1:2:3:4:5:6:443",
                           "fe80::1%eth0:80",
                           "unknown",
                           "-"}) {
    size_t begin = 0;
    size_t end = 0;
    EXPECT_FALSE(ParseIpAddressWithPort(text, &begin, &end)) << text;
  }
}

TEST(IpAddressTest, PortsAndBracketsNeverChangeTheAddress) {
  Random random(kSeed);
  for (int i = 0; i < 20000; ++i) {
    const AddressBytes bytes = random.Address();
    const std::string node = Spell(bytes, random);
    const std::string text =
        std::string(random.Coin() ? "for=" : "") + "\"[" + node + "]" +
        (random.Coin() ? Print(":%d", random.Below(65536)) : "") + "\"";
    size_t begin = 0;
    size_t end = 0;
    const auto address = ParseIpAddressWithPort(text, &begin, &end);
    ASSERT_TRUE(address.has_value()) << text << " seed " << kSeed;
    ASSERT_EQ(address->bytes, bytes) << text << " seed " << kSeed;
    ASSERT_EQ(text[begin], '[') << text;
    ASSERT_EQ(text[end], '"') << text;
  }
}

// How many first bits two addresses share.
int CommonBits(const IpAddress& a, const IpAddress& b) {
  int bits = 0;
  for (size_t i = 0; i < a.bytes.size(); ++i) {
    const unsigned differing = a.bytes[i] ^ b.bytes[i];
    if (differing == 0) {
      bits += 8;
      continue;
    }
    for (unsigned mask = 0x80; (differing & mask) == 0; mask >>= 1) ++bits;
    break;
  }
  return bits;
}

TEST(IpAddressTest, TruncationKeepsAPrefixAndNothingElse) {
  Random random(kSeed);
  for (int i = 0; i < 20000; ++i) {
    IpAddress address{random.Address()};
    if (random.Below(4) == 0) {
      std::memcpy(address.bytes.data(), "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
    }
    const int prefix_v4 = random.Below(33);
    const int prefix_v6 = random.Below(129);
    const IpAddress cut = TruncateIpAddress(address, prefix_v4, prefix_v6);
    const int limit = address.IsV4() ? 96 + prefix_v4 : prefix_v6;
    ASSERT_EQ(TruncateIpAddress(cut, prefix_v4, prefix_v6), cut);
    // All bits from the first that differs are zero.
    const int common = CommonBits(address, cut);
    for (int bit = std::min(common, limit); bit < 128; ++bit) {
      const auto byte = static_cast<size_t>(bit / 8);
      ASSERT_EQ(cut.bytes[byte] >> (7 - bit % 8) & 1, 0)
          << Format(address) << " " << prefix_v4 << " " << prefix_v6 << " seed "
          << kSeed;
    }
  }
}

TEST(IpAddressTest, PlainAddressesAreCutAtTheirPrefix) {
  const auto cut = [](const char* text, int prefix_v4, int prefix_v6) {
    return Format(TruncateIpAddress(Address(text), prefix_v4, prefix_v6));
  };
  EXPECT_EQ(cut("192.0.2.129", 24, 48), "192.0.2.0");
  EXPECT_EQ(cut("192.0.2.129", 16, 32), "192.0.0.0");
  EXPECT_EQ(cut("192.0.2.129", 25, 32), "192.0.2.128");
  EXPECT_EQ(cut("192.0.2.129", 0, 32), "0.0.0.0");
  EXPECT_EQ(cut("192.0.2.129", 32, 32), "192.0.2.129");
  EXPECT_EQ(cut("2001:db8:1:2:3:4:5:6", 16, 32), "2001:db8::");
  EXPECT_EQ(cut("2001:db8:1:2:3:4:5:6", 16, 48), "2001:db8:1::");
  EXPECT_EQ(cut("2001:db8:1:2:3:4:5:6", 16, 128), "2001:db8:1:2:3:4:5:6");
  EXPECT_EQ(cut("2001:db8:1:2:3:4:5:6", 16, 0), "::");
}

TEST(IpAddressTest, TruncationLeavesNothingOfAnEmbeddedAddress) {
  const auto cut = [](const char* text) {
    return Format(TruncateIpAddress(Address(text), 16, 128));
  };
  EXPECT_EQ(cut("2002:c000:221:1::c000:221"), "2002:c000::") << "6to4";
  EXPECT_EQ(cut("2001:0:c000:221:8000:63bf:3fff:fdde"), "2001:0:c000::")
      << "Teredo";
  EXPECT_EQ(cut("2001:db8:1:2:0:5efe:192.0.2.33"), "2001:db8:1:2:0:5efe:c000:0")
      << "ISATAP";
  EXPECT_EQ(cut("2001:db8:1:2:200:5efe:192.0.2.33"),
            "2001:db8:1:2:200:5efe:c000:0")
      << "ISATAP, global";
  EXPECT_EQ(cut("64:ff9b::192.0.2.33"), "64:ff9b::c000:0") << "NAT64";
  EXPECT_EQ(cut("64:ff9b:1:c000:2:2100::"), "64:ff9b:1:c000::")
      << "NAT64 for local use, embedded at 48";
  EXPECT_EQ(cut("64:ff9b:1::c000:221"), "64:ff9b:1::")
      << "NAT64 for local use, embedded at 96";
  EXPECT_EQ(cut("::192.0.2.33"), "::c000:0") << "IPv4-compatible";
  EXPECT_EQ(cut("::ffff:0:192.0.2.33"), "::ffff:0:c000:0") << "IPv4-translated";
  EXPECT_EQ(cut("2001:db8:1:2:200:5eff:fe00:5301"), "2001:db8:1:2::")
      << "EUI-64";
  EXPECT_EQ(cut("2002:c000:221:1:200:5eff:fe00:5301"), "2002:c000::")
      << "EUI-64 in 6to4";
}

TEST(IpAddressTest, AddressesThatDifferInAnEmbeddedHostAreCutAlike) {
  // Method: two addresses whose embedded IPv4 shares only 16 bits.
  const std::vector<std::pair<const char*, const char*>> pairs = {
      {"192.0.2.1", "192.0.99.88"},
      {"2002:c000:0201::1", "2002:c000:6358::1"},
      {"2001:0:c000:201:0:ffff:3fff:fdfe", "2001:0:c000:201:0:ffff:3fff:9ca7"},
      {"2001:db8::5efe:192.0.2.1", "2001:db8::5efe:192.0.99.88"},
      {"64:ff9b::192.0.2.1", "64:ff9b::192.0.99.88"},
      {"64:ff9b:1:c000:2:100::", "64:ff9b:1:c000:63:5800::"},
      {"64:ff9b:1:c0:0:201::", "64:ff9b:1:c0:0:6358::"},
      {"64:ff9b:1:0:c0:2:100:0", "64:ff9b:1:0:c0:63:5800:0"},
      {"64:ff9b:1::192.0.2.1", "64:ff9b:1::192.0.99.88"},
      {"::192.0.2.1", "::192.0.99.88"},
      {"::ffff:0:192.0.2.1", "::ffff:0:192.0.99.88"},
      {"2001:db8::211:22ff:fe33:4455", "2001:db8::2aa:bbff:fecc:ddee"},
  };
  for (const auto& [one, other] : pairs) {
    EXPECT_EQ(TruncateIpAddress(Address(one), 16, 128),
              TruncateIpAddress(Address(other), 16, 128))
        << one;
  }
}

}  // namespace
}  // namespace nymstream
