// Which files a replay reads, in which order.
#ifndef NYMSTREAM_REPLAY_INPUT_LIST_H_
#define NYMSTREAM_REPLAY_INPUT_LIST_H_

#include <sys/stat.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace nymstream {

// Tells one state of a file from another.
struct FileIdentity {
  uint64_t size = 0;
  int64_t modified_ns = 0;
  uint64_t device = 0;
  uint64_t inode = 0;
  bool operator==(const FileIdentity&) const = default;
};
FileIdentity IdentityOf(const struct stat& status);

inline constexpr std::string_view kStdinName = "-";

struct InputFile {
  std::string path;  // as given, or below a folder as given; "-" for stdin
  // `path` as it may stand in JSON: bytes that are no UTF-8 become U+FFFD.
  std::string name;
  // Has no end until it is read to it: stdin, a named pipe.
  bool stream = false;
  FileIdentity identity;  // all zero for a stream
};

// One file, named pipe, or "-"; a folder is kInvalidArgument.
absl::StatusOr<InputFile> FindInput(const std::string& path);

// Expands `inputs` in the order given; a folder becomes every file below it, in
// byte order of the paths, links to files followed. Nothing is left out in
// silence: a link to a folder, a device or a broken link inside a folder, an
// empty folder, and a file that is named twice are errors, as is an `out_dir`
// that lies inside an input folder or holds an input.
absl::StatusOr<std::vector<InputFile>> ListInputs(
    const std::vector<std::string>& inputs, const std::string& out_dir);

}  // namespace nymstream

#endif  // NYMSTREAM_REPLAY_INPUT_LIST_H_
