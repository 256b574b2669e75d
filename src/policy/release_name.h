// What a release may be called.
#ifndef NYMSTREAM_POLICY_RELEASE_NAME_H_
#define NYMSTREAM_POLICY_RELEASE_NAME_H_

#include <string_view>

namespace nymstream {

// Why a release may not have the name `name`, as in "got 'x', which is ...";
// empty if it may. The names of other files of a replay, and that from which
// subject tokens are derived, are taken.
std::string_view WhyNameIsTaken(std::string_view name);

// The names that are left, as an ECMA-262 pattern.
inline constexpr std::string_view kReleaseNamePattern =
    "^(?!(quarantine|manifest|subjects)$)[a-z0-9_][a-z0-9_-]{0,63}$";

}  // namespace nymstream

#endif  // NYMSTREAM_POLICY_RELEASE_NAME_H_
