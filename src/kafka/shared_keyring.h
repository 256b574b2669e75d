// The keyring in force, for all lanes of a process.
#ifndef NYMSTREAM_KAFKA_SHARED_KEYRING_H_
#define NYMSTREAM_KAFKA_SHARED_KEYRING_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

#include "nymstream/keyring.h"

namespace nymstream {

// Any number of threads.
class SharedKeyring {
 public:
  explicit SharedKeyring(std::shared_ptr<const Keyring> keyring)
      : keyring_(std::move(keyring)) {}

  // Grows with every Replace(). Cost: an atomic load.
  uint64_t version() const { return version_.load(std::memory_order_acquire); }

  std::shared_ptr<const Keyring> Get() const {
    const std::lock_guard lock(mutex_);
    return keyring_;
  }

  void Replace(std::shared_ptr<const Keyring> keyring) {
    const std::lock_guard lock(mutex_);
    keyring_ = std::move(keyring);
    version_.fetch_add(1, std::memory_order_release);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Keyring> keyring_;  // null: no release needs one
  std::atomic<uint64_t> version_{1};
};

}  // namespace nymstream

#endif  // NYMSTREAM_KAFKA_SHARED_KEYRING_H_
