#include "observe/clock.h"

#include <chrono>

namespace nymstream {

using std::chrono::duration_cast;

int64_t SystemUnixMilliseconds() {
  return static_cast<int64_t>(
      duration_cast<std::chrono::milliseconds>(
          std::chrono::system_clock::now().time_since_epoch())
          .count());
}

Clock SystemClock() {
  return {[] {
            return static_cast<int64_t>(
                duration_cast<std::chrono::seconds>(
                    std::chrono::system_clock::now().time_since_epoch())
                    .count());
          },
          [] {
            return static_cast<int64_t>(
                duration_cast<std::chrono::nanoseconds>(
                    std::chrono::steady_clock::now().time_since_epoch())
                    .count());
          }};
}

}  // namespace nymstream
