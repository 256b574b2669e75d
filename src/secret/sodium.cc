#include "secret/sodium.h"

#include <sodium.h>

#include "base/check.h"

namespace nymstream {

void StartSodium() {
  static const bool started = sodium_init() >= 0;
  NYM_CHECK(started);
}

void KeyedHash(std::span<const unsigned char> key, const char (&personal)[17],
               std::string_view message, std::span<unsigned char> out) {
  static_assert(sizeof(personal) - 1 ==
                crypto_generichash_blake2b_PERSONALBYTES);
  NYM_CHECK(key.size() >= crypto_generichash_blake2b_KEYBYTES_MIN &&
            key.size() <= crypto_generichash_blake2b_KEYBYTES_MAX &&
            out.size() >= crypto_generichash_blake2b_BYTES_MIN &&
            out.size() <= crypto_generichash_blake2b_BYTES_MAX);
  NYM_CHECK(crypto_generichash_blake2b_salt_personal(
                out.data(), out.size(),
                reinterpret_cast<const unsigned char*>(message.data()),
                message.size(), key.data(), key.size(), nullptr,
                reinterpret_cast<const unsigned char*>(personal)) == 0);
}

}  // namespace nymstream
