// Goal: key files are read back exactly, and a changed or exchanged one is
// refused without showing the key. Method: round trips and changed texts.
#include "quarantine/quarantine_key.h"

#include <algorithm>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace nymstream {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string PrivateText(const QuarantinePrivateKey& key) {
  const absl::StatusOr<SecretBytes> text = FormatQuarantinePrivateKey(key);
  return {text->ExposeSecret().begin(), text->ExposeSecret().end()};
}

TEST(QuarantineKeyTest, BothHalvesAreReadBack) {
  const QuarantinePrivateKey key = *GenerateQuarantineKey();
  const auto public_key = ParseQuarantinePublicKey(
      FormatQuarantinePublicKey(key.public_key), "q.pub");
  ASSERT_TRUE(public_key.ok()) << public_key.status();
  EXPECT_EQ(public_key->bytes, key.public_key.bytes);
  EXPECT_EQ(public_key->id, key.public_key.id);
  const auto private_key = ParseQuarantinePrivateKey(PrivateText(key), "q.key");
  ASSERT_TRUE(private_key.ok()) << private_key.status();
  EXPECT_TRUE(std::equal(private_key->bytes.ExposeSecret().begin(),
                         private_key->bytes.ExposeSecret().end(),
                         key.bytes.ExposeSecret().begin()));
  EXPECT_EQ(private_key->public_key.bytes, key.public_key.bytes);
}

TEST(QuarantineKeyTest, TheHalvesAreNotTakenForEachOther) {
  const QuarantinePrivateKey key = *GenerateQuarantineKey();
  EXPECT_THAT(
      std::string(ParseQuarantinePublicKey(PrivateText(key), "q.key")
                      .status()
                      .message()),
      HasSubstr("q.key: error: this is the private key; name the file of the "
                "public key"));
  EXPECT_THAT(
      std::string(ParseQuarantinePrivateKey(
                      FormatQuarantinePublicKey(key.public_key), "q.pub")
                      .status()
                      .message()),
      HasSubstr("this is the public key"));
}

TEST(QuarantineKeyTest, AChangedDigitIsNoticedBeforeAnythingIsSealed) {
  const std::string good =
      FormatQuarantinePublicKey(GenerateQuarantineKey()->public_key);
  for (size_t back = 2; back < 82; ++back) {  // key, space, id
    std::string bad = good;
    char& digit = bad[bad.size() - back];
    digit = digit == '0' ? '1' : '0';
    EXPECT_FALSE(ParseQuarantinePublicKey(bad, "q.pub").ok()) << back;
  }
}

TEST(QuarantineKeyTest, WhatIsNoKeyIsRefusedWithoutShowingIt) {
  const QuarantinePrivateKey key = *GenerateQuarantineKey();
  const std::string good = PrivateText(key);
  const std::string digits = good.substr(good.size() - 65, 64);
  for (const std::string& text :
       {std::string(), std::string("# only a comment\n"), digits, good + good,
        good.substr(0, good.size() - 2), good + "0",
        "nymstream-quarantine-private-key: 2 " + digits}) {
    const absl::Status status =
        ParseQuarantinePrivateKey(text, "q.key").status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()),
                HasSubstr("q.key: error: this is no private key"));
    EXPECT_THAT(std::string(status.message()),
                Not(HasSubstr(digits.substr(0, 8))));
  }
}

}  // namespace
}  // namespace nymstream
