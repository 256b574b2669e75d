// Goal: the numbers are those of this process. Method: change what they count
// and look again; compare with other ways to ask.
#include "observe/process_usage.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ctime>
#include <vector>

#include "gtest/gtest.h"

namespace nymstream {
namespace {

constexpr double kMiB = 1 << 20;

TEST(ProcessUsageTest, OpenDescriptorsAreCounted) {
  const double before = ReadProcessUsage().open_fds.value();
  const int opened[] = {open("/dev/null", O_RDONLY | O_CLOEXEC),
                        open("/dev/null", O_RDONLY | O_CLOEXEC)};
  EXPECT_EQ(ReadProcessUsage().open_fds.value(), before + 2);
  for (const int fd : opened) close(fd);
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(ReadProcessUsage().max_fds.value(),
            static_cast<double>(limit.rlim_cur));
}

TEST(ProcessUsageTest, MemoryThatIsTouchedIsResident) {
  const ProcessUsage before = ReadProcessUsage();
  const std::vector<char> touched(64 << 20, 'x');
  const ProcessUsage after = ReadProcessUsage();
  EXPECT_GT(after.resident_memory_bytes.value(),
            before.resident_memory_bytes.value() + 32 * kMiB);
  EXPECT_GE(after.virtual_memory_bytes.value(),
            after.resident_memory_bytes.value());
  EXPECT_EQ(touched.back(), 'x');
}

TEST(ProcessUsageTest, CpuTimeIsThatOfTheKernelsOtherCounter) {
  const double before = ReadProcessUsage().cpu_seconds.value();
  const std::clock_t start = std::clock();
  while (std::clock() - start < CLOCKS_PER_SEC / 5) {
  }
  EXPECT_NEAR(ReadProcessUsage().cpu_seconds.value() - before, 0.2, 0.1);
}

TEST(ProcessUsageTest, TheProcessBeganBeforeNowAndNotLongAgo) {
  const double start = ReadProcessUsage().start_time_seconds.value();
  const auto now = static_cast<double>(std::time(nullptr));
  EXPECT_LE(start, now + 2);
  EXPECT_GT(start, now - 600);
}

// The program makes itself undumpable, and then root owns its /proc files.
TEST(ProcessUsageTest, AnUndumpableProcessWithoutPrivilegesSeesItself) {
  const pid_t child = fork();
  if (child == 0) {
    if (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) _exit(2);
    if (prctl(PR_SET_DUMPABLE, 0) != 0) _exit(3);
    const ProcessUsage usage = ReadProcessUsage();
    _exit(usage.open_fds && usage.cpu_seconds && usage.resident_memory_bytes
              ? 0
              : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace nymstream
