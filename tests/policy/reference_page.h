// A generated page must equal its committed file.
#ifndef NYMSTREAM_TESTS_POLICY_REFERENCE_PAGE_H_
#define NYMSTREAM_TESTS_POLICY_REFERENCE_PAGE_H_

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "gtest/gtest.h"

namespace nymstream {

inline std::string ReadSourceFile(const std::string& path) {
  std::ifstream file(std::string(NYMSTREAM_SOURCE_DIR "/") + path,
                     std::ios::binary);
  EXPECT_TRUE(file.good()) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// With NYMSTREAM_UPDATE set, writes the file instead of comparing.
inline void ExpectPageIsCurrent(const std::string& path,
                                const std::string& page) {
  if (std::getenv("NYMSTREAM_UPDATE") != nullptr) {
    std::ofstream file(std::string(NYMSTREAM_SOURCE_DIR "/") + path,
                       std::ios::binary);
    file << page;
    return;
  }
  EXPECT_EQ(ReadSourceFile(path), page)
      << "run this test with NYMSTREAM_UPDATE=1 and commit the page";
}

}  // namespace nymstream

#endif  // NYMSTREAM_TESTS_POLICY_REFERENCE_PAGE_H_
