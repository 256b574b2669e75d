// One large run of zeroed bytes that is read here and there.
#ifndef NYMSTREAM_BASE_LARGE_MEMORY_H_
#define NYMSTREAM_BASE_LARGE_MEMORY_H_

#include <cstddef>

namespace nymstream {

// Asks the kernel for huge pages, since a lookup at random would else wait for
// the address translation as well; what the kernel does is its own affair.
// Pages cost nothing until they are written to. Aborts when memory is
// exhausted. One thread at a time.
class LargeMemory {
 public:
  explicit LargeMemory(size_t size);
  ~LargeMemory();
  LargeMemory(const LargeMemory&) = delete;
  LargeMemory& operator=(const LargeMemory&) = delete;

  char* data() const { return data_; }
  size_t size() const { return size_; }

 private:
  size_t size_;
  void* mapped_;
  size_t mapped_size_;
  char* data_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_BASE_LARGE_MEMORY_H_
