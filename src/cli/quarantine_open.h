// Opens sealed records.
#ifndef NYMSTREAM_CLI_QUARANTINE_OPEN_H_
#define NYMSTREAM_CLI_QUARANTINE_OPEN_H_

#include <string>

#include "cli/command.h"

namespace nymstream {

struct QuarantineOpenRequest {
  // A file of sealed records, "-" for stdin, or a pipeline document, whose
  // quarantine topic is read as it is now.
  std::string input;
  std::string key;  // path of the private key
  std::string out;  // path of a new file (mode 0600), or "-" for stdout
};

// Writes every record that opens, one a line, so that it can be fed back; says
// how many there were and what became of the others. A record that was too
// large is not written, since only its beginning was sealed. kKey if a record
// is sealed to another key, kInputOutput if one is damaged; the others are
// written all the same. Without a record no file is made.
ExitCode OpenQuarantine(const QuarantineOpenRequest& request);

}  // namespace nymstream

#endif  // NYMSTREAM_CLI_QUARANTINE_OPEN_H_
