#include "files/process_hardening.h"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace nymstream {

bool HardenProcess() {
  const rlimit none{};
  return setrlimit(RLIMIT_CORE, &none) == 0 &&
         prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}

}  // namespace nymstream
