// Goal: the program computes what docs/cryptography.md says.
// Method: the page's own vectors, read from it.
#include <sodium.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "base/arena.h"
#include "engine/canonical_value.h"
#include "gtest/gtest.h"
#include "nymstream/keyring.h"
#include "quarantine/envelope_opener.h"
#include "secret/pseudonym_key.h"
#include "treatment/ip_address.h"

namespace nymstream {
namespace {

using Lines = std::vector<std::pair<std::string, std::string>>;

// The "name text" lines of the page's blocks of one kind.
std::vector<Lines> Blocks(const std::string& kind) {
  std::ifstream page(NYMSTREAM_SOURCE_DIR "/docs/cryptography.md");
  std::vector<Lines> blocks;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line == "```" + kind) {
      inside = true;
      blocks.emplace_back();
    } else if (line == "```") {
      inside = false;
    } else if (inside && !line.empty()) {
      const size_t end = line.find(' ');
      blocks.back().emplace_back(line.substr(0, end),
                                 line.substr(line.find_first_not_of(' ', end)));
    }
  }
  return blocks;
}

std::string Bytes(const std::string& hex) {
  std::string bytes(hex.size() / 2, '\0');
  EXPECT_EQ(sodium_hex2bin(reinterpret_cast<unsigned char*>(bytes.data()),
                           bytes.size(), hex.data(), hex.size(), nullptr,
                           nullptr, nullptr),
            0);
  return bytes;
}

std::string AddressText(const IpAddress& address) {
  char text[kIpTextMax];
  return {text, FormatIpAddress(address, text)};
}

PseudonymKey KeyOf(std::map<std::string, std::string>& given) {
  const std::string text = "nymstream-keyring 1\nsubjects " + given["epoch"] +
                           " - - " + given["secret"] + "\n";
  return *(*Keyring::Parse(text, "keyring"))
              ->Derive(0, given["scope"], given["domain"]);
}

TEST(CryptographyPageTest, PseudonymsAreThoseOfThePage) {
  const std::vector<Lines> blocks = Blocks("vectors");
  ASSERT_GE(blocks.size(), 5U);
  int checked = 0;
  Arena arena;
  for (const Lines& block : blocks) {
    std::map<std::string, std::string> given;
    for (const auto& [name, text] : block) {
      given[name] = text;
      const std::string canonical = Bytes(given["canonical"]);
      if (name == "canonical" && given.contains("value")) {
        const ValueType type = given["domain"].ends_with("/ip")
                                   ? ValueType::kIp
                                   : ValueType::kEmail;
        EXPECT_EQ(CanonicalValue(type, given["value"], &arena), canonical);
      } else if (name == "scope" && text != kSubjectsSeries) {
        EXPECT_EQ(KeyScope(given["pipeline"], given["release"]), text);
        ++checked;
      } else if (name == "token") {
        char token[kTokenChars];
        KeyOf(given).Token(canonical, token);
        EXPECT_EQ(std::string(token, kTokenChars), text);
        ++checked;
      } else if (name == "address") {
        IpAddress pseudonym;
        KeyOf(given).Address(canonical, pseudonym.bytes);
        EXPECT_EQ(AddressText(pseudonym), text);
        ++checked;
      } else if (name == "prefix") {
        IpAddress address;
        std::copy(canonical.begin(), canonical.end(), address.bytes.begin());
        IpAddress pseudonym;
        KeyOf(given).PrefixPreserving(address.bytes, pseudonym.bytes);
        EXPECT_EQ(AddressText(pseudonym), text);
        ++checked;
      }
    }
  }
  EXPECT_EQ(checked, 15);
}

TEST(CryptographyPageTest, TheEnvelopeOpens) {
  const std::vector<Lines> blocks = Blocks("envelope");
  ASSERT_EQ(blocks.size(), 1U);
  std::map<std::string, std::string> given(blocks[0].begin(), blocks[0].end());
  auto key = ParseQuarantinePrivateKey("nymstream-quarantine-private-key: 1 " +
                                           given["id"] + " " + given["private"],
                                       "page");
  ASSERT_TRUE(key.ok()) << key.status();
  const auto& public_key = key->public_key.bytes;
  EXPECT_EQ(std::string(public_key.begin(), public_key.end()),
            Bytes(given["public"]));
  EnvelopeOpener opener = *EnvelopeOpener::Create(*std::move(key));
  const std::string envelope = Bytes(given["envelope"]);
  const auto opened = opener.Open(envelope);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->record, given["record"]);
  EXPECT_EQ(std::to_string(opened->receipt.offset), given["offset"]);
  EXPECT_EQ(std::to_string(opened->receipt.index), given["index"]);
  EXPECT_EQ(std::to_string(opened->receipt.size), given["size"]);
  EXPECT_EQ(QuarantineReasonText(opened->receipt.reason).name, given["reason"]);
}

}  // namespace
}  // namespace nymstream
