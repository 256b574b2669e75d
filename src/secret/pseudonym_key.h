// The keyed pseudonym of a value: one key for one scope, domain and epoch.
#ifndef NYMSTREAM_SECRET_PSEUDONYM_KEY_H_
#define NYMSTREAM_SECRET_PSEUDONYM_KEY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <span>
#include <string_view>

#include "absl/status/statusor.h"
#include "secret/secret_bytes.h"

namespace nymstream {

inline constexpr size_t kEpochIdChars = 6;

// "nym_" + 6 characters of epoch id + "_" + 26 base32 characters (RFC 4648,
// lower case, no padding) that carry 128 bits: among 2^40 values of one domain
// any collision has probability below 2^-49.
inline constexpr size_t kTokenChars = 4 + kEpochIdChars + 1 + 26;

// True if `text` has the form of a token, whatever key made it.
bool IsToken(std::string_view text);

// Movable, not copyable, not printable. Token and Address may be called by any
// number of threads; PrefixPreserving by one thread at a time per object, since
// its cipher keeps state. No method allocates.
class PseudonymKey {
 public:
  // `epoch_id` has 6 characters, `key` 32 bytes. kResourceExhausted if memory
  // can't be locked. Cost: some microseconds and one locked page.
  static absl::StatusOr<PseudonymKey> Create(
      std::string_view epoch_id, std::span<const unsigned char> key);
  PseudonymKey(PseudonymKey&&) noexcept;
  PseudonymKey& operator=(PseudonymKey&&) noexcept;
  ~PseudonymKey();

  // Token of a canonical value: keyed BLAKE2b-128 (RFC 7693). Cost: one keyed
  // hash, two compressions up to 128 bytes.
  void Token(std::string_view canonical, char out[kTokenChars]) const;

  // Address in fc00::/8 (RFC 4193 leaves it undefined): 0xfc, then 120 bits of
  // the pseudonym.
  void Address(std::string_view canonical,
               std::span<unsigned char, 16> out) const;

  // ipcrypt-pfx (draft-denis-ipcrypt): prefix-preserving encryption of a
  // 16-byte address (IPv4 as ::ffff:a.b.c.d); an IPv4 address stays IPv4.
  // Cost: 256 AES blocks, about as much as three keyed hashes.
  void PrefixPreserving(std::span<const unsigned char, 16> address,
                        std::span<unsigned char, 16> out) const;

 private:
  PseudonymKey();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

std::ostream& operator<<(std::ostream&, const PseudonymKey&) = delete;

}  // namespace nymstream

#endif  // NYMSTREAM_SECRET_PSEUDONYM_KEY_H_
