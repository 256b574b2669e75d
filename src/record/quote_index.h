// Where the quotes of a plain line stand, and where it ends.
#ifndef NYMSTREAM_RECORD_QUOTE_INDEX_H_
#define NYMSTREAM_RECORD_QUOTE_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace nymstream {

struct QuoteIndex {
  // Of the line: its first control character, or the limit.
  uint32_t end = 0;
  uint32_t quotes = 0;  // before `end`
  // False: the line holds a backslash or a byte that is not ASCII, or too many
  // quotes. All else then means nothing.
  bool plain = false;
};

// Bytes that must be readable behind the limit, and places that must be
// writable behind quotes_max.
inline constexpr size_t kQuoteIndexBlock = 64;

// Indexes the line at `text`, which ends at `limit` if not before, and stores
// where its quotes stand.
using QuoteIndexFunction = QuoteIndex (*)(const char* text, uint32_t limit,
                                          uint32_t quotes_max,
                                          uint32_t* quotes);

struct QuoteIndexer {
  std::string_view instructions;  // that it is for
  QuoteIndexFunction function;
};

// All that this CPU can run, the fastest first. Cost of that: some twenty
// instructions for 64 bytes.
std::vector<QuoteIndexer> QuoteIndexers();

}  // namespace nymstream

#endif  // NYMSTREAM_RECORD_QUOTE_INDEX_H_
