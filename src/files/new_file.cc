#include "files/new_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/status_macros.h"

namespace nymstream {
namespace {

constexpr unsigned kOwnerOnly = 0600;
constexpr unsigned kPermissionBits = 07777;

// Makes a change of names in the folder of `path` last.
absl::Status SyncFolder(const std::string& path) {
  const std::string parent = std::filesystem::path(path).parent_path().string();
  const std::string folder = parent.empty() ? std::string(".") : parent;
  NYM_ASSIGN_OR_RETURN(const Descriptor opened,
                       OpenFile(folder, O_RDONLY | O_DIRECTORY));
  if (fsync(opened.number()) != 0) {
    return FileError(folder, "cannot be synced", errno);
  }
  return absl::OkStatus();
}

}  // namespace

NewFile::NewFile(const std::string& path, std::string temporary,
                 Descriptor file)
    : path_(path), temporary_(std::move(temporary)), file_(std::move(file)) {}

NewFile::~NewFile() {
  if (file_.is_open()) unlink(temporary_.c_str());
}

absl::StatusOr<NewFile> NewFile::Create(const std::string& path) {
  std::string temporary = path + ".new";
  absl::StatusOr<Descriptor> file =
      OpenFile(temporary, O_WRONLY | O_CREAT | O_EXCL, kOwnerOnly);
  if (absl::IsAlreadyExists(file.status())) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "%s: is there already; another command is at work, or was stopped and "
        "left it: then remove it",
        temporary));
  }
  if (absl::IsNotFound(file.status())) {
    return absl::NotFoundError(absl::StrFormat(
        "%s: the folder above it is missing; make it first", path));
  }
  NYM_RETURN_IF_ERROR(file.status());
  NewFile made(path, std::move(temporary), *std::move(file));
  // Whatever the umask.
  if (fchmod(made.file_.number(), kOwnerOnly) != 0) {
    return FileError(made.temporary_, "cannot be made", errno);
  }
  return made;
}

absl::Status NewFile::Append(std::span<const unsigned char> bytes) {
  return WriteFully(file_, temporary_, bytes);
}

absl::Status NewFile::BecomeLike(const struct stat& old) {
  struct stat now {};
  if (fstat(file_.number(), &now) != 0) {
    return FileError(temporary_, "cannot be written", errno);
  }
  const bool same = now.st_uid == old.st_uid && now.st_gid == old.st_gid;
  if ((!same && fchown(file_.number(), old.st_uid, old.st_gid) != 0) ||
      fchmod(file_.number(), old.st_mode & kPermissionBits) != 0) {
    return FileError(path_, "a new file cannot get its owner and mode", errno);
  }
  return absl::OkStatus();
}

absl::Status NewFile::Finish(Existing existing) {
  if (fsync(file_.number()) != 0) {
    return FileError(temporary_, "cannot be written", errno);
  }
  if (existing == Existing::kReplace) {
    if (rename(temporary_.c_str(), path_.c_str()) != 0) {
      return FileError(path_, "cannot be replaced", errno);
    }
  } else {
    // link(2) refuses where rename(2) would replace.
    if (link(temporary_.c_str(), path_.c_str()) != 0) {
      return FileError(path_,
                       errno == EEXIST ? "is there already and stays as it is"
                                       : "cannot be made",
                       errno);
    }
    unlink(temporary_.c_str());
  }
  file_ = Descriptor();
  return SyncFolder(path_);
}

}  // namespace nymstream
