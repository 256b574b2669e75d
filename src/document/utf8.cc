#include "document/utf8.h"

namespace nymstream {
namespace {

bool IsContinuation(std::string_view text, size_t at) {
  return at < text.size() && (static_cast<uint8_t>(text[at]) & 0xC0U) == 0x80U;
}

// RFC 3629, section 4: the second byte's range excludes overlong forms,
// surrogates and code points above U+10FFFF.
bool IsSecondByte(uint8_t first, std::string_view text) {
  if (!IsContinuation(text, 1)) return false;
  const auto second = static_cast<uint8_t>(text[1]);
  switch (first) {
    case 0xE0:
      return second >= 0xA0;
    case 0xED:
      return second <= 0x9F;
    case 0xF0:
      return second >= 0x90;
    case 0xF4:
      return second <= 0x8F;
    default:
      return true;
  }
}

}  // namespace

size_t Utf8CharacterBytes(std::string_view text) {
  if (text.empty()) return 0;
  const auto first = static_cast<uint8_t>(text[0]);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4 || !IsSecondByte(first, text)) return 0;
  if (first < 0xE0) return 2;
  if (!IsContinuation(text, 2)) return 0;
  if (first < 0xF0) return 3;
  return IsContinuation(text, 3) ? 4 : 0;
}

size_t ValidUtf8Bytes(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    const size_t bytes = Utf8CharacterBytes(text.substr(at));
    if (bytes == 0) break;
    at += bytes;
  }
  return at;
}

void AppendUtf8(uint32_t code_point, std::string* out) {
  const auto tail = [code_point](unsigned shift) {
    return static_cast<char>(0x80U | ((code_point >> shift) & 0x3FU));
  };
  if (code_point < 0x80) {
    *out += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    *out += static_cast<char>(0xC0U | (code_point >> 6));
    *out += tail(0);
  } else if (code_point < 0x10000) {
    *out += static_cast<char>(0xE0U | (code_point >> 12));
    *out += tail(6);
    *out += tail(0);
  } else {
    *out += static_cast<char>(0xF0U | (code_point >> 18));
    *out += tail(12);
    *out += tail(6);
    *out += tail(0);
  }
}

}  // namespace nymstream
