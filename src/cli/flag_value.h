// What the flags of the commands about keys may say.
#ifndef NYMSTREAM_CLI_FLAG_VALUE_H_
#define NYMSTREAM_CLI_FLAG_VALUE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cli/command.h"

namespace nymstream {

inline constexpr char kDateName[] = "DATE";

// Says "error: FLAG: WHAT".
ExitCode RefuseFlag(std::string_view flag, std::string_view what);

// False, and said, if `text` is neither empty nor a time.
bool ReadTime(std::string_view flag, const std::string& text,
              std::optional<int64_t>* time);

// Sets `*period` to the canonical text of that of --period. False, and said, if
// it is none.
bool ReadPeriod(const std::string& text, std::string* period);

}  // namespace nymstream

#endif  // NYMSTREAM_CLI_FLAG_VALUE_H_
