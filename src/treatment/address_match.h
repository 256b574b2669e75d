// Network addresses and UUIDs around one separator of free text.
#ifndef NYMSTREAM_TREATMENT_ADDRESS_MATCH_H_
#define NYMSTREAM_TREATMENT_ADDRESS_MATCH_H_

#include <cstddef>
#include <string_view>

#include "treatment/match.h"

namespace nymstream {

// Each looks at the separator at `at` and decides in a bounded number of
// steps, or in time linear in what it matches.

// `at` is '.': a dotted quad with octets up to 255 (leading zeros too), with
// what more dotted numbers follow, a port or a prefix length; or a MAC address
// as aabb.ccdd.eeff.
Match MatchDotted(std::string_view text, size_t at);

// `at` is ':': an IPv6 address (with brackets, port, zone, prefix length, IPv4
// tail), eight groups or more of hex, or a MAC address (six pairs or more).
Match MatchColons(std::string_view text, size_t at);

// `at` is '-': a UUID, a MAC address, or a dotted quad written with hyphens in
// a host name (ip-192-0-2-1, 192-0-2-1.example.net).
Match MatchHyphens(std::string_view text, size_t at);

}  // namespace nymstream

#endif  // NYMSTREAM_TREATMENT_ADDRESS_MATCH_H_
