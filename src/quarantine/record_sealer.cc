#include "quarantine/record_sealer.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <utility>

#include "absl/status/status.h"
#include "base/check.h"
#include "base/status_macros.h"
#include "quarantine/envelope_layout.h"
#include "secret/secret_bytes.h"
#include "secret/sodium.h"

namespace nymstream {
namespace {

static_assert(kSealedKeyBytes == crypto_box_SEALBYTES + kSessionKeyBytes);
static_assert(kSessionKeyBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
static_assert(kNonceBytes == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
static_assert(kTagBytes == crypto_aead_xchacha20poly1305_ietf_ABYTES);

class SessionSealer final : public RecordSealer {
 public:
  absl::Status Init(const QuarantinePublicKey& key) {
    NYM_ASSIGN_OR_RETURN(session_key_, SecretBytes::Create(kSessionKeyBytes));
    randombytes_buf(session_key_.ExposeSecretForWriting().data(),
                    kSessionKeyBytes);
    session_key_.Freeze();
    head_[kVersionAt] = kEnvelopeVersion;
    std::copy(key.id.begin(), key.id.end(), head_.begin() + kKeyIdAt);
    if (crypto_box_seal(&head_[kSealedKeyAt],
                        session_key_.ExposeSecret().data(), kSessionKeyBytes,
                        key.bytes.data()) != 0) {
      return absl::InvalidArgumentError(
          "nothing can be sealed to this public key; make another with "
          "nymstream quarantine keygen");
    }
    randombytes_buf(&head_[kNonceAt], kNonceBytes);
    return absl::OkStatus();
  }

  void Seal(std::string_view record, const Receipt& receipt,
            ByteBuffer* out) override {
    const size_t size = kCiphertextAt + record.size() + kTagBytes;
    NYM_CHECK(size <= kEnvelopeBytesMax);
    WriteNumber(size - kKeyIdAt, 4, &head_[kLengthAt]);
    // A nonce is used once: it counts, and the session key is this object's.
    WriteNumber(counter_++, 8, &head_[kNonceAt]);
    WriteReceipt(receipt, &head_[kReceiptAt]);
    char* to = out->Extend(size);
    std::copy(head_.begin(), head_.end(), to);
    NYM_CHECK(crypto_aead_xchacha20poly1305_ietf_encrypt(
                  reinterpret_cast<unsigned char*>(to) + kCiphertextAt, nullptr,
                  reinterpret_cast<const unsigned char*>(record.data()),
                  record.size(), head_.data(), head_.size(), nullptr,
                  &head_[kNonceAt], session_key_.ExposeSecret().data()) == 0);
  }

 private:
  // All of the envelope before its ciphertext.
  std::array<unsigned char, kCiphertextAt> head_{};
  SecretBytes session_key_;
  uint64_t counter_ = 0;
};

}  // namespace

absl::StatusOr<std::shared_ptr<RecordSealer>> MakeRecordSealer(
    const QuarantinePublicKey& key) {
  auto sealer = std::make_shared<SessionSealer>();
  NYM_RETURN_IF_ERROR(sealer->Init(key));
  return std::shared_ptr<RecordSealer>(std::move(sealer));
}

}  // namespace nymstream
