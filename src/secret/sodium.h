// libsodium, started once, and the one keyed hash that everything is made from.
#ifndef NYMSTREAM_SECRET_SODIUM_H_
#define NYMSTREAM_SECRET_SODIUM_H_

#include <span>
#include <string_view>

namespace nymstream {

// Starts libsodium at the first call; aborts if it can't. Thread safe, cheap.
void StartSodium();

// Keyed BLAKE2b (RFC 7693) with a 16-character personal string, so that each
// use of a key has its own function. `key` has 16 to 64 bytes, `out` 16 to 64.
// Never fails, allocates nothing. Cost: one compression for the key and one
// for each 128 bytes of `message`.
void KeyedHash(std::span<const unsigned char> key, const char (&personal)[17],
               std::string_view message, std::span<unsigned char> out);

}  // namespace nymstream

#endif  // NYMSTREAM_SECRET_SODIUM_H_
