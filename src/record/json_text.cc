#include "record/json_text.h"

#include <array>

namespace nymstream {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

int HexDigit(char c) {
  if (IsDigit(c)) return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// The code unit of four hex digits at `digits`, or -1.
int32_t CodeUnit(std::string_view digits) {
  if (digits.size() < 4) return -1;
  int32_t unit = 0;
  for (size_t i = 0; i < 4; ++i) {
    const int digit = HexDigit(digits[i]);
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

bool IsHighSurrogate(int32_t unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool IsLowSurrogate(int32_t unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

// What the character after a backslash stands for; NUL: it is no escape of one.
constexpr std::array<char, 256> kSimpleEscapes = [] {
  std::array<char, 256> table{};
  table['"'] = '"';
  table['\\'] = '\\';
  table['/'] = '/';
  table['b'] = '\b';
  table['f'] = '\f';
  table['n'] = '\n';
  table['r'] = '\r';
  table['t'] = '\t';
  return table;
}();

char SimpleEscape(char c) {
  return kSimpleEscapes[static_cast<unsigned char>(c)];
}

// Length of the valid escape at the start of `text` (which begins with a
// backslash), surrogate pairs as one; 0 if it is invalid.
size_t EscapeLength(std::string_view text) {
  if (text.size() < 2) return 0;
  if (text[1] != 'u') return SimpleEscape(text[1]) != '\0' ? 2 : 0;
  const int32_t unit = CodeUnit(text.substr(2));
  if (unit < 0 || IsLowSurrogate(unit)) return 0;
  if (!IsHighSurrogate(unit)) return 6;
  if (text.size() < 12 || text[6] != '\\' || text[7] != 'u') return 0;
  return IsLowSurrogate(CodeUnit(text.substr(8))) ? 12 : 0;
}

// Writes `code` as UTF-8; returns the length.
size_t WriteUtf8(uint32_t code, char* out) {
  const auto byte = [](uint32_t bits) { return static_cast<char>(bits); };
  if (code < 0x80) {
    out[0] = byte(code);
    return 1;
  }
  if (code < 0x800) {
    out[0] = byte(0xC0 | (code >> 6));
    out[1] = byte(0x80 | (code & 0x3F));
    return 2;
  }
  if (code < 0x10000) {
    out[0] = byte(0xE0 | (code >> 12));
    out[1] = byte(0x80 | ((code >> 6) & 0x3F));
    out[2] = byte(0x80 | (code & 0x3F));
    return 3;
  }
  out[0] = byte(0xF0 | (code >> 18));
  out[1] = byte(0x80 | ((code >> 12) & 0x3F));
  out[2] = byte(0x80 | ((code >> 6) & 0x3F));
  out[3] = byte(0x80 | (code & 0x3F));
  return 4;
}

// Decodes the valid escape of `length` bytes at `escape`.
size_t DecodeEscape(std::string_view escape, size_t length, char* out) {
  if (length == 2) {
    *out = SimpleEscape(escape[1]);
    return 1;
  }
  uint32_t code = static_cast<uint32_t>(CodeUnit(escape.substr(2)));
  if (length == 12) {
    const uint32_t low = static_cast<uint32_t>(CodeUnit(escape.substr(8)));
    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
  }
  return WriteUtf8(code, out);
}

// Length of the valid UTF-8 sequence at the start of `text`, 0 if invalid
// (Unicode 15, table 3-7).
size_t Utf8Length(std::string_view text) {
  const auto at = [&](size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto continues = [&](size_t i, unsigned low, unsigned high) {
    return at(i) >= low && at(i) <= high;
  };
  const unsigned lead = at(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return continues(1, 0x80, 0xBF) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const unsigned low = lead == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = lead == 0xED ? 0x9F : 0xBF;
    return continues(1, low, high) && continues(2, 0x80, 0xBF) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const unsigned low = lead == 0xF0 ? 0x90 : 0x80;
    const unsigned high = lead == 0xF4 ? 0x8F : 0xBF;
    return continues(1, low, high) && continues(2, 0x80, 0xBF) &&
                   continues(3, 0x80, 0xBF)
               ? 4
               : 0;
  }
  return 0;
}

void AppendControl(char c, ByteBuffer* out) {
  static constexpr char kHex[] = "0123456789abcdef";
  const auto code = static_cast<unsigned char>(c);
  out->Append("\\u00");
  out->Append(kHex[code >> 4]);
  out->Append(kHex[code & 15]);
}

size_t SkipDigits(std::string_view text, size_t at) {
  while (at < text.size() && IsDigit(text[at])) ++at;
  return at;
}

}  // namespace

bool AreEscapesValid(std::string_view content) {
  for (size_t at = 0; at < content.size();) {
    // One often follows another.
    if (content[at] != '\\') {
      at = content.find('\\', at);
      if (at == std::string_view::npos) break;
    }
    const size_t length = EscapeLength(content.substr(at));
    if (length == 0) return false;
    at += length;
  }
  return true;
}

std::string_view DecodeJsonString(std::string_view content, Arena* arena,
                                  std::vector<uint32_t>* offsets) {
  char* const begin = arena->Allocate(content.size());
  char* out = begin;
  if (offsets != nullptr) offsets->clear();
  for (size_t at = 0; at < content.size();) {
    size_t used = 1;
    size_t made = 1;
    if (content[at] != '\\') {
      *out = content[at];
    } else {
      const std::string_view escape = content.substr(at);
      used = EscapeLength(escape);
      made = DecodeEscape(escape, used, out);
    }
    if (offsets != nullptr) {
      offsets->push_back(static_cast<uint32_t>(at));
      offsets->resize(offsets->size() + made - 1,
                      static_cast<uint32_t>(at + used));
    }
    out += made;
    at += used;
  }
  if (offsets != nullptr) {
    offsets->push_back(static_cast<uint32_t>(content.size()));
  }
  const auto size = static_cast<size_t>(out - begin);
  arena->Return(content.size() - size);
  return {begin, size};
}

void AppendJsonEscaped(std::string_view text, ByteBuffer* out) {
  for (size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"' || c == '\\') {
      out->Append('\\');
      out->Append(c);
      ++at;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      AppendControl(c, out);
      ++at;
    } else if (const size_t length = Utf8Length(text.substr(at)); length > 0) {
      out->Append(text.substr(at, length));
      at += length;
    } else {
      out->Append("\xEF\xBF\xBD");
      ++at;
    }
  }
}

bool IsJsonNumber(std::string_view text) {
  size_t at = 0;
  if (at < text.size() && text[at] == '-') ++at;
  if (at < text.size() && text[at] == '0') {
    ++at;
  } else {
    const size_t begin = at;
    at = SkipDigits(text, at);
    if (at == begin) return false;
  }
  if (at < text.size() && text[at] == '.') {
    const size_t begin = ++at;
    at = SkipDigits(text, at);
    if (at == begin) return false;
  }
  if (at < text.size() && (text[at] | 0x20) == 'e') {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const size_t begin = at;
    at = SkipDigits(text, at);
    if (at == begin) return false;
  }
  return at == text.size();
}

}  // namespace nymstream
