// Canonical forms of identifiers: equal identifiers, equal bytes to hash.
#ifndef NYMSTREAM_TREATMENT_IDENTIFIER_H_
#define NYMSTREAM_TREATMENT_IDENTIFIER_H_

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace nymstream {

// MAC address, EUI-48 or EUI-64, in colon, hyphen, dot (aabb.ccdd.eeff) or
// bare hex form, any case, spaces around it. nullopt if it is none. `size` is 6
// or 8.
struct MacAddress {
  std::array<unsigned char, 8> bytes{};
  size_t size = 0;
  std::string_view Canonical() const {
    return {reinterpret_cast<const char*>(bytes.data()), size};
  }
};
std::optional<MacAddress> ParseMacAddress(std::string_view text);

// E-mail address (RFC 5321 mailbox, dot-string local part, domain name; also
// with %40 for @, spaces around it): the whole address with ASCII letters
// folded to lower case, written to `out` (capacity >= text.size()). Returns the
// length, 0 if it is no address.
size_t CanonicalEmail(std::string_view text, char* out);

// Opaque id (device, cookie, account, session): the bytes as they are, without
// surrounding spaces; a UUID or a long hex id (>= 16 digits) in lower case
// without braces. Returns a view into `text` or into `out` (capacity >=
// text.size()). Empty if there is nothing to pseudonymize: "", "-", "null".
std::string_view CanonicalId(std::string_view text, char* out);

}  // namespace nymstream

#endif  // NYMSTREAM_TREATMENT_IDENTIFIER_H_
