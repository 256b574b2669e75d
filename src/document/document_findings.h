// Mistakes of one document on their way to its author.
#ifndef NYMSTREAM_DOCUMENT_DOCUMENT_FINDINGS_H_
#define NYMSTREAM_DOCUMENT_DOCUMENT_FINDINGS_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "nymstream/diagnostic.h"

namespace nymstream {

// Mistakes that one document may report; the last then says that there may be
// more.
inline constexpr size_t kFindingsMax = 100;

// Lines and columns count from 1, columns in characters; 0 means the whole
// document.
struct TextPosition {
  int line = 0;
  int column = 0;
};

// Collects the mistakes of one document and hands them over in order of
// position. One thread.
class DocumentFindings {
 public:
  explicit DocumentFindings(std::string_view file_name) : file_(file_name) {}

  void AddError(TextPosition position, std::string key, std::string what,
                std::string hint = "");

  bool empty() const { return count_ == 0; }
  // Further errors are not kept, so looking for them is of no use.
  bool full() const { return count_ >= kFindingsMax; }

  SourcePosition PositionOf(TextPosition position) const {
    return {file_, position.line, position.column};
  }

  // Appends everything to `findings`; call once.
  void MoveTo(Diagnostics* findings);

 private:
  std::string file_;
  Diagnostics errors_;
  size_t count_ = 0;
};

}  // namespace nymstream

#endif  // NYMSTREAM_DOCUMENT_DOCUMENT_FINDINGS_H_
