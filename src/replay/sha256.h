// SHA-256 of bytes as they pass (FIPS 180-4).
#ifndef NYMSTREAM_REPLAY_SHA256_H_
#define NYMSTREAM_REPLAY_SHA256_H_

#include <memory>
#include <string>
#include <string_view>

namespace nymstream {

// One thread per object. Cost: about 1.8 GB/s with the CPU's SHA extensions
// (libsodium's, portable C, does 0.35).
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void Update(std::string_view bytes);
  // Lower-case hex of the digest of all bytes so far; Update() may follow.
  std::string Hex() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_REPLAY_SHA256_H_
