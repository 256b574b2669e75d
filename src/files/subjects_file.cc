#include "files/subjects_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "files/descriptor.h"
#include "files/secret_file.h"
#include "files/sha256_hex.h"
#include "secret/pseudonym_key.h"

namespace nymstream {
namespace {

// About 7 million tokens.
constexpr size_t kSubjectsBytesMax = size_t{256} << 20;

absl::StatusOr<std::string> ReadText(const std::string& path) {
  NYM_ASSIGN_OR_RETURN(const Descriptor file, OpenFile(path, O_RDONLY));
  struct stat status {};
  if (fstat(file.number(), &status) != 0) {
    return FileError(path, "cannot be opened", errno);
  }
  const size_t size = static_cast<size_t>(status.st_size);
  if (!S_ISREG(status.st_mode) || size > kSubjectsBytesMax) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "%s: is no regular file of at most %d bytes", path, kSubjectsBytesMax));
  }
  NYM_RETURN_IF_ERROR(CheckWriters(path, status, "go-w"));
  std::string text(size, '\0');
  NYM_ASSIGN_OR_RETURN(
      const size_t got,
      ReadFully(file, path,
                {reinterpret_cast<unsigned char*>(text.data()), size}));
  if (got != size) {
    return absl::AbortedError(
        absl::StrFormat("%s: changed while it was read; try again", path));
  }
  return text;
}

}  // namespace

absl::StatusOr<SubjectsFile> ReadSubjectsFile(const std::string& path,
                                              std::string_view epoch_id) {
  NYM_ASSIGN_OR_RETURN(const std::string text, ReadText(path));
  SubjectsFile file;
  file.sha256 = Sha256Hex(text);
  std::string_view rest = text;
  for (int line = 1; !rest.empty(); ++line) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view token = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    token = token.substr(0, token.find_last_not_of(" \t\r") + 1);
    if (token.empty() || token[0] == '#') continue;
    if (!IsToken(token)) {
      return absl::InvalidArgumentError(absl::StrFormat(
          "%s:%d: error: this is no subject token (not shown); make tokens "
          "with nymstream keys lookup --subject",
          path, line));
    }
    if (!epoch_id.empty() && !token.substr(4).starts_with(epoch_id)) {
      return absl::InvalidArgumentError(absl::StrFormat(
          "%s:%d: error: this token was not made with the keyring's epoch %s "
          "of the series subjects; make the list anew with nymstream keys "
          "lookup --subject",
          path, line, epoch_id));
    }
    file.tokens.emplace_back(token);
  }
  return file;
}

}  // namespace nymstream
