// The clocks of the program, as a parameter.
#ifndef NYMSTREAM_OBSERVE_CLOCK_H_
#define NYMSTREAM_OBSERVE_CLOCK_H_

#include <cstdint>
#include <functional>

namespace nymstream {

// Tests give their own functions. Both may be called from any thread.
struct Clock {
  std::function<int64_t()> unix_seconds;        // wall clock
  std::function<int64_t()> steady_nanoseconds;  // never goes back
};

// The clocks of the system.
Clock SystemClock();

}  // namespace nymstream

#endif  // NYMSTREAM_OBSERVE_CLOCK_H_
