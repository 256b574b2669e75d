#include "files/secret_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "files/new_file.h"

namespace nymstream {
namespace {

constexpr unsigned kPermissionBits = 07777;

absl::Status UnsafeMode(const std::string& path, const struct stat& status,
                        const char* fault, const char* mode) {
  return absl::PermissionDeniedError(
      absl::StrFormat("%s: %s (mode %04o); run: chmod %s %s", path, fault,
                      status.st_mode & kPermissionBits, mode, path));
}

absl::StatusOr<SecretBytes> ReadWhole(const Descriptor& file,
                                      const std::string& path, size_t bytes_max,
                                      const struct stat& status) {
  const size_t size = static_cast<size_t>(status.st_size);
  if (size == 0 || size > bytes_max) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "%s: has %d bytes; expected 1 to %d", path, size, bytes_max));
  }
  NYM_ASSIGN_OR_RETURN(SecretBytes bytes, SecretBytes::Create(size));
  NYM_ASSIGN_OR_RETURN(const size_t got,
                       ReadFully(file, path, bytes.ExposeSecretForWriting()));
  if (got != size) {
    return absl::AbortedError(
        absl::StrFormat("%s: changed while it was read; try again", path));
  }
  bytes.Freeze();
  return bytes;
}

absl::StatusOr<SecretBytes> ReadChecked(const Descriptor& file,
                                        const std::string& path,
                                        size_t bytes_max, struct stat* status) {
  if (fstat(file.number(), status) != 0) {
    return FileError(path, "cannot be opened", errno);
  }
  NYM_RETURN_IF_ERROR(CheckFileSafety(path, *status, /*secret=*/true));
  return ReadWhole(file, path, bytes_max, *status);
}

// Zeros over all bytes of a file that has no name any more.
absl::Status Overwrite(const Descriptor& file, const std::string& path,
                       off_t size) {
  if (lseek(file.number(), 0, SEEK_SET) != 0) {
    return FileError(path, "the old bytes cannot be overwritten", errno);
  }
  constexpr std::array<unsigned char, 4096> kZeros{};
  for (off_t left = size; left > 0;) {
    const size_t part = std::min(static_cast<size_t>(left), kZeros.size());
    NYM_RETURN_IF_ERROR(WriteFully(file, path, std::span(kZeros).first(part)));
    left -= static_cast<off_t>(part);
  }
  if (fsync(file.number()) != 0) {
    return FileError(path, "the old bytes cannot be overwritten", errno);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckFileSafety(const std::string& path, const struct stat& status,
                             bool secret) {
  if (!S_ISREG(status.st_mode)) {
    return absl::InvalidArgumentError(
        absl::StrFormat("%s: is no regular file", path));
  }
  if (status.st_uid != geteuid() && status.st_uid != 0) {
    return absl::PermissionDeniedError(absl::StrFormat(
        "%s: belongs to user %d; it must be yours (%d) or root's", path,
        status.st_uid, geteuid()));
  }
  NYM_RETURN_IF_ERROR(CheckWriters(path, status, secret ? "0600" : "go-w"));
  if (!secret || (status.st_mode & 0004) == 0) return absl::OkStatus();
  return UnsafeMode(path, status, "others may read it", "0600");
}

absl::Status CheckWriters(const std::string& path, const struct stat& status,
                          const char* mode) {
  if ((status.st_mode & 0022) == 0) return absl::OkStatus();
  return UnsafeMode(path, status, "its group or others may write it", mode);
}

absl::StatusOr<SecretBytes> ReadSecretFile(const std::string& path,
                                           size_t bytes_max) {
  NYM_ASSIGN_OR_RETURN(const Descriptor file, OpenFile(path, O_RDONLY));
  struct stat status {};
  return ReadChecked(file, path, bytes_max, &status);
}

absl::StatusOr<SecretBytes> ReadUnsafeFile(const std::string& path,
                                           size_t bytes_max) {
  NYM_ASSIGN_OR_RETURN(const Descriptor file, OpenFile(path, O_RDONLY));
  struct stat status {};
  if (fstat(file.number(), &status) != 0) {
    return FileError(path, "cannot be opened", errno);
  }
  return ReadWhole(file, path, bytes_max, status);
}

absl::Status CreateSecretFile(const std::string& path,
                              std::span<const unsigned char> bytes) {
  NYM_ASSIGN_OR_RETURN(NewFile file, NewFile::Create(path));
  NYM_RETURN_IF_ERROR(file.Append(bytes));
  return file.Finish(NewFile::Existing::kRefuse);
}

absl::StatusOr<SecretFileEditor> SecretFileEditor::Open(const std::string& path,
                                                        size_t bytes_max) {
  const std::unique_ptr<char, decltype(&std::free)> real(
      realpath(path.c_str(), nullptr), &std::free);
  if (real == nullptr) return FileError(path, "cannot be opened", errno);
  SecretFileEditor editor;
  editor.path_ = real.get();
  NYM_ASSIGN_OR_RETURN(editor.file_, OpenFile(editor.path_, O_RDWR));
  struct stat named {};
  if (flock(editor.file_.number(), LOCK_EX | LOCK_NB) != 0 ||
      stat(editor.path_.c_str(), &named) != 0) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "%s: another command changes it; try again", editor.path_));
  }
  NYM_ASSIGN_OR_RETURN(editor.bytes_, ReadChecked(editor.file_, editor.path_,
                                                  bytes_max, &editor.status_));
  // Replaced between open and lock: these are old bytes.
  if (named.st_ino != editor.status_.st_ino ||
      named.st_dev != editor.status_.st_dev) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "%s: another command changed it; try again", editor.path_));
  }
  return editor;
}

absl::Status SecretFileEditor::Replace(std::span<const unsigned char> bytes,
                                       OldBytes old) {
  NYM_ASSIGN_OR_RETURN(NewFile file, NewFile::Create(path_));
  NYM_RETURN_IF_ERROR(file.BecomeLike(status_));
  NYM_RETURN_IF_ERROR(file.Append(bytes));
  NYM_RETURN_IF_ERROR(file.Finish(NewFile::Existing::kReplace));
  if (old == OldBytes::kKeep) return absl::OkStatus();
  return Overwrite(file_, path_, status_.st_size);
}

}  // namespace nymstream
