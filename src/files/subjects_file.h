// A suppression list as a file: subject tokens, one a line.
#ifndef NYMSTREAM_FILES_SUBJECTS_FILE_H_
#define NYMSTREAM_FILES_SUBJECTS_FILE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace nymstream {

struct SubjectsFile {
  std::vector<std::string> tokens;
  std::string sha256;  // of the file's bytes, lower-case hex
};

// Reads tokens as `nymstream keys lookup --subject` prints them; empty lines
// and lines that begin with # are skipped. A line that is no token is
// kInvalidArgument with file and line, never the line: it may be a raw value.
// A list without tokens is not an error.
absl::StatusOr<SubjectsFile> ReadSubjectsFile(const std::string& path);

}  // namespace nymstream

#endif  // NYMSTREAM_FILES_SUBJECTS_FILE_H_
