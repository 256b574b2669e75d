// What replay says at its end.
#ifndef NYMSTREAM_CLI_REPLAY_SUMMARY_H_
#define NYMSTREAM_CLI_REPLAY_SUMMARY_H_

#include <memory>
#include <string>

#include "cli/command.h"
#include "files/pipeline_loader.h"
#include "nymstream/keyring.h"
#include "replay/replayer.h"

namespace nymstream {

struct ReplayPlaces {
  std::string out_dir;
  std::string keyring_path;
  std::shared_ptr<const Keyring> keyring;  // may be null
};

// Says what became of the records, with what to do about it; no value of them.
ExitCode SaySummary(const LoadedPipeline& loaded, const ReplayPlaces& places,
                    const ReplaySummary& summary);

}  // namespace nymstream

#endif  // NYMSTREAM_CLI_REPLAY_SUMMARY_H_
