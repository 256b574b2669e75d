#include "kafka/record_time.h"

#include <algorithm>

namespace nymstream {
namespace {

constexpr int64_t kMinuteMs = 60'000;
constexpr int64_t kHourMs = 60 * kMinuteMs;
constexpr int64_t kDayMs = 24 * kHourMs;

int64_t UnitOf(Treatment treatment) {
  switch (treatment) {
    case Treatment::kKeep:
      return 1;
    case Treatment::kMinute:
      return kMinuteMs;
    case Treatment::kHour:
      return kHourMs;
    default:
      return kDayMs;
  }
}

}  // namespace

int64_t CoarseTimestamp(Treatment treatment, int64_t unix_milliseconds) {
  const int64_t unit = UnitOf(treatment);
  return std::max<int64_t>(unix_milliseconds / unit * unit, 1);
}

}  // namespace nymstream
