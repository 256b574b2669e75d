// Opens what a RecordSealer sealed.
#ifndef NYMSTREAM_QUARANTINE_ENVELOPE_OPENER_H_
#define NYMSTREAM_QUARANTINE_ENVELOPE_OPENER_H_

#include <array>
#include <cstddef>
#include <string_view>

#include "absl/status/statusor.h"
#include "nymstream/batch.h"
#include "quarantine/envelope_layout.h"
#include "quarantine/quarantine_key.h"
#include "secret/secret_bytes.h"

namespace nymstream {

struct OpenedRecord {
  Receipt receipt;
  // Raw and personal. Valid until the next Open(). Shorter than receipt.size
  // if the record was too large and only its beginning was kept.
  std::string_view record;
};

// One thread per object.
class EnvelopeOpener {
 public:
  // Size of the envelope that begins with `head`, from its first
  // kEnvelopeHeadBytes. kInvalidArgument if they begin no envelope of a version
  // that we know, kDataLoss if the size can't be right.
  static absl::StatusOr<size_t> EnvelopeBytes(std::string_view head);

  // kResourceExhausted if memory can't be locked.
  static absl::StatusOr<EnvelopeOpener> Create(QuarantinePrivateKey key);

  // One whole envelope. kFailedPrecondition if it is sealed to another key,
  // kDataLoss if a byte of it was changed or is missing. Cost: about 70 us for
  // the first envelope of a sealer, then 1 us for some hundred bytes.
  absl::StatusOr<OpenedRecord> Open(std::string_view envelope);

 private:
  EnvelopeOpener() = default;
  absl::Status OpenSessionKey(const unsigned char* sealed);

  QuarantinePrivateKey key_;
  // The session key opened last, and what it was sealed as.
  std::array<unsigned char, kSealedKeyBytes> sealed_key_{};
  SecretBytes session_key_;
  bool has_session_key_ = false;
  ByteBuffer record_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_QUARANTINE_ENVELOPE_OPENER_H_
