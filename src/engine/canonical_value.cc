#include "engine/canonical_value.h"

#include "treatment/identifier.h"
#include "treatment/ip_address.h"

namespace nymstream {

std::string_view CanonicalValue(ValueType type, std::string_view text,
                                Arena* arena) {
  switch (type) {
    case ValueType::kIp:
    case ValueType::kIpPort: {
      size_t begin = 0;
      size_t end = 0;
      const auto address = ParseIpAddressWithPort(text, &begin, &end);
      return address ? arena->Copy(address->Canonical()) : std::string_view();
    }
    case ValueType::kMac: {
      const auto mac = ParseMacAddress(text);
      return mac ? arena->Copy(mac->Canonical()) : std::string_view();
    }
    case ValueType::kEmail: {
      char* out = arena->Allocate(text.size());
      return {out, CanonicalEmail(text, out)};
    }
    case ValueType::kId:
      return CanonicalId(text, arena->Allocate(text.size()));
    default:
      return {};
  }
}

}  // namespace nymstream
