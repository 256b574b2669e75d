// Logic without branches, for what can't be predicted.
#ifndef NYMSTREAM_BASE_BRANCH_FREE_H_
#define NYMSTREAM_BASE_BRANCH_FREE_H_

#include <concepts>

namespace nymstream {

// All are evaluated, unlike the operands of && and ||.
template <std::same_as<bool>... Values>
constexpr bool AllOf(Values... values) {
  return (static_cast<unsigned>(values) & ...) != 0;
}
template <std::same_as<bool>... Values>
constexpr bool AnyOf(Values... values) {
  return (static_cast<unsigned>(values) | ...) != 0;
}

}  // namespace nymstream

#endif  // NYMSTREAM_BASE_BRANCH_FREE_H_
