// "Did you mean": the known name closest to a mistyped one.
#ifndef NYMSTREAM_DOCUMENT_SUGGESTION_H_
#define NYMSTREAM_DOCUMENT_SUGGESTION_H_

#include <span>
#include <string_view>

namespace nymstream {

// The name of `names` that fewest edits (insert, delete, replace, swap of
// neighbours; case does not count) turn `text` into, if at most a third of its
// characters change; else empty. The view lives as long as `names`. Cost:
// length of `text` times length of all names; a text over 64 bytes has none.
std::string_view NearestName(std::string_view text,
                             std::span<const std::string_view> names);

}  // namespace nymstream

#endif  // NYMSTREAM_DOCUMENT_SUGGESTION_H_
