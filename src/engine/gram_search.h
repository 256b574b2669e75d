// Finds a four-byte gram in a text, many bytes at a time.
#ifndef NYMSTREAM_ENGINE_GRAM_SEARCH_H_
#define NYMSTREAM_ENGINE_GRAM_SEARCH_H_

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/byte_scan.h"
#include "engine/gram_signature.h"

namespace nymstream {

// Calls use(at) for each position of `text`, in order, where LoadGram() gives
// `gram`. Cost: less than an instruction a byte.
template <typename Use>
void ForEachGramAt(std::string_view text, uint32_t gram, Use use) {
  constexpr size_t kBlock = byte_scan::kBlock;
  constexpr size_t kLast = kGramBytes - 1;
  const auto use_if_there = [&](size_t at) {
    if (LoadGram(text.data() + at) == gram) use(at);
  };
  if (text.size() < kBlock + kLast) {
    for (size_t at = 0; at + kGramBytes <= text.size(); ++at) use_if_there(at);
    return;
  }
  const auto byte_is = [&](size_t from, uint32_t byte) {
    return byte_scan::FoldedMatches(text.data() + from,
                                    static_cast<char>(byte));
  };
  const size_t last_block = text.size() - kBlock - kLast;
  for (size_t done = 0; done < last_block + kBlock;) {
    const size_t begin = std::min(done, last_block);
    uint32_t found = byte_is(begin, gram) & byte_is(begin + kLast, gram >> 24);
    // The last block may overlap the one before.
    found = found >> (done - begin) << (done - begin);
    for (; found != 0; found &= found - 1) {
      use_if_there(begin + static_cast<size_t>(std::countr_zero(found)));
    }
    done = begin + kBlock;
  }
}

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_GRAM_SEARCH_H_
