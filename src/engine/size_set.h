// Sizes of values, in one word.
#ifndef NYMSTREAM_ENGINE_SIZE_SET_H_
#define NYMSTREAM_ENGINE_SIZE_SET_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace nymstream {

// Sizes of kLargest bytes and more are one.
class SizeSet {
 public:
  static constexpr size_t kLargest = 63;

  void Add(size_t size) { sizes_ |= Bit(size); }
  void Add(const SizeSet& other) { sizes_ |= other.sizes_; }
  bool Has(size_t size) const { return (sizes_ & Bit(size)) != 0; }
  bool empty() const { return sizes_ == 0; }

 private:
  static uint64_t Bit(size_t size) {
    return uint64_t{1} << std::min(size, kLargest);
  }

  uint64_t sizes_ = 0;
};

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_SIZE_SET_H_
