// The one form of what the program says on stderr.
#ifndef NYMSTREAM_CLI_REPORT_H_
#define NYMSTREAM_CLI_REPORT_H_

#include <string_view>

#include "nymstream/diagnostic.h"

namespace nymstream {

// "nymstream: MESSAGE" and a line end on stderr.
void Say(std::string_view message);

// Every finding on a line of its own, then their sum: "2 errors, 1 warning;
// not started". Says nothing if there is none.
void SayFindings(const Diagnostics& findings);

}  // namespace nymstream

#endif  // NYMSTREAM_CLI_REPORT_H_
