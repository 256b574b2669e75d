// The one form of what the program says on stderr.
#ifndef NYMSTREAM_CLI_REPORT_H_
#define NYMSTREAM_CLI_REPORT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "nymstream/diagnostic.h"

namespace nymstream {

// "nymstream: MESSAGE" and a line end on stderr.
void Say(std::string_view message);

// "1 release", "2 releases".
std::string Counted(uint64_t count, std::string_view noun);

// What is wrong with a file that a document or a flag names.
Diagnostic FileFinding(const SourcePosition& named_at, const std::string& key,
                       const absl::Status& status);

// Every finding on a line of its own, then their sum: "2 errors, 1 warning;
// not started". Says nothing if there is none.
void SayFindings(const Diagnostics& findings);

}  // namespace nymstream

#endif  // NYMSTREAM_CLI_REPORT_H_
