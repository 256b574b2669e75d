// A running stage follows its keyring file.
#ifndef NYMSTREAM_CLI_KEYRING_WATCH_H_
#define NYMSTREAM_CLI_KEYRING_WATCH_H_

#include <cstdint>
#include <memory>
#include <string>
#include <tuple>

#include "kafka/shared_keyring.h"
#include "nymstream/plan.h"
#include "observe/event_log.h"
#include "observe/stage_metrics.h"

namespace nymstream {

// `keys rotate` and `keys destroy` put a new file in the old one's place; the
// lanes take it with their next batch. A file that does not serve is reported
// once, and the keyring before it stays in use. One thread; keyring() is
// shared.
class KeyringWatch {
 public:
  // `path` may be empty, with a null `keyring`: no release needs a key.
  KeyringWatch(std::string path, std::shared_ptr<const Keyring> keyring,
               std::shared_ptr<const Plan> plan, EventLog* events,
               StageMetrics* metrics);

  // Reads the file if it has changed. Cost: a stat.
  void Look();

  std::shared_ptr<SharedKeyring> keyring() const { return keyring_; }

 private:
  // What tells one file from another in the same place.
  using Version = std::tuple<uint64_t, int64_t, int64_t>;
  Version CurrentVersion() const;
  void Tell(const Keyring& keyring);

  const std::string path_;
  const std::shared_ptr<const Plan> plan_;
  EventLog& events_;
  StageMetrics& metrics_;
  std::shared_ptr<SharedKeyring> keyring_;
  Version version_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_CLI_KEYRING_WATCH_H_
