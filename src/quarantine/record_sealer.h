// Sealed quarantine: records only the holder of the private key can read.
#ifndef NYMSTREAM_QUARANTINE_RECORD_SEALER_H_
#define NYMSTREAM_QUARANTINE_RECORD_SEALER_H_

#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "base/byte_buffer.h"
#include "nymstream/batch.h"
#include "quarantine/quarantine_key.h"

namespace nymstream {

// Appends one envelope per call: version, key id, session key sealed to the
// public key (crypto_box_seal), nonce, XChaCha20-Poly1305 of the record with
// the receipt as associated data (docs/cryptography.md). One session key per
// sealer; each envelope opens alone. One thread per object. No method fails
// and none allocates beyond `out`.
class RecordSealer {
 public:
  virtual ~RecordSealer() = default;
  virtual void Seal(std::string_view record, const Receipt& receipt,
                    ByteBuffer* out) = 0;
};

// A sealer with a new session key. kInvalidArgument if `key` is a point that
// nothing can be sealed to; kResourceExhausted if memory can't be locked.
// Cost: about 70 us; Seal() about 1 us for a record of some hundred bytes.
absl::StatusOr<std::shared_ptr<RecordSealer>> MakeRecordSealer(
    const QuarantinePublicKey& key);

}  // namespace nymstream

#endif  // NYMSTREAM_QUARANTINE_RECORD_SEALER_H_
