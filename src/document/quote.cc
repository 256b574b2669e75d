#include "document/quote.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "document/utf8.h"

namespace nymstream {
namespace {

// C0 and C1 controls, DEL, and the characters that reorder or hide text on a
// terminal (U+200B..F, U+2028..2F, U+2060..6F, U+FEFF).
bool IsInvisible(std::string_view character) {
  const auto byte = [character](size_t i) {
    return static_cast<unsigned char>(character[i]);
  };
  if (character.size() == 1) return byte(0) < 0x20 || byte(0) == 0x7F;
  if (character.size() == 2) return byte(0) == 0xC2 && byte(1) < 0xA0;
  if (character.size() != 3) return false;
  if (byte(0) == 0xEF) return byte(1) == 0xBB && byte(2) == 0xBF;
  if (byte(0) != 0xE2) return false;
  if (byte(1) == 0x80) {
    return (byte(2) >= 0x8B && byte(2) <= 0x8F) ||
           (byte(2) >= 0xA8 && byte(2) <= 0xAF);
  }
  return byte(1) == 0x81 && byte(2) >= 0xA0 && byte(2) <= 0xAF;
}

void AppendHex(std::string_view bytes, std::string* out) {
  for (const char c : bytes) {
    absl::StrAppendFormat(out, "\\x%02X", static_cast<unsigned char>(c));
  }
}

}  // namespace

std::string EscapeForMessage(std::string_view text) {
  std::string out;
  size_t characters = 0;
  for (size_t at = 0; at < text.size();) {
    if (characters++ == kQuotedCharactersMax) return out + "...";
    const size_t bytes = Utf8CharacterBytes(text.substr(at));
    const std::string_view character = text.substr(at, bytes == 0 ? 1 : bytes);
    if (bytes == 0 || IsInvisible(character)) {
      AppendHex(character, &out);
    } else {
      out += character;
    }
    at += character.size();
  }
  return out;
}

std::string QuoteForMessage(std::string_view text) {
  return absl::StrCat("'", EscapeForMessage(text), "'");
}

std::string QuoteJson(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppendFormat(&out, "\\u%04x", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace nymstream
