// The flag --as-of, which replay and bench share.
#ifndef NYMSTREAM_CLI_AS_OF_H_
#define NYMSTREAM_CLI_AS_OF_H_

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>

namespace nymstream {

void AddAsOfOption(CLI::App& command, std::string* as_of);

// Sets `*as_of` to the unix seconds that `text` names; leaves it if `text` is
// empty. False, and says so, if it is no time.
bool ParseAsOf(const std::string& text, std::optional<int64_t>* as_of);

}  // namespace nymstream

#endif  // NYMSTREAM_CLI_AS_OF_H_
