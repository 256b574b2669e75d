#include "files/country_database.h"

#include <arpa/inet.h>
#include <maxminddb.h>
#include <netinet/in.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace nymstream {
namespace {

class CountryDatabase : public CountryLookup {
 public:
  CountryDatabase() = default;
  ~CountryDatabase() override {
    if (open_) MMDB_close(&database_);
  }
  CountryDatabase(const CountryDatabase&) = delete;
  CountryDatabase& operator=(const CountryDatabase&) = delete;

  // A code of MMDB_strerror.
  int Open(const std::string& path) {
    const int status = MMDB_open(path.c_str(), MMDB_MODE_MMAP, &database_);
    open_ = status == MMDB_SUCCESS;
    return status;
  }

  std::string_view type() const { return database_.metadata.database_type; }

  std::optional<std::array<char, 2>> Find(
      const IpAddress& address) const override {
    sockaddr_storage socket{};
    FillSocketAddress(address, &socket);
    int error = MMDB_SUCCESS;
    MMDB_lookup_result_s found = MMDB_lookup_sockaddr(
        &database_, reinterpret_cast<const sockaddr*>(&socket), &error);
    if (error != MMDB_SUCCESS || !found.found_entry) return std::nullopt;
    // MMDB_get_value would allocate its path.
    constexpr std::array<const char*, 3> kPath = {"country", "iso_code",
                                                  nullptr};
    MMDB_entry_data_s code;
    error = MMDB_aget_value(&found.entry, &code, kPath.data());
    const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (error != MMDB_SUCCESS || !code.has_data ||
        code.type != MMDB_DATA_TYPE_UTF8_STRING || code.data_size != 2 ||
        !upper(code.utf8_string[0]) || !upper(code.utf8_string[1])) {
      return std::nullopt;
    }
    return std::array<char, 2>{code.utf8_string[0], code.utf8_string[1]};
  }

 private:
  static void FillSocketAddress(const IpAddress& address,
                                sockaddr_storage* socket) {
    if (address.IsV4()) {
      sockaddr_in v4{};
      v4.sin_family = AF_INET;
      std::memcpy(&v4.sin_addr, &address.bytes[12], sizeof(v4.sin_addr));
      std::memcpy(socket, &v4, sizeof(v4));
      return;
    }
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    std::memcpy(&v6.sin6_addr, address.bytes.data(), sizeof(v6.sin6_addr));
    std::memcpy(socket, &v6, sizeof(v6));
  }

  MMDB_s database_{};
  bool open_ = false;
};

// By its name: "GeoLite2-Country", "GeoIP2-City", "DBIP-Country-Lite", ..
bool HasCountries(std::string_view type) {
  constexpr std::array<std::string_view, 3> kKinds = {"Country", "City",
                                                      "Enterprise"};
  for (const std::string_view kind : kKinds) {
    if (type.find(kind) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const CountryLookup>> OpenCountryDatabase(
    const std::string& path) {
  struct stat file {};
  if (stat(path.c_str(), &file) != 0) {
    return absl::ErrnoToStatus(
        errno, absl::StrCat(path,
                            ": cannot open; name an .mmdb file that this user "
                            "may read"));
  }
  if (!S_ISREG(file.st_mode)) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": is no file; name an .mmdb file"));
  }
  auto database = std::make_shared<CountryDatabase>();
  errno = 0;
  const int status = database->Open(path);
  if (status == MMDB_FILE_OPEN_ERROR && errno != 0) {
    return absl::ErrnoToStatus(
        errno, absl::StrCat(path,
                            ": cannot open; let this user read it: chmod, "
                            "chown"));
  }
  if (status != MMDB_SUCCESS) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": is no intact MaxMind DB (", MMDB_strerror(status),
                     "); download it again"));
  }
  if (!HasCountries(database->type())) {
    return absl::InvalidArgumentError(absl::StrCat(
        path, ": a database of type '", std::string(database->type()),
        "' gives no countries; use a Country, City or Enterprise database"));
  }
  return std::shared_ptr<const CountryLookup>(std::move(database));
}

}  // namespace nymstream
