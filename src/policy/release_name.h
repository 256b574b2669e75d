// What a release may be called.
#ifndef NYMSTREAM_POLICY_RELEASE_NAME_H_
#define NYMSTREAM_POLICY_RELEASE_NAME_H_

#include <string_view>

namespace nymstream {

// Why a release may not have the name `name`, as in "got 'x', which is ...";
// empty if it may. The names of other files of a replay, and that from which
// subject tokens are derived, are taken.
std::string_view WhyNameIsTaken(std::string_view name);

}  // namespace nymstream

#endif  // NYMSTREAM_POLICY_RELEASE_NAME_H_
