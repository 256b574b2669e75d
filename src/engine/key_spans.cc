#include "engine/key_spans.h"

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "engine/field_rules.h"
#include "secret/locked_memory.h"

namespace nymstream {
namespace {

// Keys that one Deidentifier needs for one span of time.
size_t KeysOfASpan(const Plan& plan) {
  const auto keyed = std::count_if(
      plan.releases.begin(), plan.releases.end(),
      [](const ReleasePlan& release) { return !release.epoch.empty(); });
  return static_cast<size_t>(keyed) * FieldRules::From(plan).domains.size();
}

}  // namespace

absl::StatusOr<size_t> KeySpansOfEach(const Plan& plan, size_t threads) {
  const size_t keys = threads * KeysOfASpan(plan);
  if (keys == 0) return std::numeric_limits<size_t>::max();
  if (!CanLockKeys(keys)) {
    return absl::ResourceExhaustedError(absl::StrCat(
        threads, threads == 1 ? " thread needs " : " threads need ",
        LockedKib(keys),
        " KiB of locked memory for keys, which can't be locked; raise the "
        "limit "
        "(ulimit -l, LimitMEMLOCK=) or use fewer (--jobs, lanes)"));
  }
  return std::max<size_t>(LockableKeys() / keys, 1);
}

}  // namespace nymstream
