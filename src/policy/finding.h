// How the compiler adds what it found.
#ifndef NYMSTREAM_POLICY_FINDING_H_
#define NYMSTREAM_POLICY_FINDING_H_

#include <string>
#include <string_view>
#include <vector>

#include "nymstream/diagnostic.h"

namespace nymstream {

void AddError(Diagnostics* findings, const SourcePosition& position,
              std::string key, std::string what, std::string hint);
void AddWarning(Diagnostics* findings, const SourcePosition& position,
                std::string key, std::string what, std::string hint);

// A hint for a name that is none of `names`: the nearest one, else all of them.
std::string DidYouMean(std::string_view text,
                       const std::vector<std::string>& names);

}  // namespace nymstream

#endif  // NYMSTREAM_POLICY_FINDING_H_
