#include "replay/posix_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "base/absl_view.h"
#include "base/status_macros.h"

namespace nymstream {
namespace {

constexpr mode_t kFileMode = 0640;

}  // namespace

void FileHandle::Close() {
  // The content was synced where it matters; a close has nothing left to say.
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

absl::Status ErrnoStatus(std::string_view name, int error) {
  const std::string text =
      absl::StrCat(ToAbsl(name), ": ", std::generic_category().message(error));
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return absl::NotFoundError(text);
    case EACCES:
    case EPERM:
    case EROFS:
      return absl::PermissionDeniedError(absl::StrCat(
          text, "; give this user access, or choose another place"));
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return absl::ResourceExhaustedError(
          absl::StrCat(text, "; make room, then run again with --resume"));
    case EMFILE:
    case ENFILE:
      return absl::ResourceExhaustedError(absl::StrCat(
          text, "; raise the limit of open files, then run again"));
    default:
      return absl::UnavailableError(text);
  }
}

absl::Status WriteAll(int fd, std::string_view bytes, std::string_view name) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return ErrnoStatus(name, errno);
    }
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status SyncFile(int fd, std::string_view name) {
  if (fsync(fd) != 0) return ErrnoStatus(name, errno);
  return absl::OkStatus();
}

absl::Status SyncFolder(const std::string& folder) {
  const FileHandle handle(
      open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!handle.valid()) return ErrnoStatus(folder, errno);
  return SyncFile(handle.fd(), folder);
}

absl::Status WriteFileAtomically(const std::string& folder,
                                 const std::string& name,
                                 std::string_view bytes) {
  const std::string path = JoinPath(folder, name);
  const std::string temporary = path + ".tmp";
  {
    const FileHandle handle(
        open(temporary.c_str(),
             O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, kFileMode));
    if (!handle.valid()) return ErrnoStatus(temporary, errno);
    absl::Status written = WriteAll(handle.fd(), bytes, temporary);
    if (written.ok()) written = SyncFile(handle.fd(), temporary);
    if (!written.ok()) {
      unlink(temporary.c_str());
      return written;
    }
  }
  if (std::rename(temporary.c_str(), path.c_str()) != 0) {
    return ErrnoStatus(path, errno);
  }
  return SyncFolder(folder);
}

absl::StatusOr<std::string> ReadWholeFile(const std::string& path,
                                          size_t bytes_max) {
  const FileHandle handle(
      open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!handle.valid()) return ErrnoStatus(path, errno);
  std::string bytes;
  char block[16384];
  while (true) {
    const ssize_t got = read(handle.fd(), block, sizeof(block));
    if (got < 0) {
      if (errno == EINTR) continue;
      return ErrnoStatus(path, errno);
    }
    if (got == 0) return bytes;
    bytes.append(block, static_cast<size_t>(got));
    if (bytes.size() > bytes_max) {
      return absl::DataLossError(
          absl::StrCat(path, ": is too large to be one of ours"));
    }
  }
}

std::string JoinPath(std::string_view folder, std::string_view name) {
  return absl::StrCat(ToAbsl(folder), folder.ends_with('/') ? "" : "/",
                      ToAbsl(name));
}

}  // namespace nymstream
