// Documents in tests: parse, and say what was found as its author sees it.
#ifndef NYMSTREAM_TESTS_UNIT_DOCUMENTS_DOCUMENT_SUPPORT_H_
#define NYMSTREAM_TESTS_UNIT_DOCUMENTS_DOCUMENT_SUPPORT_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "nymstream/diagnostic.h"
#include "policy/documents.h"

namespace nymstream {

using Messages = std::vector<std::string>;

template <typename Document>
struct Parsed {
  std::optional<Document> document;
  Messages messages;
};

template <typename Document>
Parsed<Document> ParseWith(std::optional<Document> (*parse)(std::string_view,
                                                            std::string_view,
                                                            Diagnostics*),
                           std::string_view text) {
  Parsed<Document> parsed;
  Diagnostics findings;
  parsed.document = parse(text, "x.yaml", &findings);
  for (const Diagnostic& finding : findings)
    parsed.messages.push_back(FormatDiagnostic(finding));
  EXPECT_EQ(parsed.document.has_value(), findings.empty());
  return parsed;
}

// `text` with the first `old` replaced.
inline std::string With(std::string text, std::string_view old,
                        std::string_view instead) {
  const size_t at = text.find(old);
  EXPECT_NE(at, std::string::npos) << old;
  return at == std::string::npos ? text : text.replace(at, old.size(), instead);
}

}  // namespace nymstream

#endif  // NYMSTREAM_TESTS_UNIT_DOCUMENTS_DOCUMENT_SUPPORT_H_
