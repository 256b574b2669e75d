// Files by descriptor: every result checked, every error with name and remedy.
#ifndef NYMSTREAM_REPLAY_POSIX_FILE_H_
#define NYMSTREAM_REPLAY_POSIX_FILE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace nymstream {

// Owns a descriptor. Movable.
class FileHandle {
 public:
  FileHandle() = default;
  explicit FileHandle(int fd) : fd_(fd) {}
  ~FileHandle() { Close(); }
  FileHandle(FileHandle&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileHandle& operator=(FileHandle&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  int fd() const { return fd_; }
  bool valid() const { return fd_ >= 0; }
  void Close();

 private:
  int fd_ = -1;
};

// "NAME: TEXT OF ERROR; REMEDY", with the code that fits (kNotFound,
// kPermissionDenied, kResourceExhausted for a full disk or quota, kUnavailable
// for all others).
absl::Status ErrnoStatus(std::string_view name, int error);

// Writes all of `bytes`, through short writes and interrupts.
absl::Status WriteAll(int fd, std::string_view bytes, std::string_view name);

// Waits until the content of a file is on the disk.
absl::Status SyncFile(int fd, std::string_view name);
// The same for the names in a folder.
absl::Status SyncFolder(const std::string& folder);

// Replaces `folder`/`name`, or leaves it as it was: writes `name`.tmp beside
// it, syncs it, renames it and syncs the folder.
absl::Status WriteFileAtomically(const std::string& folder,
                                 const std::string& name,
                                 std::string_view bytes);

// The whole content of a small file of ours. kNotFound if there is none;
// kDataLoss if it is larger than `bytes_max`.
absl::StatusOr<std::string> ReadWholeFile(const std::string& path,
                                          size_t bytes_max);

std::string JoinPath(std::string_view folder, std::string_view name);

}  // namespace nymstream

#endif  // NYMSTREAM_REPLAY_POSIX_FILE_H_
