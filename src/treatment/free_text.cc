#include "treatment/free_text.h"

#include "treatment/text_scan.h"

namespace nymstream {

void FindIdentifiers(std::string_view text, EditList* edits) {
  ScanEncodedText(text, TextKind::kFree, edits);
}

}  // namespace nymstream
