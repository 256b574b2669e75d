// One pass of all detectors over bytes as they are.
#ifndef NYMSTREAM_TREATMENT_TEXT_SCAN_H_
#define NYMSTREAM_TREATMENT_TEXT_SCAN_H_

#include <cstdint>
#include <string_view>

#include "base/edit_list.h"

namespace nymstream {

enum class TextKind : uint8_t {
  kFree,
  // Four numbers directly after "Name/" or "rv:" are a version; names of
  // device ids count; so do decimal numbers of 13 digits and more.
  kUserAgent,
};

// FindIdentifiers without a look behind percent-encoding.
void ScanText(std::string_view text, TextKind kind, EditList* edits);

// ScanText, and again on what up to three layers of percent-encoding hide.
void ScanEncodedText(std::string_view text, TextKind kind, EditList* edits);

}  // namespace nymstream

#endif  // NYMSTREAM_TREATMENT_TEXT_SCAN_H_
