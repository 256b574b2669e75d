#include "files/descriptor.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/str_format.h"
#include "base/absl_view.h"

namespace nymstream {

Descriptor::~Descriptor() {
  if (is_open()) close(number_);
}

absl::Status FileError(std::string_view path, std::string_view what,
                       int error) {
  const absl::Status status =
      absl::ErrnoToStatus(error, absl::StrFormat("%s: %s", path, what));
  // kResourceExhausted is left to memory.
  return error == ENOSPC || error == EDQUOT || error == EFBIG
             ? absl::UnavailableError(status.message())
             : status;
}

absl::StatusOr<Descriptor> OpenFile(const std::string& path, int flags,
                                    unsigned mode) {
  Descriptor file(
      open(path.c_str(), flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, mode));
  if (file.is_open()) return file;
  return FileError(path,
                   errno == EEXIST ? "is there already and stays as it is"
                                   : "cannot be opened",
                   errno);
}

absl::StatusOr<size_t> ReadFully(const Descriptor& file, std::string_view path,
                                 std::span<unsigned char> to) {
  size_t done = 0;
  while (done < to.size()) {
    const ssize_t got = read(file.number(), to.data() + done, to.size() - done);
    if (got == 0) break;
    if (got > 0) {
      done += static_cast<size_t>(got);
    } else if (errno != EINTR) {
      return FileError(path, "cannot be read", errno);
    }
  }
  return done;
}

absl::Status WriteFully(const Descriptor& file, std::string_view path,
                        std::span<const unsigned char> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file.number(), bytes.data(), bytes.size());
    if (written >= 0) {
      bytes = bytes.subspan(static_cast<size_t>(written));
    } else if (errno != EINTR) {
      return FileError(path, "cannot be written", errno);
    }
  }
  return absl::OkStatus();
}

}  // namespace nymstream
