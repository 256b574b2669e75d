#include "secret/locked_memory.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <limits>

namespace nymstream {
namespace {

size_t PageBytes() { return static_cast<size_t>(sysconf(_SC_PAGESIZE)); }

}  // namespace

size_t LockableKeys() {
  rlimit limit{};
  if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0) return 0;
  if (limit.rlim_cur == RLIM_INFINITY) {
    return std::numeric_limits<size_t>::max();
  }
  return limit.rlim_cur / PageBytes() / 2;
}

bool CanLockKeys(size_t count) {
  if (count == 0) return true;
  const size_t bytes = count * PageBytes();
  void* const memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return false;
  const bool locked = mlock(memory, bytes) == 0;
  munmap(memory, bytes);
  return locked;
}

size_t LockedKib(size_t keys) { return keys * PageBytes() / 1024; }

}  // namespace nymstream
