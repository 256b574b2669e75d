// Lists of addresses: X-Forwarded-For and Forwarded (RFC 7239).
#ifndef NYMSTREAM_TREATMENT_IP_LIST_H_
#define NYMSTREAM_TREATMENT_IP_LIST_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "treatment/ip_address.h"

namespace nymstream {

// A part of a list that must be replaced: by what the address becomes, or, if
// it is no address (`address` is nullopt), by a redaction mark.
struct IpListElement {
  uint32_t begin;
  uint32_t end;
  std::optional<IpAddress> address;
};

// Splits `text` (decoded, no JSON escapes) at commas, semicolons and blanks
// into the elements to be replaced, in order, without overlap. All else stays:
// separators, quotes, placeholders (`unknown`, `-`, a lone `:` between groups
// of nginx's $upstream_addr), and of RFC 7239 the names `for=`, `by=`, `host=`,
// `proto=` and the values http, https, ws, wss of `proto=`. Obfuscated
// identifiers (`_hidden`), host values and parameters of other names are no
// addresses. Cost: linear; the vector's memory is reused.
void SplitIpList(std::string_view text, std::vector<IpListElement>* elements);

}  // namespace nymstream

#endif  // NYMSTREAM_TREATMENT_IP_LIST_H_
