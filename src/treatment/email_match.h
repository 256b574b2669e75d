// E-mail addresses in free text.
#ifndef NYMSTREAM_TREATMENT_EMAIL_MATCH_H_
#define NYMSTREAM_TREATMENT_EMAIL_MATCH_H_

#include <cstddef>
#include <string_view>

#include "treatment/match.h"

namespace nymstream {

// The address around the '@' at `at` (RFC 5321; also quoted local parts,
// address literals, host names without a dot, letters beyond ASCII). File names
// as logo@2x.png and versions as name@1.2.3 are none. Cost: linear in what lies
// between the '@' before and the '@' after.
Match MatchEmail(std::string_view text, size_t at);

}  // namespace nymstream

#endif  // NYMSTREAM_TREATMENT_EMAIL_MATCH_H_
