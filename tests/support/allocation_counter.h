// How often a program asks for memory. What links this has its malloc replaced,
// which the sanitizers do as well: there is no such library under them.
#ifndef NYMSTREAM_TESTS_SUPPORT_ALLOCATION_COUNTER_H_
#define NYMSTREAM_TESTS_SUPPORT_ALLOCATION_COUNTER_H_

#include <cstdint>
#include <functional>

namespace nymstream {

// Calls `work`, and returns how many pieces of memory all threads asked for
// meanwhile, by malloc and its kin or by operator new. One call at a time. What
// runs outside of `work` pays for one look at a flag.
uint64_t CountAllocations(const std::function<void()>& work);

// The same as a share of `items`, for work that handles so many.
double AllocationsPerItem(uint64_t items, const std::function<void()>& work);

}  // namespace nymstream

#endif  // NYMSTREAM_TESTS_SUPPORT_ALLOCATION_COUNTER_H_
