// The keys in force at a record's event time.
#ifndef NYMSTREAM_ENGINE_EPOCH_KEYS_H_
#define NYMSTREAM_ENGINE_EPOCH_KEYS_H_

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/treated_value.h"
#include "nymstream/keyring.h"
#include "nymstream/plan.h"
#include "secret/pseudonym_key.h"

namespace nymstream {

// The keys of every keyed release during a span of time in which no release
// changes its epoch.
struct EpochSet {
  uint64_t id = 0;  // distinguishes memo entries; never used twice
  int64_t from = 0;
  int64_t until = 0;
  ReleaseMask destroyed = 0;  // releases whose epoch's key is destroyed
  std::vector<int> epochs;    // indices into Keyring::epochs() of keys in use
  std::vector<int> epoch_of;  // the same of each release; -1: none
  // [release * domains + domain]; null where no key is needed or left. Sets
  // share the keys of an epoch.
  std::vector<std::shared_ptr<const PseudonymKey>> keys;
  size_t domains = 0;

  const PseudonymKey& Key(int release, int domain) const {
    return *keys[static_cast<size_t>(release) * domains +
                 static_cast<size_t>(domain)];
  }
};

// Chooses key epochs by event time (never by the clock), so that replay gives
// the same bytes. Keeps the last `sets_max` sets, or fewer if the memory for
// more can't be locked; dropping the last one that uses a key wipes it. One
// thread per object. Cost: two comparisons while the epoch stays, a walk over
// the sets when it changes.
class EpochKeys {
 public:
  // `plan` and `domains` must outlive the object; `keyring` may be null if no
  // release is keyed.
  EpochKeys(const Plan& plan, const std::vector<std::string>& domains,
            std::shared_ptr<const Keyring> keyring, size_t sets_max);

  // The set in force at `unix_seconds`; valid until the next call. Null if a
  // keyed release has no epoch then. An error can only be a lack of lockable
  // memory.
  absl::StatusOr<const EpochSet*> At(int64_t unix_seconds);

 private:
  absl::StatusOr<std::unique_ptr<EpochSet>> Make(int64_t unix_seconds);
  // Gives `set` the keys of a release, from another set or made anew.
  absl::Status AddKeys(size_t release, EpochSet* set) const;

  const Plan& plan_;
  const std::vector<std::string>& domains_;
  std::shared_ptr<const Keyring> keyring_;
  size_t sets_max_;
  std::list<std::unique_ptr<EpochSet>> sets_;  // latest used first
  uint64_t next_id_ = 1;
};

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_EPOCH_KEYS_H_
