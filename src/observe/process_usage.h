// What the kernel says of this process.
#ifndef NYMSTREAM_OBSERVE_PROCESS_USAGE_H_
#define NYMSTREAM_OBSERVE_PROCESS_USAGE_H_

#include <optional>

namespace nymstream {

// What can't be read is not there.
struct ProcessUsage {
  std::optional<double> cpu_seconds;
  std::optional<double> resident_memory_bytes;
  std::optional<double> virtual_memory_bytes;
  std::optional<double> open_fds;
  std::optional<double> max_fds;
  std::optional<double> start_time_seconds;  // Unix time
};

// Reads /proc/self. Any thread. Cost: 0.2 ms.
ProcessUsage ReadProcessUsage();

}  // namespace nymstream

#endif  // NYMSTREAM_OBSERVE_PROCESS_USAGE_H_
