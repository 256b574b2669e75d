#include "replay/sha256.h"

#include <openssl/evp.h>

#include "absl/strings/escaping.h"
#include "base/check.h"

namespace nymstream {

struct Sha256::State {
  State() : context(EVP_MD_CTX_new()) { NYM_CHECK(context != nullptr); }
  ~State() { EVP_MD_CTX_free(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  EVP_MD_CTX* context;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  NYM_CHECK(EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr) == 1);
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::Update(std::string_view bytes) {
  NYM_CHECK(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1);
}

std::string Sha256::Hex() const {
  const State copy;
  NYM_CHECK(EVP_MD_CTX_copy_ex(copy.context, state_->context) == 1);
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  NYM_CHECK(EVP_DigestFinal_ex(copy.context, digest, &size) == 1);
  return absl::BytesToHexString(absl::string_view(
      static_cast<const char*>(static_cast<const void*>(digest)), size));
}

}  // namespace nymstream
