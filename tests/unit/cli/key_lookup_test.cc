// Goal: lookup gives the engine's pseudonym however a value is written, and
// tells nothing of a value that it refuses.
#include "cli/key_lookup.h"

#include <string>

#include "base/utc_time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "secret/pseudonym_key.h"
#include "treatment/ip_address.h"

namespace nymstream {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kKeyring[] =
    "nymstream-keyring 1\n"
    "P1D day222 2025-03-01T00:00:00Z 2025-03-02T00:00:00Z "
    "6e2a91c4f0b37d5812e9a4c66b0fd38e47a15cb9e8027f3d1b64f5a0c93e72d8\n"
    "P1D day223 2025-03-02T00:00:00Z 2025-03-03T00:00:00Z destroyed\n"
    "subjects sub222 - - "
    "15f7c03b8ea94d62d08be7316a4cf925f2e03d7c41b85a9614c7602fb98d3ea1\n";

class KeyLookupTest : public testing::Test {
 protected:
  KeyLookupTest() {
    request_.pipeline = "edge";
    request_.release = "analytics";
    request_.category = "user.device.ip_address";
    request_.type = ValueType::kIp;
    request_.at = *ParseUtcTime("2025-03-01T12:00:00Z");
  }
  std::string LookUp(std::string_view values) const {
    const auto text = LookUpPseudonyms(*keyring_, request_, values);
    EXPECT_TRUE(text.ok()) << text.status();
    return text.value_or("");
  }
  absl::Status Refusal(std::string_view values) const {
    return LookUpPseudonyms(*keyring_, request_, values).status();
  }
  std::string Expected(int epoch, std::string_view scope,
                       std::string_view domain,
                       std::string_view canonical) const {
    char token[kTokenChars];
    keyring_->Derive(epoch, scope, domain)->Token(canonical, token);
    return std::string(token, kTokenChars) + "\n";
  }

  const std::shared_ptr<const Keyring> keyring_ =
      *Keyring::Parse(kKeyring, "keyring");
  LookupRequest request_;
};

TEST_F(KeyLookupTest, ATokenIsThatOfPipelineReleaseDomainAndEpoch) {
  EXPECT_EQ(LookUp("192.0.2.1\n"),
            Expected(0, "edge/analytics", "user.device.ip_address/ip",
                     ParseIpAddress("192.0.2.1")->Canonical()));
}

TEST_F(KeyLookupTest, EveryWayToWriteAnAddressHasOneToken) {
  const std::string token = LookUp("192.0.2.1");
  for (const char* text : {"::ffff:192.0.2.1", "192.0.2.1:443",
                           "[::FFFF:C000:0201]:80", "192.0.2.1\r\n"}) {
    EXPECT_EQ(LookUp(text), token) << text;
  }
  request_.type = ValueType::kIpPort;
  EXPECT_EQ(LookUp("192.0.2.1"), token);
  request_.type = ValueType::kIpList;
  EXPECT_EQ(LookUp("192.0.2.1"), token);
}

TEST_F(KeyLookupTest, EveryLineHasItsPseudonymInOrder) {
  EXPECT_EQ(LookUp("192.0.2.1\n192.0.2.2\n"),
            LookUp("192.0.2.1") + LookUp("192.0.2.2"));
}

TEST_F(KeyLookupTest, AddressesKeepTheFormThatIsAskedFor) {
  request_.form = PseudonymForm::kAddress;
  EXPECT_EQ(LookUp("192.0.2.1").substr(0, 2), "fc");
  request_.form = PseudonymForm::kPrefix;
  const std::string first = LookUp("192.0.2.1");
  const std::string second = LookUp("192.0.2.254");
  EXPECT_EQ(first.substr(0, first.rfind('.')),
            second.substr(0, second.rfind('.')));
}

TEST_F(KeyLookupTest, ASubjectTokenNeedsNeitherPipelineNorReleaseNorTime) {
  request_ = {};
  request_.subject = true;
  request_.category = "user.contact.email";
  request_.type = ValueType::kEmail;
  EXPECT_EQ(
      LookUp("Ada@Example.org"),
      Expected(2, "subjects", "user.contact.email/email", "ada@example.org"));
}

TEST_F(KeyLookupTest, AValueOfAnotherTypeIsRefusedByLineAndNotShown) {
  const absl::Status status = Refusal("192.0.2.1\nada@example.org\n");
  EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
  EXPECT_THAT(std::string(status.message()), HasSubstr("line 2"));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("ada")));
  EXPECT_FALSE(Refusal("").ok());
  EXPECT_FALSE(Refusal("\n").ok());
}

TEST_F(KeyLookupTest, ATimeWithoutAKeyIsRefused) {
  request_.at = *ParseUtcTime("2025-03-02T12:00:00Z");
  EXPECT_EQ(Refusal("192.0.2.1").code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(Refusal("192.0.2.1").message()),
              HasSubstr("destroyed"));
  request_.at = *ParseUtcTime("2025-03-03T12:00:00Z");
  EXPECT_EQ(Refusal("192.0.2.1").code(), absl::StatusCode::kFailedPrecondition);
  request_.period = "P7D";
  EXPECT_EQ(Refusal("192.0.2.1").code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace nymstream
