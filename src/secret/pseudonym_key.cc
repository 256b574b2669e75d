#include "secret/pseudonym_key.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "base/check.h"
#include "base/status_macros.h"
#include "secret/prefix_cipher.h"
#include "secret/sodium.h"

namespace nymstream {
namespace {

// docs/cryptography.md. Changing one of these changes every pseudonym.
constexpr char kTokenPersonal[] = "nymstream-tok-v1";
constexpr char kAddressPersonal[] = "nymstream-adr-v1";
constexpr char kPrefixPersonal[] = "nymstream-pfx-v1";

constexpr size_t kKeyBytes = 32;
constexpr size_t kHashBytes = 16;
constexpr std::string_view kTokenPrefix = "nym_";
constexpr char kBase32[] = "abcdefghijklmnopqrstuvwxyz234567";

// RFC 4648 in lower case without padding: 26 characters of 16 bytes.
void EncodeBase32(std::span<const unsigned char, kHashBytes> bytes, char* out) {
  uint32_t bits = 0;
  int count = 0;
  for (const unsigned char byte : bytes) {
    bits = bits << 8 | byte;
    for (count += 8; count >= 5; count -= 5) {
      *out++ = kBase32[bits >> (count - 5) & 31];
    }
  }
  *out = kBase32[bits << (5 - count) & 31];
}

bool IsBase32(std::string_view text) {
  return text.find_first_not_of(kBase32) == std::string_view::npos;
}

}  // namespace

bool IsToken(std::string_view text) {
  constexpr size_t kIdAt = kTokenPrefix.size();
  constexpr size_t kHashAt = kIdAt + kEpochIdChars + 1;
  return text.size() == kTokenChars && text.substr(0, kIdAt) == kTokenPrefix &&
         IsBase32(text.substr(kIdAt, kEpochIdChars)) &&
         text[kHashAt - 1] == '_' && IsBase32(text.substr(kHashAt));
}

struct PseudonymKey::Impl {
  char token_head[kTokenChars - 26];  // "nym_" epoch id "_"
  SecretBytes key;
  std::optional<PrefixCipher> prefix_cipher;
};

PseudonymKey::PseudonymKey() : impl_(std::make_unique<Impl>()) {}
PseudonymKey::PseudonymKey(PseudonymKey&&) noexcept = default;
PseudonymKey& PseudonymKey::operator=(PseudonymKey&&) noexcept = default;
PseudonymKey::~PseudonymKey() = default;

absl::StatusOr<PseudonymKey> PseudonymKey::Create(
    std::string_view epoch_id, std::span<const unsigned char> key) {
  if (epoch_id.size() != kEpochIdChars || key.size() != kKeyBytes) {
    return absl::InvalidArgumentError(
        "a pseudonym key needs an epoch id of 6 characters and 32 bytes");
  }
  PseudonymKey made;
  Impl& impl = *made.impl_;
  char* head = std::copy(kTokenPrefix.begin(), kTokenPrefix.end(),
                         std::begin(impl.token_head));
  *std::copy(epoch_id.begin(), epoch_id.end(), head) = '_';

  NYM_ASSIGN_OR_RETURN(SecretBytes prefix_key, SecretBytes::Create(kKeyBytes));
  KeyedHash(key, kPrefixPersonal, "", prefix_key.ExposeSecretForWriting());
  NYM_ASSIGN_OR_RETURN(
      impl.prefix_cipher,
      PrefixCipher::Create(prefix_key.ExposeSecret().first<kKeyBytes>()));

  NYM_ASSIGN_OR_RETURN(impl.key, SecretBytes::Create(kKeyBytes));
  std::copy(key.begin(), key.end(), impl.key.ExposeSecretForWriting().begin());
  impl.key.Freeze();
  return made;
}

void PseudonymKey::Token(std::string_view canonical,
                         char out[kTokenChars]) const {
  std::array<unsigned char, kHashBytes> hash;
  KeyedHash(impl_->key.ExposeSecret(), kTokenPersonal, canonical, hash);
  EncodeBase32(hash, std::copy(std::begin(impl_->token_head),
                               std::end(impl_->token_head), out));
}

void PseudonymKey::Address(std::string_view canonical,
                           std::span<unsigned char, 16> out) const {
  std::array<unsigned char, kHashBytes> hash;
  KeyedHash(impl_->key.ExposeSecret(), kAddressPersonal, canonical, hash);
  out[0] = 0xfc;
  std::copy_n(hash.begin(), out.size() - 1, out.begin() + 1);
}

void PseudonymKey::PrefixPreserving(std::span<const unsigned char, 16> address,
                                    std::span<unsigned char, 16> out) const {
  impl_->prefix_cipher->Encrypt(address, out);
}

}  // namespace nymstream
