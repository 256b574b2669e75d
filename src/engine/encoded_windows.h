// What a text may hold in hex or base64, in few words.
#ifndef NYMSTREAM_ENGINE_ENCODED_WINDOWS_H_
#define NYMSTREAM_ENGINE_ENCODED_WINDOWS_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace nymstream {

// Encoded values are looked for from this length on; shorter ones occur in hex
// and base64 by chance.
inline constexpr size_t kEncodedBytesMin = 5;

// Appends every run of four bytes that `text` holds in hex (either case) or in
// base64 (both alphabets, any alignment), if all four are printable ASCII. A
// window is the four bytes, the first one in the lowest byte. Text in clear
// gives about one window for each fifteen characters, by chance. Linear.
void AddEncodedWindows(std::string_view text, std::vector<uint32_t>* windows);

// The window that a text must have if it holds `value` (at least
// kEncodedBytesMin bytes) in hex or base64: its second to fifth byte, which
// every alignment decides wholly. nullopt if one of them is not printable: such
// a value can't be ruled out.
std::optional<uint32_t> WindowOf(std::string_view value);

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_ENCODED_WINDOWS_H_
