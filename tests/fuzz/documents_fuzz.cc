// Goal: no text makes the document parsers crash, hang or accept what they
// reported. Method: the first byte chooses the document, the rest is its text.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "nymstream/diagnostic.h"
#include "policy/documents.h"

namespace nymstream {
namespace {

// A document is there exactly if nothing was found, and every finding is
// placed within the text.
void Check(bool parsed, const Diagnostics& findings, std::string_view text) {
  if (parsed != findings.empty()) std::abort();
  for (const Diagnostic& finding : findings) {
    const SourcePosition& position = finding.position;
    const bool whole = position.line == 0 && position.column == 0;
    const bool inside = position.line >= 1 && position.column >= 1 &&
                        static_cast<size_t>(position.line) <= text.size() + 1 &&
                        static_cast<size_t>(position.column) <= text.size() + 1;
    if (!whole && !inside) std::abort();
    const std::string line = FormatDiagnostic(finding);
    if (line.find_first_of("\n\r\x1b") != std::string::npos) std::abort();
  }
}

}  // namespace
}  // namespace nymstream

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nymstream;
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1,
                              size - 1);
  Diagnostics findings;
  switch (data[0] % 3) {
    case 0:
      Check(ParsePolicy(text, "x.yaml", &findings).has_value(), findings, text);
      break;
    case 1:
      Check(ParseLogSchema(text, "x.yaml", &findings).has_value(), findings,
            text);
      break;
    default:
      Check(ParsePipeline(text, "x.yaml", &findings).has_value(), findings,
            text);
      break;
  }
  return 0;
}
