#include "replay/printable_name.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "document/utf8.h"

namespace nymstream {

std::string PrintableName(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const size_t size = Utf8CharacterBytes(path);
    const auto byte = static_cast<unsigned char>(path.front());
    if (size == 0 || byte < 0x20 || byte == 0x7f) {
      absl::StrAppendFormat(&out, "\\x%02X", byte);
    } else {
      out.append(path.substr(0, size));
    }
    path.remove_prefix(std::max<size_t>(size, 1));
  }
  return out;
}

}  // namespace nymstream
