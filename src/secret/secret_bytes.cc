#include "secret/secret_bytes.h"

#include <sodium.h>

#include <utility>

#include "absl/status/status.h"
#include "base/check.h"
#include "secret/sodium.h"

namespace nymstream {

absl::StatusOr<SecretBytes> SecretBytes::Create(size_t size) {
  StartSodium();
  SecretBytes secret;
  secret.data_ = static_cast<unsigned char*>(sodium_malloc(size));
  secret.size_ = size;
  // sodium_malloc ignores a failed mlock, so lock again and look.
  if (secret.data_ == nullptr || sodium_mlock(secret.data_, size) != 0) {
    return absl::ResourceExhaustedError(
        "memory for keys can't be locked; raise the limit of locked memory "
        "(ulimit -l, LimitMEMLOCK=)");
  }
  sodium_memzero(secret.data_, size);
  return secret;
}

SecretBytes::~SecretBytes() { sodium_free(data_); }

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

void SecretBytes::Freeze() {
  if (data_ != nullptr) NYM_CHECK(sodium_mprotect_readonly(data_) == 0);
}

}  // namespace nymstream
