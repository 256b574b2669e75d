#include "cli/output.h"

#include <unistd.h>

#include <cerrno>

#include "absl/status/status.h"
#include "base/absl_view.h"
#include "cli/report.h"

namespace nymstream {

ExitCode WriteOutput(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(STDOUT_FILENO, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<size_t>(written));
    } else if (errno == EPIPE) {
      return ExitCode::kDone;
    } else if (errno != EINTR) {
      Say(std::string("error: ").append(ToStd(
          absl::ErrnoToStatus(errno, "cannot write to stdout").message())));
      return ExitCode::kInputOutput;
    }
  }
  return ExitCode::kDone;
}

}  // namespace nymstream
