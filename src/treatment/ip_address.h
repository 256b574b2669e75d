// IP addresses: every written form of one address to one canonical form.
#ifndef NYMSTREAM_TREATMENT_IP_ADDRESS_H_
#define NYMSTREAM_TREATMENT_IP_ADDRESS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace nymstream {

// Network order; IPv4 as ::ffff:a.b.c.d (RFC 4291, section 2.5.5.2).
struct IpAddress {
  std::array<unsigned char, 16> bytes{};
  bool IsV4() const;
  // The bytes that are hashed: always all 16.
  std::string_view Canonical() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  bool operator==(const IpAddress&) const = default;
};

// Longest text that FormatIpAddress writes (RFC 5952).
inline constexpr size_t kIpTextMax = 45;

// Parses exactly one address, nothing around it: dotted quad (decimal, no
// leading zeros), IPv6 in any RFC 4291 form, upper or lower case, mapped
// IPv4, zone id (dropped). nullopt otherwise. Never allocates.
std::optional<IpAddress> ParseIpAddress(std::string_view text);

// Parses an address with what log formats put around it: spaces, brackets,
// quotes, `:port`, `[v6]:port`, the value of `for=` (RFC 7239). On success
// `*begin` and `*end` give the address with its port, brackets and zone, that
// is the span that a pseudonym replaces. A port may be an obfuscated one
// (`_p`); other parameters after the value of `for=` are ignored. Without
// brackets a second colon makes all of it an IPv6 address.
std::optional<IpAddress> ParseIpAddressWithPort(std::string_view text,
                                                size_t* begin, size_t* end);

// RFC 5952 text; mapped IPv4 is written as a dotted quad. Returns the length.
size_t FormatIpAddress(const IpAddress& address, char out[kIpTextMax]);

// Zeroes all but the first bits; `prefix_v4` <= 32, `prefix_v6` <= 128. Forms
// that embed an IPv4 address (6to4, Teredo, ISATAP, NAT64, mapped) or a MAC
// address (EUI-64) are cut so that none of the embedded bits is left beyond
// what the IPv4 prefix would leave; nothing of a MAC address is left.
IpAddress TruncateIpAddress(const IpAddress& address, int prefix_v4,
                            int prefix_v6);

}  // namespace nymstream

#endif  // NYMSTREAM_TREATMENT_IP_ADDRESS_H_
