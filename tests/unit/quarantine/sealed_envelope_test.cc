// Goal: what was sealed opens with the private key, whole and alone, and
// nothing else opens. Method: round trips, then every single changed bit and
// every single cut of one envelope.
#include <cstdint>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "quarantine/envelope_opener.h"
#include "quarantine/record_sealer.h"

namespace nymstream {
namespace {

using testing::HasSubstr;
using testing::Not;

static_assert(!std::is_copy_constructible_v<QuarantinePrivateKey>);

constexpr char kRecord[] = R"({"remote_addr":"192.0.2.7","status":20)";
const Receipt kReceipt = {.offset = 0x1122334455667788,
                          .index = 0x99aabbcc,
                          .size = 38,
                          .reason = QuarantineReason::kTooDeep};

class SealedEnvelopeTest : public testing::Test {
 protected:
  std::string Seal(std::string_view record, const Receipt& receipt = kReceipt) {
    ByteBuffer out;
    sealer_->Seal(record, receipt, &out);
    return std::string(out.view());
  }

  QuarantinePrivateKey key_ = *GenerateQuarantineKey();
  QuarantinePublicKey public_key_ = key_.public_key;
  std::shared_ptr<RecordSealer> sealer_ = *MakeRecordSealer(public_key_);
  EnvelopeOpener opener_ = *EnvelopeOpener::Create(std::move(key_));
};

TEST_F(SealedEnvelopeTest, RecordAndReceiptComeBackAsTheyWere) {
  const std::string envelope = Seal(kRecord);
  const auto opened = opener_.Open(envelope);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->record, kRecord);
  EXPECT_EQ(opened->receipt.offset, kReceipt.offset);
  EXPECT_EQ(opened->receipt.index, kReceipt.index);
  EXPECT_EQ(opened->receipt.size, kReceipt.size);
  EXPECT_EQ(opened->receipt.reason, kReceipt.reason);
}

TEST_F(SealedEnvelopeTest, EveryReasonAndSizeComesBack) {
  std::string record;
  for (const size_t size : {0U, 1U, 15U, 16U, 17U, 4096U, 1U << 20}) {
    record.assign(size, '\xff');
    for (int reason = 0; reason < kQuarantineReasonCount; ++reason) {
      const auto opened = opener_.Open(
          Seal(record, {.reason = static_cast<QuarantineReason>(reason)}));
      ASSERT_TRUE(opened.ok()) << opened.status();
      EXPECT_TRUE(opened->record == record) << size;
      EXPECT_EQ(static_cast<int>(opened->receipt.reason), reason);
    }
  }
}

TEST_F(SealedEnvelopeTest, NoByteOfTheRecordIsInTheEnvelope) {
  EXPECT_THAT(Seal(kRecord), Not(HasSubstr("192.0.2.7")));
  EXPECT_THAT(Seal(kRecord), Not(HasSubstr("remote")));
}

TEST_F(SealedEnvelopeTest, EnvelopesInARowAreTakenApartByTheirSizes) {
  ByteBuffer file;
  for (const std::string_view record : {"first", "", "third"}) {
    sealer_->Seal(record, kReceipt, &file);
  }
  std::vector<std::string> records;
  std::string_view rest = file.view();
  while (!rest.empty()) {
    const auto size = EnvelopeOpener::EnvelopeBytes(rest);
    ASSERT_TRUE(size.ok()) << size.status();
    const auto opened = opener_.Open(rest.substr(0, *size));
    ASSERT_TRUE(opened.ok()) << opened.status();
    records.emplace_back(opened->record);
    rest.remove_prefix(*size);
  }
  EXPECT_THAT(records, testing::ElementsAre("first", "", "third"));
}

TEST_F(SealedEnvelopeTest, EnvelopesOfSeveralSealersOpenInAnyOrder) {
  const std::string first = Seal("first");
  sealer_ = *MakeRecordSealer(public_key_);
  const std::string second = Seal("second");
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(opener_.Open(second)->record, "second");
    EXPECT_EQ(opener_.Open(first)->record, "first");
  }
}

TEST_F(SealedEnvelopeTest, NoNonceIsUsedTwice) {
  std::set<std::string> nonces;
  for (int i = 0; i < 1000; ++i) {
    nonces.insert(Seal(kRecord).substr(kNonceAt, kNonceBytes));
  }
  EXPECT_EQ(nonces.size(), 1000U);
}

TEST_F(SealedEnvelopeTest, AnyChangedBitIsNoticed) {
  const std::string good = Seal("record");
  for (size_t bit = 0; bit < 8 * good.size(); ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    const absl::Status status = opener_.Open(bad).status();
    ASSERT_FALSE(status.ok()) << "bit " << bit;
    if (bit / 8 >= kKeyIdAt && bit / 8 < kSealedKeyAt) {
      EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    } else if (bit / 8 != kVersionAt) {
      EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << "bit " << bit;
    }
  }
  EXPECT_EQ(opener_.Open(good)->record, "record") << "and it works after all";
}

TEST_F(SealedEnvelopeTest, AnyCutAndAnyAddedByteIsNoticed) {
  const std::string good = Seal("record");
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_EQ(opener_.Open(good.substr(0, size)).status().code(),
              absl::StatusCode::kDataLoss)
        << size;
  }
  EXPECT_EQ(opener_.Open(good + "x").status().code(),
            absl::StatusCode::kDataLoss);
}

TEST_F(SealedEnvelopeTest, AnotherKeyOpensNothingAndTheErrorNamesBoth) {
  QuarantinePrivateKey other = *GenerateQuarantineKey();
  const std::string other_id = QuarantineKeyIdText(other.public_key.id);
  EnvelopeOpener opener = *EnvelopeOpener::Create(std::move(other));
  const absl::Status status = opener.Open(Seal(kRecord)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr(QuarantineKeyIdText(public_key_.id)));
  EXPECT_THAT(std::string(status.message()), HasSubstr(other_id));
}

TEST_F(SealedEnvelopeTest, AnIdThatIsForgedDoesNotHelp) {
  std::string envelope = Seal(kRecord);
  QuarantinePrivateKey other = *GenerateQuarantineKey();
  for (size_t i = 0; i < kQuarantineKeyIdBytes; ++i) {
    envelope[kKeyIdAt + i] = static_cast<char>(other.public_key.id[i]);
  }
  EnvelopeOpener opener = *EnvelopeOpener::Create(std::move(other));
  EXPECT_EQ(opener.Open(envelope).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(SealedEnvelopeTest, SealingAllocatesNothingOnceTheBufferIsLargeEnough) {
  ByteBuffer out(1 << 16);
  const char* before = out.data();
  for (int i = 0; i < 100; ++i) {
    out.clear();
    sealer_->Seal(kRecord, kReceipt, &out);
  }
  EXPECT_EQ(out.data(), before);
}

TEST(RecordSealerTest, APublicKeyThatNothingCanBeSealedToIsRefused) {
  EXPECT_EQ(MakeRecordSealer(QuarantinePublicKey{}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace nymstream
