// The key pair of the sealed quarantine: the public half seals, the private
// half opens.
#ifndef NYMSTREAM_QUARANTINE_QUARANTINE_KEY_H_
#define NYMSTREAM_QUARANTINE_QUARANTINE_KEY_H_

#include <array>
#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "secret/secret_bytes.h"

namespace nymstream {

inline constexpr size_t kQuarantineKeyBytes = 32;  // X25519
inline constexpr size_t kQuarantineKeyIdBytes = 8;

using QuarantineKeyId = std::array<unsigned char, kQuarantineKeyIdBytes>;

// No secret. The id is a hash of the key, so that a mistyped key is noticed
// before records are sealed that nobody can open.
struct QuarantinePublicKey {
  std::array<unsigned char, kQuarantineKeyBytes> bytes{};
  QuarantineKeyId id{};
};

// Neither copyable nor printable.
struct QuarantinePrivateKey {
  SecretBytes bytes;  // kQuarantineKeyBytes
  QuarantinePublicKey public_key;
};

std::ostream& operator<<(std::ostream&, const QuarantinePrivateKey&) = delete;

// A new pair. kResourceExhausted if memory can't be locked.
absl::StatusOr<QuarantinePrivateKey> GenerateQuarantineKey();

// The one line of a key file, "nymstream-quarantine-public-key: 1 ID KEY", with
// comment lines before it (docs/keys.md). Errors are kInvalidArgument and say
// "FILE: what; hint", never the key.
absl::StatusOr<QuarantinePublicKey> ParseQuarantinePublicKey(
    std::string_view text, std::string_view file_name);
absl::StatusOr<QuarantinePrivateKey> ParseQuarantinePrivateKey(
    std::string_view text, std::string_view file_name);

std::string FormatQuarantinePublicKey(const QuarantinePublicKey& key);
absl::StatusOr<SecretBytes> FormatQuarantinePrivateKey(
    const QuarantinePrivateKey& key);

// 16 hex digits.
std::string QuarantineKeyIdText(const QuarantineKeyId& id);

}  // namespace nymstream

#endif  // NYMSTREAM_QUARANTINE_QUARANTINE_KEY_H_
