// Goal: an address has the country that the database gives it, and a file that
// can't answer is refused at the start. Method: databases that the test makes,
// also with single bytes changed.
#include "files/country_database.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "support/country_mmdb.h"

namespace nymstream {
namespace {

using ::testing::HasSubstr;

class CountryDatabaseTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = ::testing::TempDir() + "country_database_XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& bytes) {
    const std::string path = folder_ + "/test.mmdb";
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

  static std::string Find(const CountryLookup& countries,
                          std::string_view address) {
    const auto code = countries.Find(*ParseIpAddress(address));
    return code ? std::string(code->data(), code->size()) : "";
  }

  std::string folder_;
};

const std::vector<CountryNetwork> kNetworks = {
    {"192.0.2.0", 24, "DE"},     {"192.0.2.128", 25, "FR"},
    {"198.51.100.0", 24, ""},    {"203.0.113.7", 32, "Germany"},
    {"203.0.113.8", 32, "de"},   {"2001:db8::", 32, "SE"},
    {"2001:db8:1::1", 128, "JP"}};

TEST_F(CountryDatabaseTest, TheLongestPrefixGivesTheCountry) {
  const auto countries = OpenCountryDatabase(Write(MakeCountryMmdb(kNetworks)));
  ASSERT_TRUE(countries.ok()) << countries.status();
  EXPECT_EQ(Find(**countries, "192.0.2.1"), "DE");
  EXPECT_EQ(Find(**countries, "::ffff:192.0.2.1"), "DE");
  EXPECT_EQ(Find(**countries, "192.0.2.127"), "DE");
  EXPECT_EQ(Find(**countries, "192.0.2.128"), "FR");
  EXPECT_EQ(Find(**countries, "2001:db8::1"), "SE");
  EXPECT_EQ(Find(**countries, "2001:db8:1::1"), "JP");
  EXPECT_EQ(Find(**countries, "2001:db8:1::2"), "SE");
}

TEST_F(CountryDatabaseTest, WhatTheDatabaseDoesNotKnowHasNoCountry) {
  const auto countries = OpenCountryDatabase(Write(MakeCountryMmdb(kNetworks)));
  ASSERT_TRUE(countries.ok()) << countries.status();
  EXPECT_EQ(Find(**countries, "192.0.3.1"), "") << "in no network";
  EXPECT_EQ(Find(**countries, "2001:db9::"), "") << "in no network";
  EXPECT_EQ(Find(**countries, "198.51.100.1"), "") << "registered only";
  EXPECT_EQ(Find(**countries, "203.0.113.7"), "") << "a name is no code";
  EXPECT_EQ(Find(**countries, "203.0.113.8"), "") << "lower case is no code";
}

TEST_F(CountryDatabaseTest, AFileThatCanNotBeOpenedIsNamed) {
  const std::string path = folder_ + "/none.mmdb";
  const auto missing = OpenCountryDatabase(path);
  EXPECT_EQ(missing.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(missing.status().message()), HasSubstr(path));
  const auto folder = OpenCountryDatabase(folder_);
  EXPECT_EQ(folder.status().code(), absl::StatusCode::kInvalidArgument);
  // Opening a pipe that nobody writes to would wait without end.
  const std::string pipe = folder_ + "/pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(OpenCountryDatabase(pipe).status().code(),
            absl::StatusCode::kInvalidArgument);
  const std::string closed = Write(MakeCountryMmdb(kNetworks));
  ASSERT_EQ(chmod(closed.c_str(), 0), 0);
  if (geteuid() != 0) {
    EXPECT_EQ(OpenCountryDatabase(closed).status().code(),
              absl::StatusCode::kPermissionDenied);
  }
}

TEST_F(CountryDatabaseTest, AFileThatIsNoDatabaseOfCountriesIsRefused) {
  for (const std::string& bytes :
       {std::string(), std::string("country,iso_code\n"),
        std::string(100000, '\0'), MakeCountryMmdb(kNetworks).substr(0, 200)}) {
    const auto refused = OpenCountryDatabase(Write(bytes));
    EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(refused.status().message()),
                HasSubstr("download it again"));
  }
  const auto other = OpenCountryDatabase(
      Write(MakeCountryMmdb({{"192.0.2.0", 24, "DE"}}, "Test-ASN")));
  EXPECT_EQ(other.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(other.status().message()), HasSubstr("Test-ASN"));
}

TEST_F(CountryDatabaseTest, ADamagedDatabaseNeverGivesMoreThanTwoLetters) {
  const std::string intact = MakeCountryMmdb(kNetworks);
  int opened = 0;
  constexpr size_t kStep = 5;  // a file for each byte takes seconds
  for (size_t at = 0; at < intact.size(); at += kStep) {
    std::string bytes = intact;
    bytes[at] = static_cast<char>(~bytes[at]);
    const auto countries = OpenCountryDatabase(Write(bytes));
    if (!countries.ok()) continue;
    ++opened;
    for (const char* address : {"192.0.2.1", "2001:db8::1", "::", "ff::"}) {
      for (const char c : Find(**countries, address)) {
        ASSERT_TRUE(c >= 'A' && c <= 'Z') << "byte " << at;
      }
    }
  }
  EXPECT_GT(opened, 100);
}

}  // namespace
}  // namespace nymstream
