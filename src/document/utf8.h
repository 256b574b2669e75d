// UTF-8 (RFC 3629): checking and writing.
#ifndef NYMSTREAM_DOCUMENT_UTF8_H_
#define NYMSTREAM_DOCUMENT_UTF8_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace nymstream {

// Bytes of the well-formed character at the start of `text`: 1 to 4, or 0 if
// there is none (surrogates and overlong forms are not well-formed).
size_t Utf8CharacterBytes(std::string_view text);

// Bytes at the start of `text` that are valid UTF-8: text.size() if all are.
size_t ValidUtf8Bytes(std::string_view text);

// Appends `code_point`, at most 0x10FFFF and no surrogate.
void AppendUtf8(uint32_t code_point, std::string* out);

}  // namespace nymstream

#endif  // NYMSTREAM_DOCUMENT_UTF8_H_
