// How much memory for keys can be locked.
#ifndef NYMSTREAM_SECRET_LOCKED_MEMORY_H_
#define NYMSTREAM_SECRET_LOCKED_MEMORY_H_

#include <cstddef>

namespace nymstream {

// Keys that the process may lock by its limit (RLIMIT_MEMLOCK), a page for each
// and as much again for all else; a process that may lock beyond the limit is
// told the same. Any thread.
size_t LockableKeys();

// Whether so many can be locked now, by trying. Any thread. Cost: touches a
// page for each.
bool CanLockKeys(size_t count);

// What SecretBytes needs for so many, in KiB, for messages.
size_t LockedKib(size_t keys);

}  // namespace nymstream

#endif  // NYMSTREAM_SECRET_LOCKED_MEMORY_H_
