// The bytes of one sealed record, version 1 (docs/cryptography.md).
#ifndef NYMSTREAM_QUARANTINE_ENVELOPE_LAYOUT_H_
#define NYMSTREAM_QUARANTINE_ENVELOPE_LAYOUT_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "nymstream/batch.h"

namespace nymstream {

// All numbers are little-endian. Everything before the ciphertext is its
// associated data.
inline constexpr unsigned char kEnvelopeVersion = 1;
inline constexpr size_t kVersionAt = 0;       // 1 byte
inline constexpr size_t kLengthAt = 1;        // 4: bytes after this field
inline constexpr size_t kKeyIdAt = 5;         // 8
inline constexpr size_t kSealedKeyAt = 13;    // 80: crypto_box_seal
inline constexpr size_t kNonceAt = 93;        // 24
inline constexpr size_t kReceiptAt = 117;     // 21
inline constexpr size_t kCiphertextAt = 138;  // record, then the tag
inline constexpr size_t kSealedKeyBytes = 80;
inline constexpr size_t kNonceBytes = 24;
inline constexpr size_t kTagBytes = 16;
inline constexpr size_t kSessionKeyBytes = 32;

// What EnvelopeBytes() needs to see.
inline constexpr size_t kEnvelopeHeadBytes = kKeyIdAt;
inline constexpr size_t kEnvelopeBytesMin = kCiphertextAt + kTagBytes;
// More than any limits.record_bytes_max; a larger size is a damaged one.
inline constexpr size_t kEnvelopeBytesMax = size_t{1} << 30;

// `to` has kCiphertextAt - kReceiptAt bytes.
void WriteReceipt(const Receipt& receipt, unsigned char* to);
// False if the reason is none that we know.
bool ReadReceipt(const unsigned char* from, Receipt* receipt);

// Least significant byte first.
void WriteNumber(uint64_t number, size_t bytes, unsigned char* to);
uint64_t ReadNumber(const unsigned char* from, size_t bytes);

}  // namespace nymstream

#endif  // NYMSTREAM_QUARANTINE_ENVELOPE_LAYOUT_H_
