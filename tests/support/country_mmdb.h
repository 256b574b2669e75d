// Makes small MaxMind DB files, so that no test needs a database of others.
#ifndef NYMSTREAM_TESTS_SUPPORT_COUNTRY_MMDB_H_
#define NYMSTREAM_TESTS_SUPPORT_COUNTRY_MMDB_H_

#include <string>
#include <vector>

namespace nymstream {

// "192.0.2.0"/24 is in `country`. Where `country` is empty, the database knows
// only where the network is registered ("ZZ").
struct CountryNetwork {
  std::string address;
  int prefix = 0;
  std::string country;
};

// Bytes of an .mmdb file (format 2.0, IPv6 tree, 24-bit records). A network may
// lie in another one; the longer prefix holds. Aborts if an address is none.
std::string MakeCountryMmdb(std::vector<CountryNetwork> networks,
                            const std::string& type = "Test-Country");

}  // namespace nymstream

#endif  // NYMSTREAM_TESTS_SUPPORT_COUNTRY_MMDB_H_
