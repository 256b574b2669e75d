// User agents: redacted, or reduced to a closed vocabulary.
#ifndef NYMSTREAM_TREATMENT_USER_AGENT_H_
#define NYMSTREAM_TREATMENT_USER_AGENT_H_

#include <cstddef>
#include <string_view>

#include "base/edit_list.h"

namespace nymstream {

// Longest text that WriteUserAgentFamily writes.
inline constexpr size_t kUserAgentFamilyMax = 64;

// "Chrome 120; Windows", "curl 7; Other", "Googlebot; Other", "Other; Other":
// family and OS come from a closed table in the code, the major version is at
// most 4 digits, so that nothing a client writes can pass. Writes to `out`,
// returns the length. Linear; never allocates.
size_t WriteUserAgentFamily(std::string_view user_agent,
                            char out[kUserAgentFamilyMax]);

// Appends edits for what identifies inside a user agent that is otherwise kept:
// FindIdentifiers, and device ids of known apps (UUIDs, long hex, "id/...").
void FindUserAgentEdits(std::string_view user_agent, EditList* edits);

}  // namespace nymstream

#endif  // NYMSTREAM_TREATMENT_USER_AGENT_H_
