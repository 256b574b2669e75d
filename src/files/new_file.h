// A file for the owner alone that appears whole or not at all.
#ifndef NYMSTREAM_FILES_NEW_FILE_H_
#define NYMSTREAM_FILES_NEW_FILE_H_

#include <sys/stat.h>

#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "files/descriptor.h"

namespace nymstream {

// Writes PATH.new, mode 0600, and gives it its name at the end; removes it if
// that end is not reached. Movable. One thread.
class NewFile {
 public:
  // kFailedPrecondition if PATH.new is there: another command is at work, or
  // was stopped.
  static absl::StatusOr<NewFile> Create(const std::string& path);
  ~NewFile();
  NewFile(NewFile&& other) noexcept = default;

  absl::Status Append(std::span<const unsigned char> bytes);

  // Gives the file the owner, group and permissions of `old`.
  absl::Status BecomeLike(const struct stat& old);

  enum class Existing { kRefuse, kReplace };

  // Syncs file and folder. Under kRefuse kAlreadyExists if there is a file of
  // that name; it stays as it is. Call it once, last.
  absl::Status Finish(Existing existing);

 private:
  NewFile(const std::string& path, std::string temporary, Descriptor file);

  std::string path_;
  std::string temporary_;
  Descriptor file_;  // open as long as the temporary file must be removed
};

}  // namespace nymstream

#endif  // NYMSTREAM_FILES_NEW_FILE_H_
