// Percent-encoding, as the leak guard sees through it.
#ifndef NYMSTREAM_ENGINE_PERCENT_DECODE_H_
#define NYMSTREAM_ENGINE_PERCENT_DECODE_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/arena.h"

namespace nymstream {

// Layers of percent-encoding that are undone, one after the other.
inline constexpr int kPercentLayers = 2;

bool HasPercent(std::string_view text);

// `text` with its triplets (RFC 3986, 2.1) decoded; what is no triplet stays.
// Lives in `arena`. `origins`, if given, holds where each byte of `text` and
// its end come from, and then holds that of the result.
std::string_view PercentDecode(std::string_view text, Arena* arena,
                               std::vector<uint32_t>* origins = nullptr);

// Calls use(view) for each layer of `text`'s percent-encoding that is undone,
// from the outside in, as long as there is a triplet. `origins` as above.
template <typename Use>
void ForEachPercentLayer(std::string_view text, Arena* arena,
                         std::vector<uint32_t>* origins, Use use) {
  for (int i = 0; i < kPercentLayers && HasPercent(text); ++i) {
    const std::string_view decoded = PercentDecode(text, arena, origins);
    if (decoded.size() == text.size()) return;
    text = decoded;
    use(text);
  }
}

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_PERCENT_DECODE_H_
