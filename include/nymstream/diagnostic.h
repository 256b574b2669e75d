// A finding about a document, placed where its author can mend it.
#ifndef NYMSTREAM_DIAGNOSTIC_H_
#define NYMSTREAM_DIAGNOSTIC_H_

#include <string>
#include <vector>

namespace nymstream {

enum class Severity { kError, kWarning };

// Where something stands in a document. Lines and columns count from 1; 0
// means "the whole file".
struct SourcePosition {
  std::string file;
  int line = 0;
  int column = 0;
};

struct Diagnostic {
  Severity severity = Severity::kError;
  SourcePosition position;
  std::string key;   // dotted path of the key, for example releases[1].level
  std::string what;  // what is wrong, with "got X" where a value was given
  std::string hint;  // what to do; may be empty
};

using Diagnostics = std::vector<Diagnostic>;

// "file:line:col: error: key: what; hint" without a newline. Parts that are
// empty are left out.
std::string FormatDiagnostic(const Diagnostic& diagnostic);

bool HasErrors(const Diagnostics& diagnostics);

}  // namespace nymstream

#endif  // NYMSTREAM_DIAGNOSTIC_H_
