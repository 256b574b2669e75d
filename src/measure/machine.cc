#include "measure/machine.h"

#include <sched.h>
#include <sodium.h>
#include <sys/utsname.h>

#include <cstdlib>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "simdjson.h"

namespace nymstream {
namespace {

std::string CpuName() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("model name")) continue;
    const size_t colon = line.find(": ");
    if (colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

unsigned UsableCores() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof(set), &set) != 0) return 0;
  return static_cast<unsigned>(CPU_COUNT(&set));
}

}  // namespace

Machine DescribeMachine() {
  Machine machine;
  machine.cpu = CpuName();
  machine.cores = UsableCores();
  utsname system{};
  if (uname(&system) == 0) {
    machine.kernel = absl::StrCat(system.sysname, " ", system.release);
  }
  if (getloadavg(&machine.load, 1) != 1) machine.load = 0;
  return machine;
}

std::string CoresText(const Machine& machine) {
  return absl::StrCat(machine.cores, machine.cores == 1 ? " core" : " cores");
}

Versions DescribeVersions() {
  return {absl::StrCat("g++ ", __VERSION__),
          absl::StrCat(simdjson::SIMDJSON_VERSION_MAJOR, ".",
                       simdjson::SIMDJSON_VERSION_MINOR, ".",
                       simdjson::SIMDJSON_VERSION_REVISION),
          sodium_version_string()};
}

}  // namespace nymstream
