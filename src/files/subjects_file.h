// A suppression list as a file: subject tokens, one a line.
#ifndef NYMSTREAM_FILES_SUBJECTS_FILE_H_
#define NYMSTREAM_FILES_SUBJECTS_FILE_H_

#include <string>
#include <string_view>
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
// A list without tokens is not an error; one of another epoch than `epoch_id`,
// if that is given, is: it would match nobody.
absl::StatusOr<SubjectsFile> ReadSubjectsFile(const std::string& path,
                                              std::string_view epoch_id = {});

}  // namespace nymstream

#endif  // NYMSTREAM_FILES_SUBJECTS_FILE_H_
