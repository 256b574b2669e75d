// Countries of addresses from a MaxMind DB file.
#ifndef NYMSTREAM_FILES_COUNTRY_DATABASE_H_
#define NYMSTREAM_FILES_COUNTRY_DATABASE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "treatment/country_lookup.h"

namespace nymstream {

// Opens a MaxMind DB (GeoLite2, GeoIP2, DB-IP and others; version 2 of the
// format) that gives countries. Find() gives `country.iso_code`, where the
// address is, never `registered_country`, where its owner is.
//
// Errors name the file and the remedy: kNotFound, kPermissionDenied or the
// system's other answers; kInvalidArgument if the file is no such database or
// has no countries.
// The file is mapped, not read: replace it by rename, never in place.
// Cost of Find(): 0.1 to 1 us, no allocation.
absl::StatusOr<std::shared_ptr<const CountryLookup>> OpenCountryDatabase(
    const std::string& path);

}  // namespace nymstream

#endif  // NYMSTREAM_FILES_COUNTRY_DATABASE_H_
