// What the commands that handle keys say when something is wrong.
#ifndef NYMSTREAM_CLI_KEY_ERROR_H_
#define NYMSTREAM_CLI_KEY_ERROR_H_

#include "absl/status/status.h"
#include "cli/command.h"

namespace nymstream {

// Says "error: ..." and returns the exit code that fits: kWrongDocument for
// what a flag asks (kOutOfRange, kAlreadyExists), kInputOutput where the system
// failed, else kKey. kDone, silently, if `status` is OK.
ExitCode SayKeyError(const absl::Status& status);

}  // namespace nymstream

#endif  // NYMSTREAM_CLI_KEY_ERROR_H_
