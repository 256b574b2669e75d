// What the program prints as data.
#ifndef NYMSTREAM_CLI_OUTPUT_H_
#define NYMSTREAM_CLI_OUTPUT_H_

#include <string_view>

#include "cli/command.h"

namespace nymstream {

// Writes `text` to stdout. A reader that left is no error; a full disk is.
ExitCode WriteOutput(std::string_view text);

}  // namespace nymstream

#endif  // NYMSTREAM_CLI_OUTPUT_H_
