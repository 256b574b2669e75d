#include "base/edit_list.h"

#include <array>

namespace nymstream {

std::string_view DetectorName(Detector detector) {
  static constexpr std::array<std::string_view, kDetectorCount> kNames = {
      "ipv4",
      "ipv6",
      "email",
      "mac",
      "uuid",
      "card",
      "iban",
      "phone",
      "jwt",
      "credential",
      "long_hex",
      "url_parameter",
      "url_unparseable",
      "list_element",
      "leak_guard"};
  return kNames[static_cast<size_t>(detector)];
}

}  // namespace nymstream
