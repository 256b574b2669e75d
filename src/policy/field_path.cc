// Texts of field paths: `request.headers.X-Forwarded-For[*]`, `["id.orig_h"]`.
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "document/quote.h"
#include "document/utf8.h"
#include "nymstream/log_schema.h"

namespace nymstream {
namespace {

// Deeper than any record may be (limits.depth_max).
constexpr size_t kStepsMax = 1024;

// Needs no brackets and no quotes: neither a path's punctuation nor white space
// nor control characters.
bool IsBareByte(char c) {
  return static_cast<unsigned char>(c) > ' ' && c != 0x7F &&
         std::string_view(".[]\"'\\*").find(c) == std::string_view::npos;
}

bool IsBareName(std::string_view name) {
  if (name.empty()) return false;
  for (const char c : name) {
    if (!IsBareByte(c)) return false;
  }
  return true;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

class PathParser {
 public:
  PathParser(std::string_view text, std::string* error)
      : rest_(text), error_(error) {}

  bool Parse(FieldPath* path) {
    path->clear();
    if (rest_.empty()) return Fail("is empty");
    if (ValidUtf8Bytes(rest_) != rest_.size()) return Fail("is not UTF-8");
    do {
      PathStep step;
      if (!TakeStep(path->empty(), &step)) return false;
      path->push_back(std::move(step));
      if (path->size() > kStepsMax) {
        return Fail(absl::StrCat("has more than ", kStepsMax, " steps"));
      }
    } while (!rest_.empty());
    return true;
  }

 private:
  bool Fail(std::string what) {
    *error_ = std::move(what);
    return false;
  }

  bool Take(std::string_view prefix) {
    if (rest_.substr(0, prefix.size()) != prefix) return false;
    rest_.remove_prefix(prefix.size());
    return true;
  }

  bool TakeStep(bool first, PathStep* step) {
    if (Take("[*]")) {
      step->any_element = true;
      return !first ||
             Fail("starts with [*]; a record is an object, so name a member");
    }
    if (Take("[\"")) return TakeQuotedName(&step->name);
    if (!rest_.empty() && rest_[0] == '[') {
      return Fail(R"(has a bracket that is neither [*] nor ["name"])");
    }
    if (!first && !Take(".")) return Fail("needs a dot after a bracket");
    return TakeBareName(&step->name);
  }

  bool TakeBareName(std::string* name) {
    size_t size = 0;
    while (size < rest_.size() && IsBareByte(rest_[size])) ++size;
    if (size < rest_.size() && rest_[size] != '.' && rest_[size] != '[') {
      return Fail(absl::StrCat("has ", QuoteForMessage(rest_.substr(size, 1)),
                               R"( in a name; write the name as ["name"])"));
    }
    if (size == 0) return Fail("has an empty name");
    name->assign(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return true;
  }

  // A JSON string (RFC 8259, section 7) after its opening quote, and "]".
  bool TakeQuotedName(std::string* name) {
    while (!rest_.empty() && rest_[0] != '"') {
      const char c = rest_[0];
      if (static_cast<unsigned char>(c) < 0x20) {
        return Fail("has a control character");
      }
      rest_.remove_prefix(1);
      if (c != '\\') {
        *name += c;
      } else if (!TakeEscape(name)) {
        return Fail("has a wrong escape in a quoted name");
      }
    }
    return Take("\"]") || Fail(R"(has a quoted name that does not end in "])");
  }

  bool TakeEscape(std::string* name) {
    constexpr std::string_view kLetters = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    if (rest_.empty()) return false;
    const char letter = rest_[0];
    rest_.remove_prefix(1);
    if (letter == 'u') return TakeCodePoint(name);
    const size_t which = kLetters.find(letter);
    if (which == std::string_view::npos) return false;
    *name += kMeanings[which];
    return true;
  }

  bool TakeCodePoint(std::string* name) {
    uint32_t unit = 0;
    if (!TakeHex(&unit)) return false;
    if (unit >= 0xDC00 && unit <= 0xDFFF) return false;
    if (unit >= 0xD800 && unit <= 0xDBFF) {
      uint32_t low = 0;
      if (!Take("\\u") || !TakeHex(&low) || low < 0xDC00 || low > 0xDFFF) {
        return false;
      }
      unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    }
    AppendUtf8(unit, name);
    return true;
  }

  bool TakeHex(uint32_t* unit) {
    if (rest_.size() < 4) return false;
    for (size_t i = 0; i < 4; ++i) {
      const int digit = HexDigit(rest_[i]);
      if (digit < 0) return false;
      *unit = *unit * 16 + static_cast<uint32_t>(digit);
    }
    rest_.remove_prefix(4);
    return true;
  }

  std::string_view rest_;
  std::string* error_;
};

}  // namespace

bool ParseFieldPath(std::string_view text, FieldPath* path,
                    std::string* error) {
  return PathParser(text, error).Parse(path);
}

std::string FieldPathText(const FieldPath& path) {
  std::string text;
  for (const PathStep& step : path) {
    if (step.any_element) {
      text += "[*]";
    } else if (IsBareName(step.name)) {
      absl::StrAppend(&text, text.empty() ? "" : ".", step.name);
    } else {
      absl::StrAppend(&text, "[", QuoteJson(step.name), "]");
    }
  }
  return text;
}

std::string FieldName(Carrier carrier, const FieldPath& path,
                      std::string_view header) {
  switch (carrier) {
    case Carrier::kBody:
      return FieldPathText(path);
    case Carrier::kKafkaKey:
      return "(Kafka key)";
    case Carrier::kKafkaHeader:
      break;
  }
  return absl::StrCat("(Kafka header ", EscapeForMessage(header), ")");
}

}  // namespace nymstream
