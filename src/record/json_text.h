// JSON strings (RFC 8259, section 7): checking, decoding, writing.
#ifndef NYMSTREAM_RECORD_JSON_TEXT_H_
#define NYMSTREAM_RECORD_JSON_TEXT_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/byte_buffer.h"
#include "base/byte_scan.h"

namespace nymstream {

// True if every escape in `content` (between the quotes; UTF-8 and control
// characters already checked) is one of RFC 8259 and every surrogate has its
// partner. A lone surrogate fits the grammar but stands for no character, and
// what readers make of it differs (section 8.2), so it is refused.
bool AreEscapesValid(std::string_view content);

// Decodes `content`, whose escapes are valid, to UTF-8 in `arena`. If `offsets`
// is not null, (*offsets)[i] is the place in `content` that decoded byte i came
// from, and one more entry gives content.size(); a character written as an
// escape has the escape's start for its first byte and its end for the others.
std::string_view DecodeJsonString(std::string_view content, Arena* arena,
                                  std::vector<uint32_t>* offsets);

// Appends `text` (any bytes) as the inside of a JSON string: quotes,
// backslashes and control characters escaped, invalid UTF-8 replaced by U+FFFD.
void AppendJsonEscaped(std::string_view text, ByteBuffer* out);

// True for an RFC 8259 number, nothing around it.
bool IsJsonNumber(std::string_view text);

// The same where kNumberReadAhead bytes can be read at `text`, of which `size`
// are meant. Cost: about ten instructions for most numbers.
inline constexpr size_t kNumberReadAhead = byte_scan::kBlock;
inline bool IsJsonNumberAt(const char* text, size_t size) {
  if (size - 1 >= kNumberReadAhead) [[unlikely]]
    return IsJsonNumber({text, size});
  const uint32_t wanted = ~uint32_t{0} >> (32 - size);
  const uint32_t others = ~byte_scan::Digits(text) & wanted;
  const bool may_lead = text[0] != '0';
  if (others == 0) return may_lead || size == 1;
  // Digits, a point, digits.
  const bool one_point = (others & (others - 1)) == 0 && (others & 1) == 0 &&
                         text[std::countr_zero(others)] == '.' &&
                         others <= wanted >> 1;
  if (one_point && (may_lead || others == 2)) [[likely]]
    return true;
  return IsJsonNumber({text, size});
}

}  // namespace nymstream

#endif  // NYMSTREAM_RECORD_JSON_TEXT_H_
