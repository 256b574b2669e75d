// The text of a keyring file: what it may say, and how it is written.
#ifndef NYMSTREAM_SECRET_KEYRING_TEXT_H_
#define NYMSTREAM_SECRET_KEYRING_TEXT_H_

#include <cstddef>
#include <iosfwd>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "nymstream/keyring.h"
#include "secret/pseudonym_key.h"
#include "secret/secret_bytes.h"

namespace nymstream {

inline constexpr size_t kEpochSecretBytes = 32;
// 27 years of days. Bounds locked memory: 32 bytes an epoch, and while the file
// is read about 120 more.
inline constexpr size_t kEpochsMax = 10'000;

// All that a keyring file says, in order of series, then time. Not copyable,
// not printable.
struct KeyringContent {
  std::vector<KeyEpoch> epochs;
  SecretBytes secrets;  // kEpochSecretBytes each; zeros where destroyed

  std::span<const unsigned char> Secret(size_t epoch) const {
    return secrets.ExposeSecret().subspan(epoch * kEpochSecretBytes,
                                          kEpochSecretBytes);
  }
};

std::ostream& operator<<(std::ostream&, const KeyringContent&) = delete;

// Errors as Keyring::Parse.
absl::StatusOr<KeyringContent> ParseKeyringText(std::string_view text,
                                                std::string_view file_name);

// The whole file, which ParseKeyringText reads back as `content`.
// kResourceExhausted if memory can't be locked.
absl::StatusOr<SecretBytes> FormatKeyringText(const KeyringContent& content);

// `content` in order of series, then time. kResourceExhausted as above.
absl::StatusOr<KeyringContent> InOrder(const KeyringContent& content);

// True if `series` is a canonical period or "subjects".
bool IsSeries(std::string_view series);

// True for 6 characters of [a-z2-7].
bool IsEpochId(std::string_view id);

}  // namespace nymstream

#endif  // NYMSTREAM_SECRET_KEYRING_TEXT_H_
