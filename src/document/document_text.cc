#include "document/document_text.h"

#include "absl/strings/str_cat.h"
#include "document/utf8.h"

namespace nymstream {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool IsLineEnd(std::string_view rest) {
  return rest[0] == '\n' || rest.substr(0, 2) == "\r\n";
}

bool IsControl(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

// The character at the start of `rest` is not one that a document may hold.
void Refuse(std::string_view rest, TextPosition position,
            DocumentFindings* findings) {
  if (rest[0] == '\t') {
    findings->AddError(position, "", "a tab",
                       R"(use spaces, or "\t" within quotation marks)");
  } else if (IsControl(rest[0])) {
    findings->AddError(position, "", "not a text, got a control character",
                       "is this a binary file?");
  } else {
    findings->AddError(position, "", "not UTF-8", "save the file as UTF-8");
  }
}

}  // namespace

std::string_view WithoutByteOrderMark(std::string_view text) {
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
    text.remove_prefix(kByteOrderMark.size());
  }
  return text;
}

bool CheckDocumentText(std::string_view text, DocumentFindings* findings) {
  if (text.size() > kDocumentBytesMax) {
    findings->AddError(
        {}, "",
        absl::StrCat("a document may have at most ", kDocumentBytesMax,
                     " bytes, got ", text.size()));
    return false;
  }
  bool good = true;
  // Of the current line: one finding each is enough.
  bool line_is_good = true;
  TextPosition position{1, 1};
  while (!text.empty()) {
    const size_t bytes = Utf8CharacterBytes(text);
    if (IsLineEnd(text)) {
      text.remove_prefix(text[0] == '\n' ? 1 : 2);
      position = {position.line + 1, 1};
      line_is_good = true;
      continue;
    }
    if (position.column == 1 && text[0] == '%') {
      findings->AddError(position, "", "directives are not accepted",
                         "remove the line");
      good = line_is_good = false;
    }
    if (bytes == 0 || (bytes == 1 && IsControl(text[0]))) {
      if (line_is_good) Refuse(text, position, findings);
      good = line_is_good = false;
      if (bytes == 0) return false;  // characters can't be counted any more
    }
    text.remove_prefix(bytes);
    ++position.column;
  }
  return good;
}

}  // namespace nymstream
