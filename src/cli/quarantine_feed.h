// Puts mended records back into the topic that `run` reads.
#ifndef NYMSTREAM_CLI_QUARANTINE_FEED_H_
#define NYMSTREAM_CLI_QUARANTINE_FEED_H_

#include <string>

#include "cli/command.h"

namespace nymstream {

struct QuarantineFeedRequest {
  std::string pipeline;
  std::string input;  // path of a file of records, one a line; "-" for stdin
};

// All records in one transaction, or none.
ExitCode FeedQuarantine(const QuarantineFeedRequest& request);

}  // namespace nymstream

#endif  // NYMSTREAM_CLI_QUARANTINE_FEED_H_
