// Debian's Abseil is built as C++14: its string_view is not std::string_view.
// Our APIs use std types; convert at the Abseil call only.
#ifndef NYMSTREAM_BASE_ABSL_VIEW_H_
#define NYMSTREAM_BASE_ABSL_VIEW_H_

#include <string_view>

#include "absl/strings/string_view.h"

namespace nymstream {

inline absl::string_view ToAbsl(std::string_view text) {
  return {text.data(), text.size()};
}
inline std::string_view ToStd(absl::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace nymstream

#endif  // NYMSTREAM_BASE_ABSL_VIEW_H_
