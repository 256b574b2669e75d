#include "engine/epoch_keys.h"

#include <algorithm>
#include <limits>

#include "base/status_macros.h"

namespace nymstream {

EpochKeys::EpochKeys(const Plan& plan, const std::vector<std::string>& domains,
                     std::shared_ptr<const Keyring> keyring, size_t sets_max)
    : plan_(plan),
      domains_(domains),
      keyring_(std::move(keyring)),
      sets_max_(std::max<size_t>(sets_max, 1)) {}

absl::StatusOr<const EpochSet*> EpochKeys::At(int64_t unix_seconds) {
  for (auto set = sets_.begin(); set != sets_.end(); ++set) {
    if (unix_seconds < (*set)->from || unix_seconds >= (*set)->until) continue;
    if (set != sets_.begin()) sets_.splice(sets_.begin(), sets_, set);
    return sets_.front().get();
  }
  auto set = Make(unix_seconds);
  if (!set.ok() && !sets_.empty()) {
    // Locked memory is short: what others hold must do.
    sets_.clear();
    set = Make(unix_seconds);
  }
  NYM_ASSIGN_OR_RETURN(std::unique_ptr<EpochSet> made, std::move(set));
  if (made == nullptr) return nullptr;
  if (sets_.size() == sets_max_) sets_.pop_back();
  sets_.push_front(std::move(made));
  return sets_.front().get();
}

absl::StatusOr<std::unique_ptr<EpochSet>> EpochKeys::Make(
    int64_t unix_seconds) {
  auto set = std::make_unique<EpochSet>();
  set->id = next_id_++;
  set->from = std::numeric_limits<int64_t>::min();
  set->until = std::numeric_limits<int64_t>::max();
  set->domains = domains_.size();
  set->keys.resize(plan_.releases.size() * domains_.size());
  std::vector<int>& epochs = set->epoch_of;
  epochs.assign(plan_.releases.size(), -1);
  for (size_t i = 0; i < plan_.releases.size(); ++i) {
    if (plan_.releases[i].epoch.empty()) continue;
    epochs[i] = keyring_->FindEpoch(plan_.releases[i].epoch, unix_seconds);
    if (epochs[i] < 0) return nullptr;
    const KeyEpoch& epoch = keyring_->epochs()[static_cast<size_t>(epochs[i])];
    set->from = std::max(set->from, epoch.from);
    set->until = std::min(set->until, epoch.until);
    if (epoch.destroyed) set->destroyed |= ReleaseMask{1} << i;
  }
  for (size_t i = 0; i < plan_.releases.size(); ++i) {
    if (epochs[i] < 0 || (set->destroyed >> i & 1) != 0) continue;
    set->epochs.push_back(epochs[i]);
    NYM_RETURN_IF_ERROR(AddKeys(i, set.get()));
  }
  return set;
}

absl::Status EpochKeys::AddKeys(size_t release, EpochSet* set) const {
  const auto first = static_cast<ptrdiff_t>(release * domains_.size());
  const auto keys = set->keys.begin() + first;
  const int epoch = set->epoch_of[release];
  for (const std::unique_ptr<EpochSet>& other : sets_) {
    if (other->epoch_of[release] != epoch) continue;
    std::copy_n(other->keys.begin() + first, domains_.size(), keys);
    return absl::OkStatus();
  }
  const std::string scope =
      KeyScope(plan_.pipeline_name, plan_.releases[release].name);
  for (size_t domain = 0; domain < domains_.size(); ++domain) {
    NYM_ASSIGN_OR_RETURN(PseudonymKey key,
                         keyring_->Derive(epoch, scope, domains_[domain]));
    keys[static_cast<ptrdiff_t>(domain)] =
        std::make_shared<const PseudonymKey>(std::move(key));
  }
  return absl::OkStatus();
}

}  // namespace nymstream
