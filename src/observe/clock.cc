#include "observe/clock.h"

#include <chrono>

namespace nymstream {

Clock SystemClock() {
  using std::chrono::duration_cast;
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
