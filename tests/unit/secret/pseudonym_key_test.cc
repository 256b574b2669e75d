// Goal: pseudonyms are the functions that docs/cryptography.md states.
// Method: published vectors, RFC 7693 by another implementation's results, and
// properties on random values with a printed seed.
#include "secret/pseudonym_key.h"

#include <arpa/inet.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "secret/prefix_cipher.h"
#include "unit/secret/prefix_vectors.h"

namespace nymstream {
namespace {

using Bytes16 = std::array<unsigned char, 16>;

Bytes16 AddressBytes(const std::string& text) {
  Bytes16 bytes{};
  if (text.find(':') != std::string::npos) {
    EXPECT_EQ(inet_pton(AF_INET6, text.c_str(), bytes.data()), 1) << text;
  } else {
    bytes[10] = bytes[11] = 0xff;
    EXPECT_EQ(inet_pton(AF_INET, text.c_str(), bytes.data() + 12), 1) << text;
  }
  return bytes;
}

std::array<unsigned char, 32> Key(const char* hex) {
  std::array<unsigned char, 32> key{};
  EXPECT_EQ(sodium_hex2bin(key.data(), key.size(), hex, 64, nullptr, nullptr,
                           nullptr),
            0);
  return key;
}

PseudonymKey MakeKey(unsigned char first_byte = 0x31) {
  std::array<unsigned char, 32> bytes;
  for (size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<unsigned char>(first_byte + 7 * i);
  }
  return *PseudonymKey::Create("abc234", bytes);
}

std::string Token(const PseudonymKey& key, std::string_view value) {
  char token[kTokenChars];
  key.Token(value, token);
  return {token, kTokenChars};
}

size_t SharedBits(const Bytes16& a, const Bytes16& b) {
  size_t bits = 0;
  while (bits < 128 &&
         (((a[bits / 8] ^ b[bits / 8]) >> (7 - bits % 8)) & 1) == 0) {
    ++bits;
  }
  return bits;
}

TEST(PrefixCipherTest, EveryPublishedVectorIsMet) {
  for (const PrefixVector& vector : kPrefixVectors) {
    const auto cipher = PrefixCipher::Create(Key(vector.key));
    ASSERT_TRUE(cipher.ok());
    Bytes16 out;
    cipher->Encrypt(AddressBytes(vector.address), out);
    EXPECT_EQ(out, AddressBytes(vector.encrypted)) << vector.address;
  }
}

TEST(PrefixCipherTest, TwoEqualHalvesAreRefused) {
  std::array<unsigned char, 32> key;
  for (size_t i = 0; i < key.size(); ++i) {
    key[i] = static_cast<unsigned char>(i % 16);
  }
  EXPECT_EQ(PrefixCipher::Create(key).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(PrefixCipherTest, SharedPrefixesStayExactlyAsLong) {
  const PseudonymKey key = MakeKey();
  std::mt19937 random(20240607);
  for (int round = 0; round < 200; ++round) {
    Bytes16 a;
    for (unsigned char& byte : a) byte = static_cast<unsigned char>(random());
    Bytes16 b = a;
    const size_t bit = random() % 128;
    b[bit / 8] = static_cast<unsigned char>(b[bit / 8] ^ (0x80U >> bit % 8));
    Bytes16 encrypted_a;
    Bytes16 encrypted_b;
    key.PrefixPreserving(a, encrypted_a);
    key.PrefixPreserving(b, encrypted_b);
    EXPECT_EQ(SharedBits(encrypted_a, encrypted_b), bit) << "round " << round;
  }
}

TEST(PseudonymKeyTest, ATokenNamesItsEpochAndIsSafeEverywhere) {
  const std::string token = Token(MakeKey(), "192.0.2.1");
  EXPECT_EQ(token.size(), kTokenChars);
  EXPECT_EQ(token.substr(0, 11), "nym_abc234_");
  EXPECT_EQ(token.find_first_not_of("abcdefghijklmnopqrstuvwxyz234567", 11),
            std::string::npos);
}

TEST(PseudonymKeyTest, OnlyATokenHasTheFormOfOne) {
  const std::string token = Token(MakeKey(), "192.0.2.1");
  EXPECT_TRUE(IsToken(token));
  for (size_t i = 0; i < token.size(); ++i) {
    std::string other = token;
    other[i] = '1';
    EXPECT_FALSE(IsToken(other)) << i;
  }
  EXPECT_FALSE(IsToken(token + "a"));
  EXPECT_FALSE(IsToken(token.substr(1)));
  EXPECT_FALSE(IsToken(""));
}

// Made with Python's hashlib.blake2b and base64.b32encode.
TEST(PseudonymKeyTest, TokenAndAddressAreBlake2bAsPythonComputesIt) {
  const PseudonymKey key = MakeKey();
  EXPECT_EQ(Token(key, "192.0.2.1"), "nym_abc234_wcaclq6ego2aowu3hjl3exfcxu");
  Bytes16 address;
  key.Address("192.0.2.1", address);
  EXPECT_EQ(address, AddressBytes("fc4f:f2bd:901:5f15:13ce:3d7:39b1:af59"));
}

TEST(PseudonymKeyTest, AnIpv4AddressStaysOneUnderThePrefixCipher) {
  Bytes16 out;
  MakeKey().PrefixPreserving(AddressBytes("198.51.100.7"), out);
  EXPECT_EQ(SharedBits(out, AddressBytes("0.0.0.0")) >= 96, true);
}

TEST(PseudonymKeyTest, AnyOtherKeyOrValueGivesAnotherToken) {
  const std::vector<std::string> tokens = {
      Token(MakeKey(1), "192.0.2.1"), Token(MakeKey(2), "192.0.2.1"),
      Token(MakeKey(1), "192.0.2.2"), Token(MakeKey(1), ""),
      Token(MakeKey(1), std::string("\0", 1))};
  for (size_t i = 0; i < tokens.size(); ++i) {
    for (size_t j = 0; j < i; ++j) EXPECT_NE(tokens[i], tokens[j]);
  }
}

TEST(PseudonymKeyTest, AKeyOrIdOfAnotherLengthIsRefused) {
  const std::array<unsigned char, 32> key{};
  EXPECT_FALSE(PseudonymKey::Create("abc23", key).ok());
  EXPECT_FALSE(PseudonymKey::Create("abc2345", key).ok());
  EXPECT_FALSE(PseudonymKey::Create("abc234", std::span(key).first<31>()).ok());
}

TEST(PseudonymKeyTest, AMovedKeyGivesTheSameTokens) {
  PseudonymKey key = MakeKey();
  const std::string before = Token(key, "198.51.100.9");
  const PseudonymKey moved = std::move(key);
  EXPECT_EQ(Token(moved, "198.51.100.9"), before);
}

}  // namespace
}  // namespace nymstream
