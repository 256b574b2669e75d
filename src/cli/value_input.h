// Values that must not stand in argv: from a terminal or from stdin.
#ifndef NYMSTREAM_CLI_VALUE_INPUT_H_
#define NYMSTREAM_CLI_VALUE_INPUT_H_

#include <string>

#include "absl/status/statusor.h"

namespace nymstream {

// All of stdin, at most 64 MiB; or, where stdin is a terminal, one line that is
// asked for on stderr and not shown. An interrupt restores the terminal first.
absl::StatusOr<std::string> ReadValues();

}  // namespace nymstream

#endif  // NYMSTREAM_CLI_VALUE_INPUT_H_
