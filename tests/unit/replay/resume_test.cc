// Goal: a replay that was killed or stopped anywhere, and resumed, leaves the
// bytes of one that was not.
// Method: SIGKILL at random times and at the n-th change of a file; a stop at
// random chunks; then resume and compare with one run.
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <random>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "quarantine/envelope_opener.h"
#include "replay/posix_file.h"
#include "replay/replayer.h"
#include "unit/replay/compress.h"
#include "unit/replay/replay_support.h"
#include "unit/replay/temp_folder.h"

namespace nymstream {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class ResumeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_.Write("in/a.ndjson", TestLines(1, 3000));
    folder_.Write("in/b.gz", Gzip(TestLines(2, 2500)));
    folder_.Write("in/c.zst", Zstd(TestLines(3, 2500)));
    folder_.Write("in/d", "");
    ASSERT_TRUE(Replay(Options("whole")).ok());
    whole_ = FilesIn(folder_.path("whole"));
  }

  ReplayOptions Options(const std::string& out) {
    ReplayOptions options =
        TestOptions({folder_.path("in")}, folder_.path(out));
    options.checkpoint_bytes = 1;  // after every chunk
    options.jobs = 2;
    return options;
  }

  // The exit of a child that replays into `out`: true if it got to the end.
  // `before` runs in the child.
  bool RunChild(const ReplayOptions& options,
                const std::function<void()>& before,
                const std::function<void(pid_t)>& meanwhile) {
    const pid_t child = fork();
    if (child == 0) {
      before();
      _exit(Replay(options).ok() ? 0 : 1);
    }
    meanwhile(child);
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

  void ExpectWhole(const std::string& out) {
    const auto files = FilesIn(folder_.path(out));
    EXPECT_EQ(files.size(), whole_.size());
    for (const auto& [name, bytes] : whole_) {
      const auto found = files.find(name);
      ASSERT_NE(found, files.end()) << name;
      EXPECT_TRUE(found->second == bytes) << name << " differs";
    }
  }

  TempFolder folder_;
  std::map<std::string, std::string> whole_;
};

TEST_F(ResumeTest, AKillAtAnyTimeCostsNothing) {
  std::mt19937 random(20);
  for (int round = 0; round < 25; ++round) {
    const std::string out = "out" + std::to_string(round);
    ReplayOptions options = Options(out);
    options.resume = true;
    int kills = 0;
    while (true) {
      const auto delay = std::chrono::microseconds(1000 + random() % 60'000);
      const bool done = RunChild(
          options, [] {},
          [&](pid_t child) {
            if (kills >= 6) return;
            std::this_thread::sleep_for(delay);
            kill(child, SIGKILL);
          });
      if (done) break;
      ASSERT_LE(++kills, 6) << "no end";
    }
    ExpectWhole(out);
  }
}

TEST_F(ResumeTest, AStopAtAnyChunkIsCleanAndSaysHowToGoOn) {
  for (int at = 0; at < 30; ++at) {
    const std::string out = "out" + std::to_string(at);
    ReplayOptions options = Options(out);
    std::atomic<bool> stop{false};
    options.stop = &stop;
    // Each checkpoint asks the clock, so it counts them.
    std::atomic<int> asked{0};
    options.clock.steady_nanoseconds = [&] {
      if (++asked > at) stop = true;
      return int64_t{0};
    };
    const absl::Status stopped = Replay(options).status();
    if (!stopped.ok()) {
      EXPECT_THAT(stopped.ToString(),
                  AllOf(HasSubstr("CANCELLED"), HasSubstr("--resume")));
    }
    EXPECT_FALSE(std::filesystem::exists(folder_.path(out + "/manifest.json")));
    ReplayOptions again = Options(out);
    again.resume = true;
    again.jobs = 1 + at % 3;
    const auto summary = Replay(again);
    ASSERT_TRUE(summary.ok()) << summary.status().ToString();
    ExpectWhole(out);
  }
}

}  // namespace
}  // namespace nymstream
