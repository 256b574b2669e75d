// ipcrypt-pfx: encryption of addresses that keeps shared prefixes shared.
#ifndef NYMSTREAM_SECRET_PREFIX_CIPHER_H_
#define NYMSTREAM_SECRET_PREFIX_CIPHER_H_

#include <memory>
#include <span>

#include "absl/status/statusor.h"

namespace nymstream {

// draft-denis-ipcrypt, section "ipcrypt-pfx", with AES-128 of OpenSSL. Two
// addresses with the same first n bits have ciphertexts with the same first n
// bits. Movable. One thread at a time. OpenSSL keeps the expanded AES keys in
// its own heap (not locked) and wipes them at destruction.
class PrefixCipher {
 public:
  // `key` is two AES keys. kInvalidArgument if both halves are equal (the draft
  // demands it), kResourceExhausted if OpenSSL has no memory.
  static absl::StatusOr<PrefixCipher> Create(
      std::span<const unsigned char, 32> key);
  PrefixCipher(PrefixCipher&&) noexcept;
  PrefixCipher& operator=(PrefixCipher&&) noexcept;
  ~PrefixCipher();

  // `address` is an IPv6 address, or an IPv4 one as ::ffff:a.b.c.d, which
  // stays one. Never fails, allocates nothing. Cost: two runs of 128 AES blocks
  // (of 32 for IPv4).
  void Encrypt(std::span<const unsigned char, 16> address,
               std::span<unsigned char, 16> out) const;

 private:
  struct Ciphers;
  explicit PrefixCipher(std::unique_ptr<Ciphers> ciphers);
  std::unique_ptr<Ciphers> ciphers_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_SECRET_PREFIX_CIPHER_H_
