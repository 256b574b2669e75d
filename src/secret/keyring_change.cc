#include "secret/keyring_change.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <limits>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "nymstream/period.h"
#include "secret/sodium.h"

namespace nymstream {
namespace {

constexpr std::string_view kIdAlphabet = "abcdefghijklmnopqrstuvwxyz234567";
constexpr int64_t kTimeMax = 253402300799;  // 9999-12-31T23:59:59Z

std::string RandomId() {
  std::array<unsigned char, kEpochIdChars> random;
  randombytes_buf(random.data(), random.size());
  std::string id;
  for (const unsigned char byte : random) {
    id.push_back(kIdAlphabet[byte % kIdAlphabet.size()]);
  }
  return id;
}

// Midnight before `time`, on the first of the month if `period` has months.
int64_t FirstStart(int64_t time, const Period& period) {
  const std::chrono::sys_seconds second{std::chrono::seconds(time)};
  const auto midnight = std::chrono::floor<std::chrono::days>(second);
  const std::chrono::year_month_day date(midnight);
  const std::chrono::sys_days start =
      period.years > 0 || period.months > 0
          ? std::chrono::sys_days{date.year() / date.month() / 1}
          : midnight;
  return std::chrono::seconds(start.time_since_epoch()).count();
}

// The time that the epochs of one series cover.
class Covered {
 public:
  void Add(const std::vector<KeyEpoch>& epochs, std::string_view series) {
    for (const KeyEpoch& epoch : epochs) {
      if (epoch.series == series) times_.emplace(epoch.from, epoch.until);
    }
  }

  // The first time at or after `time` that no epoch covers.
  int64_t FirstOpen(int64_t time) const {
    for (auto next = times_.upper_bound(time); next != times_.begin();) {
      const int64_t until = std::prev(next)->second;
      if (until <= time) break;
      time = until;
      next = times_.upper_bound(time);
    }
    return time;
  }

  // Where the next epoch after `time` begins.
  int64_t NextStart(int64_t time) const {
    const auto next = times_.upper_bound(time);
    return next == times_.end() ? std::numeric_limits<int64_t>::max()
                                : next->first;
  }

 private:
  std::map<int64_t, int64_t> times_;  // from, until
};

absl::Status TooMany() {
  return absl::OutOfRangeError(absl::StrFormat(
      "a keyring has at most %d epochs; choose a shorter time or a longer "
      "period",
      kEpochsMax));
}

// Appends the missing epochs of `span`, without ids.
absl::Status PlanSpan(const KeyringContent& content, const EpochSpan& span,
                      std::vector<KeyEpoch>* added) {
  Covered covered;
  covered.Add(content.epochs, span.series);
  covered.Add(*added, span.series);
  if (span.series == kSubjectsSeries) {
    constexpr int64_t kAlways = std::numeric_limits<int64_t>::min();
    if (covered.FirstOpen(kAlways) == kAlways) {
      added->push_back({.id = {},
                        .series = span.series,
                        .from = kAlways,
                        .until = std::numeric_limits<int64_t>::max()});
    }
    return absl::OkStatus();
  }
  const std::optional<Period> period = ParsePeriod(span.series);
  if (!period || !IsSeries(span.series)) {
    return absl::InvalidArgumentError(
        "a series is named by its period; write it as P1D, P30D or P1Y6M");
  }
  int64_t from = covered.FirstOpen(FirstStart(span.from, *period));
  while (from < span.until) {
    const int64_t until =
        std::min(ShiftByPeriod(from, *period, 1), covered.NextStart(from));
    if (until > kTimeMax) {
      return absl::OutOfRangeError("epochs end in the year 9999");
    }
    if (added->size() == kEpochsMax) return TooMany();
    added->push_back(
        {.id = {}, .series = span.series, .from = from, .until = until});
    from = covered.FirstOpen(until);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<KeyringContent> AddEpochs(const KeyringContent& content,
                                         std::span<const EpochSpan> spans) {
  StartSodium();
  std::vector<KeyEpoch> added;
  for (const EpochSpan& span : spans) {
    NYM_RETURN_IF_ERROR(PlanSpan(content, span, &added));
  }
  absl::flat_hash_set<std::string> ids;
  for (const KeyEpoch& epoch : content.epochs) ids.insert(epoch.id);
  for (KeyEpoch& epoch : added) {
    do {
      epoch.id = RandomId();
    } while (!ids.insert(epoch.id).second);
  }

  KeyringContent grown;
  grown.epochs = content.epochs;
  grown.epochs.insert(grown.epochs.end(), added.begin(), added.end());
  if (grown.epochs.size() > kEpochsMax) return TooMany();
  NYM_ASSIGN_OR_RETURN(grown.secrets, SecretBytes::Create(grown.epochs.size() *
                                                          kEpochSecretBytes));
  const std::span<const unsigned char> old = content.secrets.ExposeSecret();
  const std::span<unsigned char> all = grown.secrets.ExposeSecretForWriting();
  std::copy(old.begin(), old.end(), all.begin());
  randombytes_buf(all.data() + old.size(), all.size() - old.size());
  return InOrder(grown);
}

absl::StatusOr<KeyringContent> DestroyEpochs(const KeyringContent& content,
                                             std::span<const size_t> epochs) {
  KeyringContent left;
  left.epochs = content.epochs;
  NYM_ASSIGN_OR_RETURN(left.secrets,
                       SecretBytes::Create(content.secrets.size()));
  const std::span<const unsigned char> old = content.secrets.ExposeSecret();
  const std::span<unsigned char> secrets =
      left.secrets.ExposeSecretForWriting();
  std::copy(old.begin(), old.end(), secrets.begin());
  for (const size_t epoch : epochs) {
    left.epochs[epoch].destroyed = true;
    sodium_memzero(secrets.data() + epoch * kEpochSecretBytes,
                   kEpochSecretBytes);
  }
  left.secrets.Freeze();
  return left;
}

}  // namespace nymstream
