#include "nymstream/diagnostic.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"

namespace nymstream {

std::string FormatDiagnostic(const Diagnostic& diagnostic) {
  const SourcePosition& position = diagnostic.position;
  std::string line;
  if (!position.file.empty()) absl::StrAppend(&line, position.file, ":");
  if (position.line > 0) {
    absl::StrAppend(&line, position.line, ":", position.column, ":");
  }
  if (!line.empty()) line += ' ';
  line += diagnostic.severity == Severity::kError ? "error: " : "warning: ";
  if (!diagnostic.key.empty()) absl::StrAppend(&line, diagnostic.key, ": ");
  line += diagnostic.what;
  if (!diagnostic.hint.empty()) absl::StrAppend(&line, "; ", diagnostic.hint);
  return line;
}

bool HasErrors(const Diagnostics& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& diagnostic) {
                       return diagnostic.severity == Severity::kError;
                     });
}

}  // namespace nymstream
