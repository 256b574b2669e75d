#include "files/read_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "files/descriptor.h"

namespace nymstream {

absl::StatusOr<std::string> ReadFile(const std::string& path,
                                     size_t bytes_max) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) return absl::ErrnoToStatus(errno, "cannot open");
  struct stat status {};
  if (fstat(file.number(), &status) != 0)
    return absl::ErrnoToStatus(errno, "cannot open");
  if (!S_ISREG(status.st_mode))
    return absl::InvalidArgumentError("is no regular file");
  const std::string too_large =
      absl::StrFormat("is larger than %d bytes", bytes_max);
  std::string bytes(bytes_max + 1, '\0');
  size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t got =
        read(file.number(), bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return absl::ErrnoToStatus(errno, "cannot read");
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  if (size > bytes_max) return absl::InvalidArgumentError(too_large);
  bytes.resize(size);
  bytes.shrink_to_fit();
  return bytes;
}

}  // namespace nymstream
