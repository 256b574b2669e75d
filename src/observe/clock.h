// The clocks of the program, as a parameter.
#ifndef NYMSTREAM_OBSERVE_CLOCK_H_
#define NYMSTREAM_OBSERVE_CLOCK_H_

#include <cstdint>
#include <functional>

namespace nymstream {

// Milliseconds of the system's wall clock.
int64_t SystemUnixMilliseconds();

// Tests give their own functions. All may be called from any thread.
struct Clock {
  std::function<int64_t()> unix_seconds;        // wall clock
  std::function<int64_t()> steady_nanoseconds;  // never goes back
  std::function<int64_t()> unix_milliseconds = SystemUnixMilliseconds;
};

// The clocks of the system.
Clock SystemClock();

}  // namespace nymstream

#endif  // NYMSTREAM_OBSERVE_CLOCK_H_
