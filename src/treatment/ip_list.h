// Lists of addresses: X-Forwarded-For and Forwarded (RFC 7239).
#ifndef NYMSTREAM_TREATMENT_IP_LIST_H_
#define NYMSTREAM_TREATMENT_IP_LIST_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "treatment/ip_address.h"

namespace nymstream {

// One element that is not a separator or a parameter name: an address to be
// treated, a placeholder that stays (`unknown`, `-`), or anything else, which
// is redacted (address is nullopt).
struct IpListElement {
  uint32_t begin;
  uint32_t end;
  std::optional<IpAddress> address;
};

// Splits `text` (decoded, no JSON escapes) into elements to be replaced; what
// lies between them (separators, spaces, `for=`, quotes, `proto=https`) stays.
// Handles comma lists and RFC 7239 (`for=`, `by=`, `host=`, `proto=`): obfuscated
// identifiers (`_hidden`) and host values are redacted. Cost: linear; the
// vector's memory is reused.
void SplitIpList(std::string_view text, std::vector<IpListElement>* elements);

}  // namespace nymstream

#endif  // NYMSTREAM_TREATMENT_IP_LIST_H_
