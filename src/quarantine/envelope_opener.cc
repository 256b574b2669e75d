#include "quarantine/envelope_opener.h"

#include <sodium.h>

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "base/status_macros.h"

namespace nymstream {
namespace {

absl::Status Damaged() {
  return absl::DataLossError(
      "the envelope was changed or damaged; restore the file");
}

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

absl::StatusOr<size_t> EnvelopeOpener::EnvelopeBytes(std::string_view head) {
  if (head.size() < kEnvelopeHeadBytes) {
    return absl::DataLossError("the last envelope is cut short");
  }
  if (Bytes(head)[kVersionAt] != kEnvelopeVersion) {
    return absl::InvalidArgumentError(
        "no sealed record of version 1 begins here");
  }
  const size_t size = kKeyIdAt + ReadNumber(Bytes(head) + kLengthAt, 4);
  if (size < kEnvelopeBytesMin || size > kEnvelopeBytesMax) return Damaged();
  return size;
}

absl::StatusOr<EnvelopeOpener> EnvelopeOpener::Create(
    QuarantinePrivateKey key) {
  EnvelopeOpener opener;
  opener.key_ = std::move(key);
  NYM_ASSIGN_OR_RETURN(opener.session_key_,
                       SecretBytes::Create(kSessionKeyBytes));
  return opener;
}

absl::Status EnvelopeOpener::OpenSessionKey(const unsigned char* sealed) {
  if (has_session_key_ &&
      std::equal(sealed_key_.begin(), sealed_key_.end(), sealed)) {
    return absl::OkStatus();
  }
  has_session_key_ = false;
  if (crypto_box_seal_open(session_key_.ExposeSecretForWriting().data(), sealed,
                           kSealedKeyBytes, key_.public_key.bytes.data(),
                           key_.bytes.ExposeSecret().data()) != 0) {
    return Damaged();
  }
  std::copy_n(sealed, kSealedKeyBytes, sealed_key_.begin());
  has_session_key_ = true;
  return absl::OkStatus();
}

absl::StatusOr<OpenedRecord> EnvelopeOpener::Open(std::string_view envelope) {
  NYM_ASSIGN_OR_RETURN(const size_t size, EnvelopeBytes(envelope));
  if (size != envelope.size()) return Damaged();
  const unsigned char* bytes = Bytes(envelope);
  QuarantineKeyId id;
  std::copy_n(bytes + kKeyIdAt, id.size(), id.begin());
  if (id != key_.public_key.id) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "the record is sealed to key %s, and this is key %s",
        QuarantineKeyIdText(id), QuarantineKeyIdText(key_.public_key.id)));
  }
  NYM_RETURN_IF_ERROR(OpenSessionKey(bytes + kSealedKeyAt));
  const size_t record_bytes = size - kCiphertextAt - kTagBytes;
  record_.clear();
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          reinterpret_cast<unsigned char*>(record_.Extend(record_bytes)),
          nullptr, nullptr, bytes + kCiphertextAt, size - kCiphertextAt, bytes,
          kCiphertextAt, bytes + kNonceAt,
          session_key_.ExposeSecret().data()) != 0) {
    return Damaged();
  }
  OpenedRecord opened;
  if (!ReadReceipt(bytes + kReceiptAt, &opened.receipt)) {
    return absl::InvalidArgumentError(
        "the receipt gives a reason that this version does not know");
  }
  opened.record = record_.view();
  return opened;
}

}  // namespace nymstream
