#include "base/large_memory.h"

#include <sys/mman.h>

#include <memory>

#include "base/check.h"

namespace nymstream {
namespace {

constexpr size_t kHugePageBytes = 2 << 20;

}  // namespace

LargeMemory::LargeMemory(size_t size)
    : size_(size), mapped_size_(size + kHugePageBytes) {
  mapped_ = mmap(nullptr, mapped_size_, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  NYM_CHECK(mapped_ != MAP_FAILED);
  void* aligned = mapped_;
  size_t space = mapped_size_;
  std::align(kHugePageBytes, size_, aligned, space);
  data_ = static_cast<char*>(aligned);
  // A kernel without huge pages says no, and nothing is lost.
  static_cast<void>(madvise(data_, size_, MADV_HUGEPAGE));
}

LargeMemory::~LargeMemory() { munmap(mapped_, mapped_size_); }

}  // namespace nymstream
