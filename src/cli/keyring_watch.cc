#include "cli/keyring_watch.h"

#include <sys/stat.h>

#include <utility>
#include <vector>

#include "files/keyring_file.h"
#include "observe/clock.h"
#include "policy/key_check.h"

namespace nymstream {

KeyringWatch::KeyringWatch(std::string path,
                           std::shared_ptr<const Keyring> keyring,
                           std::shared_ptr<const Plan> plan, EventLog* events,
                           StageMetrics* metrics)
    : path_(std::move(path)),
      plan_(std::move(plan)),
      events_(*events),
      metrics_(*metrics),
      keyring_(std::make_shared<SharedKeyring>(keyring)),
      version_(CurrentVersion()) {
  if (keyring != nullptr) Tell(*keyring);
}

KeyringWatch::Version KeyringWatch::CurrentVersion() const {
  struct stat status {};
  if (path_.empty() || stat(path_.c_str(), &status) != 0) return {};
  return {status.st_ino, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
}

void KeyringWatch::Look() {
  const Version now = CurrentVersion();
  if (now == version_) return;
  version_ = now;
  auto read = ReadKeyringFile(path_);
  if (!read.ok() || HasErrors(CheckKeys(*plan_, **read, {path_}, path_))) {
    events_.Emit(Event::kKeysRefused);
    return;
  }
  Tell(**read);
  keyring_->Replace(*std::move(read));
}

void KeyringWatch::Tell(const Keyring& keyring) {
  const int64_t now = SystemClock().unix_seconds();
  std::vector<KeyEpoch> in_use;
  for (const ReleasePlan& release : plan_->releases) {
    const int epoch = keyring.FindEpoch(release.epoch, now);
    if (epoch < 0) continue;
    in_use.push_back(keyring.epochs()[static_cast<size_t>(epoch)]);
  }
  metrics_.KeysLoaded(in_use, now);
  events_.Emit(Event::kKeysLoaded, {{"epochs", keyring.epochs().size()}});
}

}  // namespace nymstream
