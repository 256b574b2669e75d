#include "files/secret_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/status_macros.h"

namespace nymstream {
namespace {

constexpr unsigned kPermissionBits = 07777;
constexpr unsigned kNewMode = 0600;

// The file that is renamed into place. It is never overwritten: if it is there,
// another command is at work or was stopped.
std::string TemporaryPath(const std::string& path) { return path + ".new"; }

// Removes a file that was not renamed into place after all.
class RemoveUnlessKept {
 public:
  explicit RemoveUnlessKept(const std::string& path) : path_(path) {}
  ~RemoveUnlessKept() {
    if (!kept_) unlink(path_.c_str());
  }
  RemoveUnlessKept(const RemoveUnlessKept&) = delete;
  RemoveUnlessKept& operator=(const RemoveUnlessKept&) = delete;
  void Keep() { kept_ = true; }

 private:
  const std::string& path_;
  bool kept_ = false;
};

absl::StatusOr<Descriptor> OpenTemporary(const std::string& path) {
  absl::StatusOr<Descriptor> file =
      OpenFile(path, O_WRONLY | O_CREAT | O_EXCL, kNewMode);
  if (absl::IsAlreadyExists(file.status())) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "%s: is there already; another command is at work, or was stopped and "
        "left it: then remove it",
        path));
  }
  return file;
}

// Writes and syncs; `file` then has owner, group and mode as given.
absl::Status Fill(const Descriptor& file, const std::string& path,
                  std::span<const unsigned char> bytes, uid_t owner,
                  gid_t group, unsigned mode) {
  struct stat status {};
  if (fstat(file.number(), &status) != 0) {
    return FileError(path, "cannot be opened", errno);
  }
  const bool same = status.st_uid == owner && status.st_gid == group;
  if ((!same && fchown(file.number(), owner, group) != 0) ||
      fchmod(file.number(), mode) != 0) {
    return FileError(path, "cannot get the owner and mode of the old file",
                     errno);
  }
  NYM_RETURN_IF_ERROR(WriteFully(file, path, bytes));
  if (fsync(file.number()) != 0) {
    return FileError(path, "cannot be written", errno);
  }
  return absl::OkStatus();
}

// Makes a change of names in the folder of `path` last.
absl::Status SyncFolder(const std::string& path) {
  std::string folder = std::filesystem::path(path).parent_path().string();
  if (folder.empty()) folder = ".";
  NYM_ASSIGN_OR_RETURN(const Descriptor opened,
                       OpenFile(folder, O_RDONLY | O_DIRECTORY));
  if (fsync(opened.number()) != 0) {
    return FileError(folder, "cannot be synced", errno);
  }
  return absl::OkStatus();
}

absl::StatusOr<SecretBytes> ReadChecked(const Descriptor& file,
                                        const std::string& path,
                                        size_t bytes_max, struct stat* status) {
  if (fstat(file.number(), status) != 0) {
    return FileError(path, "cannot be opened", errno);
  }
  NYM_RETURN_IF_ERROR(CheckFileSafety(path, *status, /*secret=*/true));
  const size_t size = static_cast<size_t>(status->st_size);
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
  const unsigned mode = status.st_mode & kPermissionBits;
  const char* fault = nullptr;
  if ((mode & 0022) != 0) {
    fault = "others may write it";
  } else if (secret && (mode & 0004) != 0) {
    fault = "others may read it";
  }
  if (fault == nullptr) return absl::OkStatus();
  return absl::PermissionDeniedError(
      absl::StrFormat("%s: %s (mode %04o); run: chmod %s %s", path, fault, mode,
                      secret ? "0600" : "go-w", path));
}

absl::StatusOr<SecretBytes> ReadSecretFile(const std::string& path,
                                           size_t bytes_max) {
  NYM_ASSIGN_OR_RETURN(const Descriptor file, OpenFile(path, O_RDONLY));
  struct stat status {};
  return ReadChecked(file, path, bytes_max, &status);
}

absl::Status CreateSecretFile(const std::string& path,
                              std::span<const unsigned char> bytes) {
  const std::string temporary = TemporaryPath(path);
  NYM_ASSIGN_OR_RETURN(const Descriptor file, OpenTemporary(temporary));
  const RemoveUnlessKept remove(temporary);
  NYM_RETURN_IF_ERROR(
      Fill(file, temporary, bytes, geteuid(), getegid(), kNewMode));
  // link(2) refuses where rename(2) would replace.
  if (link(temporary.c_str(), path.c_str()) != 0) {
    return FileError(path,
                     errno == EEXIST ? "is there already and is left as it is"
                                     : "cannot be made",
                     errno);
  }
  return SyncFolder(path);
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
  const std::string temporary = TemporaryPath(path_);
  NYM_ASSIGN_OR_RETURN(const Descriptor file, OpenTemporary(temporary));
  RemoveUnlessKept remove(temporary);
  NYM_RETURN_IF_ERROR(Fill(file, temporary, bytes, status_.st_uid,
                           status_.st_gid, status_.st_mode & kPermissionBits));
  if (rename(temporary.c_str(), path_.c_str()) != 0) {
    return FileError(path_, "cannot be replaced", errno);
  }
  remove.Keep();
  NYM_RETURN_IF_ERROR(SyncFolder(path_));
  if (old == OldBytes::kKeep) return absl::OkStatus();
  return Overwrite(file_, path_, status_.st_size);
}

}  // namespace nymstream
