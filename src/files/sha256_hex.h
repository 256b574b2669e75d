// Digests of documents, for manifests.
#ifndef NYMSTREAM_FILES_SHA256_HEX_H_
#define NYMSTREAM_FILES_SHA256_HEX_H_

#include <string>
#include <string_view>

namespace nymstream {

// SHA-256 (FIPS 180-4) of `bytes` in lower-case hex.
std::string Sha256Hex(std::string_view bytes);

}  // namespace nymstream

#endif  // NYMSTREAM_FILES_SHA256_HEX_H_
