// Brings memory near before it is read.
#ifndef NYMSTREAM_BASE_FETCH_LINE_H_
#define NYMSTREAM_BASE_FETCH_LINE_H_

#include <cstddef>

namespace nymstream {

inline constexpr size_t kLineBytes = 64;

// Asks for the cache line of `address`. Not __builtin_prefetch: g++ 12 takes a
// function that only prefetches for one without effects, and drops its loop.
inline void FetchLine(const void* address) {
  asm volatile("prefetcht0 (%0)" : : "r"(address));
}

// The same of each line from that of `begin` on, before `end`.
inline void FetchLines(const char* begin, const char* end) {
  for (; begin < end; begin += kLineBytes) FetchLine(begin);
}

}  // namespace nymstream

#endif  // NYMSTREAM_BASE_FETCH_LINE_H_
