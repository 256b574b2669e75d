// Spans of text that cut no character in two.
#ifndef NYMSTREAM_TREATMENT_WHOLE_CHARACTERS_H_
#define NYMSTREAM_TREATMENT_WHOLE_CHARACTERS_H_

#include <cstddef>
#include <string_view>

namespace nymstream {

// Moves `*begin` back and `*end` forth until neither stands inside a character
// (UTF-8) or a percent-encoded triplet of `text`. In bytes that are no UTF-8 an
// end moves by three bytes at most.
void WidenToCharacters(std::string_view text, size_t* begin, size_t* end);

}  // namespace nymstream

#endif  // NYMSTREAM_TREATMENT_WHOLE_CHARACTERS_H_
