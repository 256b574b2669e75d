// Country of an address, from a database that the caller opened.
#ifndef NYMSTREAM_TREATMENT_COUNTRY_LOOKUP_H_
#define NYMSTREAM_TREATMENT_COUNTRY_LOOKUP_H_

#include <array>
#include <optional>

#include "treatment/ip_address.h"

namespace nymstream {

// Implementations are thread safe and don't allocate in Find().
class CountryLookup {
 public:
  virtual ~CountryLookup() = default;
  // ISO 3166-1 alpha-2 code; nullopt if the database does not know.
  virtual std::optional<std::array<char, 2>> Find(
      const IpAddress& address) const = 0;
};

}  // namespace nymstream

#endif  // NYMSTREAM_TREATMENT_COUNTRY_LOOKUP_H_
