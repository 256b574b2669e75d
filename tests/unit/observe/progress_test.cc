// Goal: the line says the truth and appears on terminals only.
// Method: lines of hand-made states; a pseudo terminal and a pipe.
#include "observe/progress.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace nymstream {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr int64_t kSecond = 1'000'000'000;
constexpr uint64_t kMiB = 1 << 20;

TEST(ProgressLineTest, NamesPartRateRecordsAndTimeLeft) {
  const ProgressState state{300 * kMiB, 1200 * kMiB, 1234567};
  const std::string line = ProgressLine(state, 0, 3 * kSecond, 120);
  EXPECT_THAT(line, HasSubstr(" 25% ["));
  EXPECT_THAT(line, HasSubstr("300 MiB of 1.2 GiB  100 MiB/s"));
  EXPECT_THAT(line, HasSubstr("1,234,567 records  0:09 left"));
}

TEST(ProgressLineTest, ARateAfterResumeCountsFreshBytesOnly) {
  const ProgressState state{300 * kMiB, 600 * kMiB, 1};
  EXPECT_THAT(ProgressLine(state, 200 * kMiB, kSecond, 120),
              HasSubstr("100 MiB/s"));
}

TEST(ProgressLineTest, AStreamHasNoPartAndNoTimeLeft) {
  const ProgressState state{5 * kMiB, std::nullopt, 10};
  const std::string line = ProgressLine(state, 0, kSecond, 80);
  EXPECT_EQ(line, "5.0 MiB  5.0 MiB/s  10 records");
}

TEST(ProgressLineTest, NeverFillsTheLastColumn) {
  for (const uint64_t done : {uint64_t{0}, uint64_t{1}, 700 * kMiB}) {
    for (int columns = 1; columns < 200; ++columns) {
      const ProgressState state{done, 700 * kMiB, done};
      EXPECT_LT(ProgressLine(state, 0, 7200 * kSecond, columns).size(),
                static_cast<size_t>(columns));
    }
  }
}

TEST(ProgressLineTest, AnEmptyInputIsDone) {
  EXPECT_THAT(ProgressLine({0, 0, 0}, 0, 0, 80), HasSubstr("100%"));
}

// A clock whose hands the test moves.
class FakeClock {
 public:
  Clock clock() {
    return {[] { return int64_t{0}; }, [this] { return now_; }};
  }
  void Advance(int64_t nanoseconds) { now_ += nanoseconds; }

 private:
  int64_t now_ = 0;
};

std::string ReadAvailable(int fd) {
  std::string text(65536, '\0');
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
  const ssize_t got = read(fd, text.data(), text.size());
  text.resize(got > 0 ? static_cast<size_t>(got) : 0);
  return text;
}

class ProgressTerminalTest : public ::testing::Test {
 protected:
  void SetUp() override {
    master_ = posix_openpt(O_RDWR | O_NOCTTY);
    if (master_ < 0) GTEST_SKIP() << "no pseudo terminals here";
    ASSERT_EQ(grantpt(master_), 0);
    ASSERT_EQ(unlockpt(master_), 0);
    terminal_ = open(ptsname(master_), O_RDWR | O_NOCTTY);
    ASSERT_GE(terminal_, 0);
    const winsize size{24, 100, 0, 0};
    ASSERT_EQ(ioctl(terminal_, TIOCSWINSZ, &size), 0);
  }
  void TearDown() override {
    close(terminal_);
    close(master_);
  }

  FakeClock clock_;
  int master_ = -1;
  int terminal_ = -1;
};

TEST_F(ProgressTerminalTest, DrawsAtMostTenTimesASecondAndErasesItself) {
  {
    Progress progress(terminal_, clock_.clock());
    progress.Show({1, 10, 1});
    EXPECT_THAT(ReadAvailable(master_), HasSubstr("10%"));
    clock_.Advance(kSecond / 20);
    progress.Show({2, 10, 2});
    EXPECT_THAT(ReadAvailable(master_), IsEmpty());
    clock_.Advance(kSecond / 20);
    progress.Show({3, 10, 3});
    EXPECT_THAT(ReadAvailable(master_), HasSubstr("30%"));
  }
  EXPECT_EQ(ReadAvailable(master_), "\r\x1b[K");
}

TEST_F(ProgressTerminalTest, UsesTheColumnsOfTheTerminal) {
  Progress progress(terminal_, clock_.clock());
  progress.Show({1, 10, 1});
  const std::string line = ReadAvailable(master_);
  EXPECT_THAT(line, HasSubstr("["));
  EXPECT_THAT(line, Not(HasSubstr("\n")));
}

TEST(ProgressPipeTest, WritesNothingWhereNobodyWatches) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  FakeClock clock;
  {
    Progress progress(ends[1], clock.clock());
    progress.Show({1, 10, 1});
  }
  EXPECT_THAT(ReadAvailable(ends[0]), IsEmpty());
  close(ends[0]);
  close(ends[1]);
}

}  // namespace
}  // namespace nymstream
