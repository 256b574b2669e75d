// Goal: memory does not grow with the input.
// Method: a child replays a long stream from a pipe; the kernel tells its
// largest resident size.
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

#include "gtest/gtest.h"
#include "replay/posix_file.h"
#include "replay/replayer.h"
#include "unit/replay/replay_support.h"
#include "unit/replay/temp_folder.h"

namespace nymstream {
namespace {

constexpr long kResidentKilobytesMax = 256 << 10;
constexpr uint64_t kStreamBytes = 320 << 20;

// Largest resident size, in KiB, of a process that replays the pieces of `make`
// over and over from stdin until it has read kStreamBytes. They are made after
// the fork, since a child counts the memory of its parent as its own.
long ResidentKilobytes(const std::function<std::vector<std::string>()>& make,
                       const ReplayOptions& options) {
  int ends[2];
  if (pipe(ends) != 0) return -1;
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    close(ends[1]);
    _exit(Replay(options).ok() ? 0 : 1);
  }
  close(ends[0]);
  signal(SIGPIPE, SIG_IGN);
  const std::vector<std::string> pieces = make();
  uint64_t written = 0;
  for (size_t i = 0; written < kStreamBytes; ++i) {
    const std::string& piece = pieces[i % pieces.size()];
    if (!WriteAll(ends[1], piece, "pipe").ok()) break;
    written += piece.size();
  }
  close(ends[1]);
  int status = 0;
  rusage usage{};
  wait4(child, &status, 0, &usage);
  EXPECT_EQ(status, 0);
  ::testing::Test::RecordProperty("resident_kilobytes",
                                  std::to_string(usage.ru_maxrss));
  return usage.ru_maxrss;
}

ReplayOptions MemoryOptions(const TempFolder& folder) {
  ReplayOptions options = TestOptions({"-"}, folder.path("out"));
  options.plan = ReplayPlan(1 << 20);
  options.jobs = 4;
  options.deidentifier.memo_bytes = 64 << 20;
  return options;
}

std::string Repeated(std::string_view text, size_t bytes) {
  std::string all;
  while (all.size() < bytes) all += text;
  return all;
}

TEST(MemoryTest, ALongStreamOfRecordsStaysWithinTheBound) {
  const auto make = [] {
    std::vector<std::string> pieces(8);
    for (uint32_t seed = 0; seed < pieces.size(); ++seed) {
      LogGenerator generator({.seed = seed});
      while (pieces[seed].size() < 4 << 20) {
        generator.AppendRecord(&pieces[seed]);
      }
    }
    return pieces;
  };
  const TempFolder folder;
  EXPECT_LT(ResidentKilobytes(make, MemoryOptions(folder)),
            kResidentKilobytesMax);
}

// Each tiny record leaves a receipt and an envelope, many times its size; each
// huge one is held in part.
TEST(MemoryTest, AHostileStreamStaysWithinTheBound) {
  const auto key = GenerateQuarantineKey();
  ASSERT_TRUE(key.ok());
  const TempFolder folder;
  ReplayOptions options = MemoryOptions(folder);
  const QuarantinePublicKey public_key = key->public_key;
  options.make_sealer = [&] { return MakeRecordSealer(public_key); };
  const auto make = [] {
    std::vector<std::string> pieces = {
        std::string(70 << 20, 'x') + "\n", std::string(70 << 20, '[') + "\n",
        Repeated("x\n", 4 << 20), std::string(40 << 20, '\n')};
    for (int i = 0; i < 20; ++i) {
      pieces.push_back("{\"a\":[" + Repeated("1,", 500'000) + "1]}\n");
      pieces.push_back(std::string((1 << 20) - 100, 'x') + "\n");
    }
    return pieces;
  };
  EXPECT_LT(ResidentKilobytes(make, options), kResidentKilobytesMax);
}

}  // namespace
}  // namespace nymstream
