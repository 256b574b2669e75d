// Goal: nothing of the process can be dumped or read by others of its user.
#include "files/process_hardening.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstdlib>

#include "gtest/gtest.h"

namespace nymstream {
namespace {

[[noreturn]] void HardenAndLook() {
  if (!HardenProcess()) std::_Exit(2);
  rlimit limit{};
  if (getrlimit(RLIMIT_CORE, &limit) != 0) std::_Exit(3);
  if (limit.rlim_cur != 0 || limit.rlim_max != 0) std::_Exit(4);
  if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0) std::_Exit(5);
  std::_Exit(0);
}

TEST(ProcessHardeningDeathTest, CoreDumpsAreOffForGood) {
  EXPECT_EXIT(HardenAndLook(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace nymstream
