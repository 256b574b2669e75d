#include "record/combined_parser.h"

#include <algorithm>
#include <cstring>

#include "simdjson.h"

namespace nymstream {
namespace {

constexpr size_t kNotFound = std::string_view::npos;

// Walks a line, one field at a time.
class LineScanner {
 public:
  explicit LineScanner(std::string_view line) : line_(line) {}

  bool AtEnd() const { return at_ == line_.size(); }

  bool Skip(char c) {
    if (at_ >= line_.size() || line_[at_] != c) return false;
    ++at_;
    return true;
  }

  // Up to `stop` or the end; not empty.
  bool Until(std::string_view stop, Element* element) {
    const size_t found = line_.find(stop, at_);
    return Take(found == kNotFound ? line_.size() : found, element);
  }

  // Up to the next quote that no backslash escapes, which must be there; may be
  // empty.
  bool UntilQuote(Element* element) {
    size_t end = at_;
    while (end < line_.size() && line_[end] != '"') {
      end += line_[end] == '\\' ? size_t{2} : size_t{1};
    }
    if (end >= line_.size()) return false;
    Set(end, element);
    return Skip('"');
  }

 private:
  bool Take(size_t end, Element* element) {
    if (end == at_) return false;
    Set(end, element);
    return true;
  }

  void Set(size_t end, Element* element) {
    element->kind = ElementKind::kString;
    element->begin = static_cast<uint32_t>(at_);
    element->end = static_cast<uint32_t>(end);
    element->escaped =
        std::memchr(line_.data() + at_, '\\', end - at_) != nullptr;
    at_ = end;
  }

  std::string_view line_;
  size_t at_ = 0;
};

bool ScanField(size_t index, LineScanner* scanner, Element* element) {
  switch (kCombinedFields[index].style) {
    case CombinedStyle::kBracketed:
      return scanner->Skip('[') && scanner->Until("]", element) &&
             scanner->Skip(']');
    case CombinedStyle::kQuoted:
      return scanner->Skip('"') && scanner->UntilQuote(element);
    case CombinedStyle::kBare:
      break;
  }
  // A user name may hold spaces; the time's bracket ends it.
  const bool before_time =
      kCombinedFields[index + 1].style == CombinedStyle::kBracketed;
  return scanner->Until(before_time ? " [" : " ", element);
}

bool IsDigitsOrDash(std::string_view text) {
  return text == "-" || std::all_of(text.begin(), text.end(), [](char c) {
           return c >= '0' && c <= '9';
         });
}

bool HasControl(std::string_view line) {
  return std::any_of(line.begin(), line.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  });
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// Decodes the escape at the start of `text`; returns how much of it was used.
size_t DecodeCombinedEscape(std::string_view text, char* out) {
  static constexpr std::string_view kFrom = "\"\\bnrtv";
  static constexpr std::string_view kTo = "\"\\\b\n\r\t\v";
  *out = '\\';
  if (text.size() < 2) return 1;
  if (text[1] == 'x' && text.size() >= 4) {
    const int high = HexDigit(text[2]);
    const int low = HexDigit(text[3]);
    if (high < 0 || low < 0) return 1;
    *out = static_cast<char>(high * 16 + low);
    return 4;
  }
  const size_t found = kFrom.find(text[1]);
  if (found == kNotFound) return 1;
  *out = kTo[found];
  return 2;
}

}  // namespace

CombinedParser::CombinedParser(const std::vector<PlanField>& fields) {
  plan_fields_.fill(kUnclassified);
  for (size_t i = 0; i < fields.size(); ++i) {
    for (size_t j = 0; j < kCombinedFields.size(); ++j) {
      if (fields[i].path_text == kCombinedFields[j].name) {
        plan_fields_[j] = static_cast<int32_t>(i);
      }
    }
  }
}

std::optional<QuarantineReason> CombinedParser::Parse(
    std::string_view line, ParsedRecord* record) const {
  constexpr auto kNotCombined = QuarantineReason::kNotCombined;
  record->text = line;
  record->elements.Start(kCombinedFields.size());
  if (!simdjson::validate_utf8(line.data(), line.size())) {
    return QuarantineReason::kNotUtf8;
  }
  if (HasControl(line)) return kNotCombined;
  LineScanner scanner(line);
  for (size_t i = 0; i < kCombinedFields.size(); ++i) {
    if (i == kCommonFieldCount && scanner.AtEnd()) return std::nullopt;
    Element& element = record->elements.Add();
    element.field = plan_fields_[i];
    if (i > 0 && !scanner.Skip(' ')) return kNotCombined;
    if (!ScanField(i, &scanner, &element)) return kNotCombined;
    // A line with a virtual host in front would else pass, shifted by one.
    if (record->Content(element).starts_with("- ")) return kNotCombined;
    if (kCombinedFields[i].is_number &&
        !IsDigitsOrDash(record->Content(element))) {
      return kNotCombined;
    }
  }
  if (!scanner.AtEnd()) return kNotCombined;
  return std::nullopt;
}

std::string_view DecodeCombined(std::string_view content, Arena* arena,
                                std::vector<uint32_t>* offsets) {
  char* const begin = arena->Allocate(content.size());
  char* out = begin;
  if (offsets != nullptr) offsets->clear();
  for (size_t at = 0; at < content.size();) {
    size_t used = 1;
    if (content[at] == '\\') {
      used = DecodeCombinedEscape(content.substr(at), out);
    } else {
      *out = content[at];
    }
    if (offsets != nullptr) offsets->push_back(static_cast<uint32_t>(at));
    ++out;
    at += used;
  }
  if (offsets != nullptr) {
    offsets->push_back(static_cast<uint32_t>(content.size()));
  }
  const auto size = static_cast<size_t>(out - begin);
  arena->Return(content.size() - size);
  return {begin, size};
}

}  // namespace nymstream
