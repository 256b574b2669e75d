#include "cli/key_error.h"

#include "absl/strings/str_format.h"
#include "base/absl_view.h"
#include "cli/report.h"

namespace nymstream {

ExitCode SayKeyError(const absl::Status& status) {
  if (status.ok()) return ExitCode::kDone;
  // Refusals of a line in a file say "error:" after its place.
  const std::string_view message = ToStd(status.message());
  const bool placed = message.find(": error: ") != std::string_view::npos;
  Say(placed ? std::string(message) : absl::StrFormat("error: %s", message));
  switch (status.code()) {
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kAlreadyExists:
      return ExitCode::kWrongDocument;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kResourceExhausted:
      return ExitCode::kKey;
    default:
      return ExitCode::kInputOutput;
  }
}

}  // namespace nymstream
