// What a figure was measured on.
#ifndef NYMSTREAM_MEASURE_MACHINE_H_
#define NYMSTREAM_MEASURE_MACHINE_H_

#include <string>

namespace nymstream {

struct Machine {
  std::string cpu;     // as /proc/cpuinfo names it; "unknown" if it does not
  unsigned cores = 0;  // that this process may use
  std::string kernel;  // "Linux 6.1.0"
  // Processes that ran or wanted to, over the last minute. Much more than what
  // the bench itself adds makes figures worth little.
  double load = 0;
};
Machine DescribeMachine();
// "1 core", "2 cores".
std::string CoresText(const Machine& machine);

struct Versions {
  std::string compiler;
  std::string simdjson;
  std::string libsodium;
};
Versions DescribeVersions();

}  // namespace nymstream

#endif  // NYMSTREAM_MEASURE_MACHINE_H_
