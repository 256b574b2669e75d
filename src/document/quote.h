// Values and texts as they are written into messages and JSON.
#ifndef NYMSTREAM_DOCUMENT_QUOTE_H_
#define NYMSTREAM_DOCUMENT_QUOTE_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace nymstream {

// Characters of a document's value that a message shows at most.
inline constexpr size_t kQuotedCharactersMax = 60;

// 'text' for a message: control characters as \xHH, cut after
// kQuotedCharactersMax characters with "...". `text` is valid UTF-8 or not;
// the result is valid and one line.
std::string QuoteForMessage(std::string_view text);

// The same without the quotation marks.
std::string EscapeForMessage(std::string_view text);

// "text" as a JSON string (RFC 8259), control characters escaped. `text` is
// valid UTF-8.
std::string QuoteJson(std::string_view text);

}  // namespace nymstream

#endif  // NYMSTREAM_DOCUMENT_QUOTE_H_
