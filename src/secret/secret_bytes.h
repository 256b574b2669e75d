// Fixed-size secrets: locked, excluded from dumps, wiped, unprintable.
#ifndef NYMSTREAM_SECRET_SECRET_BYTES_H_
#define NYMSTREAM_SECRET_SECRET_BYTES_H_

#include <cstddef>
#include <iosfwd>
#include <span>

#include "absl/status/statusor.h"

namespace nymstream {

// Owns `size` bytes from sodium_malloc (guard pages, canary, MADV_DONTDUMP) in
// memory that was seen to be locked. Wiped at destruction. Movable, not
// copyable. There is no way to print one: streaming it does not compile.
class SecretBytes {
 public:
  // kResourceExhausted if the memory can't be locked (RLIMIT_MEMLOCK).
  // Zeroed. Threads: any. Cost: system calls, and one locked page at least, so
  // keep many small secrets in one object.
  static absl::StatusOr<SecretBytes> Create(size_t size);

  SecretBytes() = default;
  ~SecretBytes();
  SecretBytes(SecretBytes&& other) noexcept;
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;

  // The only opener; grep for ExposeSecret to audit who reads secrets.
  std::span<const unsigned char> ExposeSecret() const { return {data_, size_}; }
  std::span<unsigned char> ExposeSecretForWriting() { return {data_, size_}; }
  // From now on a write to the bytes ends the program.
  void Freeze();
  size_t size() const { return size_; }

 private:
  unsigned char* data_ = nullptr;
  size_t size_ = 0;
};

std::ostream& operator<<(std::ostream&, const SecretBytes&) = delete;

}  // namespace nymstream

#endif  // NYMSTREAM_SECRET_SECRET_BYTES_H_
