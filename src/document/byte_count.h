// Sizes as documents write them: 65536, 64KiB, 1MiB.
#ifndef NYMSTREAM_DOCUMENT_BYTE_COUNT_H_
#define NYMSTREAM_DOCUMENT_BYTE_COUNT_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace nymstream {

// Bytes; nullopt if `text` is no size or does not fit.
std::optional<uint64_t> ParseByteCount(std::string_view text);

// The ECMA-262 pattern of the texts with a unit.
inline constexpr std::string_view kByteCountPattern =
    "^(0|[1-9][0-9]*)(KiB|MiB|GiB)$";

}  // namespace nymstream

#endif  // NYMSTREAM_DOCUMENT_BYTE_COUNT_H_
