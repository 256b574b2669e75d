// Percent-encoding, as the leak guard sees through it.
#ifndef NYMSTREAM_ENGINE_PERCENT_DECODE_H_
#define NYMSTREAM_ENGINE_PERCENT_DECODE_H_

#include <string_view>

#include "base/arena.h"

namespace nymstream {

// Layers of percent-encoding that are undone, one after the other.
inline constexpr int kPercentLayers = 2;

bool HasPercent(std::string_view text);

// `text` with its triplets (RFC 3986, 2.1) decoded; what is no triplet stays.
// Lives in `arena`.
std::string_view PercentDecode(std::string_view text, Arena* arena);

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_PERCENT_DECODE_H_
