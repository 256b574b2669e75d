// What must hold of a document's bytes before anything reads them.
#ifndef NYMSTREAM_DOCUMENT_DOCUMENT_TEXT_H_
#define NYMSTREAM_DOCUMENT_DOCUMENT_TEXT_H_

#include <cstddef>
#include <string_view>

#include "document/document_findings.h"

namespace nymstream {

inline constexpr size_t kDocumentBytesMax = 1 << 20;  // 1 MiB

// `text` without a leading byte order mark.
std::string_view WithoutByteOrderMark(std::string_view text);

// True if `text` is UTF-8 of at most kDocumentBytesMax bytes without control
// characters and tabs, lines end in LF or CRLF, and none begins with '%' (a
// YAML directive). Else says what is wrong.
bool CheckDocumentText(std::string_view text, DocumentFindings* findings);

}  // namespace nymstream

#endif  // NYMSTREAM_DOCUMENT_DOCUMENT_TEXT_H_
