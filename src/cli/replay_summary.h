// What replay says at its end.
#ifndef NYMSTREAM_CLI_REPLAY_SUMMARY_H_
#define NYMSTREAM_CLI_REPLAY_SUMMARY_H_

#include <string>

#include "cli/command.h"
#include "files/pipeline_loader.h"
#include "replay/replayer.h"

namespace nymstream {

// Says what became of the records, with what to do about it; no value of them.
ExitCode SaySummary(const LoadedPipeline& loaded, const std::string& out_dir,
                    const ReplaySummary& summary);

}  // namespace nymstream

#endif  // NYMSTREAM_CLI_REPLAY_SUMMARY_H_
