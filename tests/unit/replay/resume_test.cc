// Goal: a replay that was killed or stopped anywhere, and resumed, leaves the
// bytes of one that was not.
// Method: SIGKILL at random times, at each checkpoint and in the middle of
// writes; stops, failures of renaming, a full disk; then resume and compare
// with one run.
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
#include "replay/output_folder.h"
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

  // The manifest is there, and the checkpoint is gone.
  bool HasEnded(const std::string& out) {
    const auto files = FilesIn(folder_.path(out));
    return files.contains(std::string(kManifestName)) &&
           !files.contains(std::string(kCheckpointName));
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
  for (int round = 0; round < 10; ++round) {
    const std::string out = "out" + std::to_string(round);
    ReplayOptions options = Options(out);
    options.resume = true;
    for (int kills = 0;; ++kills) {
      const auto delay = std::chrono::microseconds(1000 + random() % 60'000);
      const bool done = RunChild(
          options, [] {},
          [&](pid_t child) {
            if (kills >= 4) return;
            std::this_thread::sleep_for(delay);
            kill(child, SIGKILL);
          });
      // A kill after the end comes too late, and there is nothing to resume.
      if (done || HasEnded(out)) break;
      ASSERT_LE(kills, 4) << "no end";
    }
    ExpectWhole(out);
  }
}

// The kernel kills the process at the write that crosses the limit, after
// writing what fits.
TEST_F(ResumeTest, AKillInTheMiddleOfAnyWriteCostsNothing) {
  rlim_t largest = 0;
  for (const auto& [name, bytes] : whole_) {
    largest = std::max<rlim_t>(largest, bytes.size());
  }
  std::mt19937 random(21);
  for (int round = 0; round < 20; ++round) {
    const std::string out = "out" + std::to_string(round);
    ReplayOptions options = Options(out);
    options.resume = true;
    const rlim_t limit = 1 + random() % largest;
    EXPECT_FALSE(RunChild(
        options,
        [limit] {
          const rlimit none{0, 0};
          setrlimit(RLIMIT_CORE, &none);
          const rlimit bytes{limit, limit};
          setrlimit(RLIMIT_FSIZE, &bytes);
        },
        [](pid_t) {}));
    ASSERT_TRUE(Replay(options).ok()) << "limit " << limit;
    ExpectWhole(out);
  }
}

TEST_F(ResumeTest, AKillAtAnyCheckpointCostsNothing) {
  for (int at = 1; at < 12; ++at) {
    const std::string out = "out" + std::to_string(at);
    ReplayOptions options = Options(out);
    // Each checkpoint asks the clock between writing its data and itself.
    int asked = 0;
    options.clock.steady_nanoseconds = [&asked, at] {
      if (++asked > at) raise(SIGKILL);
      return int64_t{0};
    };
    const bool done = RunChild(
        options, [] {}, [](pid_t) {});
    ReplayOptions again = Options(out);
    again.resume = true;
    if (!done) {
      ASSERT_TRUE(Replay(again).ok());
    }
    ExpectWhole(out);
  }
}

TEST_F(ResumeTest, AStopAtAnyChunkIsCleanAndSaysHowToGoOn) {
  for (int at = 0; at < 12; ++at) {
    const std::string out = "out" + std::to_string(at);
    ReplayOptions options = Options(out);
    std::atomic<bool> stop{false};
    options.stop = &stop;
    int asked = 0;
    options.clock.steady_nanoseconds = [&] {
      if (++asked > at) stop = true;
      return int64_t{0};
    };
    const absl::Status stopped = Replay(options).status();
    if (!stopped.ok()) {
      EXPECT_THAT(stopped.ToString(),
                  AllOf(HasSubstr("CANCELLED"), HasSubstr("--resume")));
      EXPECT_FALSE(
          std::filesystem::exists(folder_.path(out + "/manifest.json")));
      ReplayOptions again = Options(out);
      again.resume = true;
      again.jobs = 1 + at % 3;
      const auto summary = Replay(again);
      ASSERT_TRUE(summary.ok()) << summary.status().ToString();
    }
    ExpectWhole(out);
  }
}

// A folder that stands where a file shall be makes its renaming fail.
TEST_F(ResumeTest, AFailureBetweenTheLastRenamesCostsNothing) {
  for (const std::string name : {"inside.ndjson", "partners.ndjson",
                                 "quarantine.ndjson", "manifest.json"}) {
    const std::string out = "out." + name;
    const std::string blocker = folder_.path(out + "/" + name);
    ReplayOptions options = Options(out);
    bool first = true;  // that call comes before the folder is looked at
    options.clock.steady_nanoseconds = [&] {
      if (!std::exchange(first, false)) {
        std::filesystem::create_directories(blocker + "/x");
      }
      return int64_t{0};
    };
    EXPECT_THAT(Replay(options).status().ToString(), HasSubstr(name));
    std::filesystem::remove_all(blocker);
    const std::string checkpoint =
        ReadFileBytes(folder_.path(out + "/.nymstream-checkpoint.json"));
    ReplayOptions again = Options(out);
    again.resume = true;
    ASSERT_TRUE(Replay(again).ok());
    ExpectWhole(out);
    // Killed between the manifest and the removal of the checkpoint.
    folder_.Write(out + "/.nymstream-checkpoint.json", checkpoint);
    const auto summary = Replay(again);
    ASSERT_TRUE(summary.ok());
    EXPECT_GT(summary->counters.received, 0U);
    ExpectWhole(out);
  }
}

TEST_F(ResumeTest, AFullDiskIsSaidAndCostsNothing) {
  for (const rlim_t limit : {1000U, 100'000U, 1'000'000U}) {
    const std::string out = "out" + std::to_string(limit);
    ReplayOptions options = Options(out);
    EXPECT_FALSE(RunChild(
        options,
        [limit] {
          signal(SIGXFSZ, SIG_IGN);  // as the program does: EFBIG instead
          const rlimit bytes{limit, limit};
          setrlimit(RLIMIT_FSIZE, &bytes);
        },
        [](pid_t) {}));
    EXPECT_FALSE(std::filesystem::exists(folder_.path(out + "/manifest.json")));
    options.resume = true;
    ASSERT_TRUE(Replay(options).ok());
    ExpectWhole(out);
  }
}

// Every envelope in order: where its record stood, and the record.
std::string OpenAll(std::string_view sealed, EnvelopeOpener& opener) {
  std::string all;
  while (!sealed.empty()) {
    const auto size = EnvelopeOpener::EnvelopeBytes(sealed);
    if (!size.ok() || *size > sealed.size()) return "damaged";
    const auto opened = opener.Open(sealed.substr(0, *size));
    if (!opened.ok()) return "damaged";
    all += std::to_string(opened->receipt.offset) + " ";
    all.append(opened->record).append("\n");
    sealed.remove_prefix(*size);
  }
  return all;
}

TEST_F(ResumeTest, SealedRecordsOfBothSessionsOpenAndAreTheSame) {
  auto key = GenerateQuarantineKey();
  ASSERT_TRUE(key.ok());
  const QuarantinePublicKey public_key = key->public_key;
  auto opener = EnvelopeOpener::Create(*std::move(key));
  ASSERT_TRUE(opener.ok());
  std::vector<std::string> opened;
  for (const int at : {1000, 2, 4}) {
    const std::string out = "out" + std::to_string(at);
    ReplayOptions options = Options(out);
    options.make_sealer = [&] { return MakeRecordSealer(public_key); };
    std::atomic<bool> stop{false};
    options.stop = &stop;
    int asked = 0;
    options.clock.steady_nanoseconds = [&] {
      if (++asked > at) stop = true;
      return int64_t{0};
    };
    if (!Replay(options).ok()) {
      stop = false;
      asked = -1000;
      options.resume = true;
      ASSERT_TRUE(Replay(options).ok());
    }
    opened.push_back(OpenAll(
        ReadFileBytes(folder_.path(out + "/quarantine.sealed")), *opener));
  }
  EXPECT_GT(opened[0].size(), 100'000U);
  EXPECT_TRUE(opened[1] == opened[0]);
  EXPECT_TRUE(opened[2] == opened[0]);
}

// Stops a replay in the middle, and leaves its checkpoint.
class RefusalTest : public ResumeTest {
 protected:
  void SetUp() override {
    ResumeTest::SetUp();
    ReplayOptions options = Options("out");
    std::atomic<bool> stop{false};
    options.stop = &stop;
    int asked = 0;
    options.clock.steady_nanoseconds = [&] {
      if (++asked > 2) stop = true;
      return int64_t{0};
    };
    ASSERT_EQ(Replay(options).status().code(), absl::StatusCode::kCancelled);
    options_ = Options("out");
    options_.resume = true;
  }
  std::string Refusal() { return Replay(options_).status().ToString(); }

  ReplayOptions options_;
};

TEST_F(RefusalTest, NothingChangedIsNoReason) {
  EXPECT_EQ(Refusal(), "OK");
  ExpectWhole("out");
}

TEST_F(RefusalTest, WhateverStandsAfterTheCheckpointIsCutOff) {
  for (const char* name : {"inside.ndjson.part", "quarantine.ndjson.part"}) {
    std::ofstream(folder_.path(std::string("out/") + name), std::ios::app)
        << std::string(20 << 20, '#');
  }
  EXPECT_EQ(Refusal(), "OK");
  ExpectWhole("out");
}

TEST_F(RefusalTest, WithoutResumeTheFolderIsLeftAlone) {
  options_.resume = false;
  EXPECT_THAT(Refusal(), HasSubstr("go on with --resume"));
}

TEST_F(RefusalTest, AnotherDocumentIsNamed) {
  options_.documents[1].sha256 = "cc";
  EXPECT_THAT(Refusal(), HasSubstr("the policy small changed"));
}

TEST_F(RefusalTest, AnotherVersionIsRefused) {
  options_.version = "test2";
  EXPECT_THAT(Refusal(), HasSubstr("version"));
}

TEST_F(RefusalTest, AnotherAsOfIsRefusedAndNoneTakesTheFirst) {
  options_.as_of = kTestNow + 1;
  EXPECT_THAT(Refusal(), HasSubstr("--as-of"));
  options_.as_of.reset();
  options_.clock.unix_seconds = [] { return kTestNow + 86400 * 365; };
  EXPECT_EQ(Refusal(), "OK");
  ExpectWhole("out");
}

TEST_F(RefusalTest, AnotherKeyringIsRefused) {
  const auto keyring = Keyring::Parse(
      "nymstream-keyring 1\nP30D month2 2026-01-01T00:00:00Z "
      "2026-01-31T00:00:00Z destroyed\n",
      "keyring");
  ASSERT_TRUE(keyring.ok()) << keyring.status().message();
  options_.deidentifier.keyring = *keyring;
  EXPECT_THAT(Refusal(), HasSubstr("key_epochs"));
}

TEST_F(RefusalTest, AnInputThatChangedIsNamed) {
  folder_.Write("in/a.ndjson", TestLines(77, 3000));
  EXPECT_THAT(Refusal(), AllOf(HasSubstr("in/a.ndjson"), HasSubstr("changed")));
}

TEST_F(RefusalTest, AnInputMoreOrLessIsRefused) {
  folder_.Write("in/e", "{}\n");
  EXPECT_THAT(Refusal(), HasSubstr("5 input files"));
  std::filesystem::remove(folder_.path("in/e"));
  std::filesystem::remove(folder_.path("in/d"));
  EXPECT_THAT(Refusal(), HasSubstr("3 input files"));
}

TEST_F(RefusalTest, ADamagedCheckpointOrPartIsRefused) {
  const std::string checkpoint = folder_.path("out/.nymstream-checkpoint.json");
  const std::string text = ReadFileBytes(checkpoint);
  for (const std::string& bad :
       {std::string(), text.substr(0, text.size() / 2), std::string("[]")}) {
    folder_.Write("out/.nymstream-checkpoint.json", bad);
    EXPECT_THAT(Refusal(), HasSubstr("DATA_LOSS"));
  }
  folder_.Write("out/.nymstream-checkpoint.json", text);
  folder_.Write("out/inside.ndjson.part", "");
  EXPECT_THAT(Refusal(), HasSubstr("is shorter than the checkpoint says"));
}

// Replays a text that comes through a pipe.
class StreamTest : public ::testing::Test {
 protected:
  absl::StatusOr<ReplaySummary> Feed(ReplayOptions options,
                                     std::string_view text) {
    std::filesystem::remove(folder_.path("pipe"));
    EXPECT_EQ(mkfifo(folder_.path("pipe").c_str(), 0600), 0);
    options.inputs = {folder_.path("pipe")};
    std::thread writer([&] {
      const FileHandle pipe(open(folder_.path("pipe").c_str(), O_WRONLY));
      (void)WriteAll(pipe.fd(), text, "pipe");
    });
    auto summary = Replay(options);
    writer.join();
    return summary;
  }
  ReplayOptions Options(const std::string& out) {
    ReplayOptions options = TestOptions({}, folder_.path(out));
    options.checkpoint_bytes = 1;
    return options;
  }

  TempFolder folder_;
  std::string text_ = TestLines(6, 14000);
};

TEST_F(StreamTest, AStoppedStreamGoesOnWhenItIsFedAgain) {
  signal(SIGPIPE, SIG_IGN);
  ASSERT_TRUE(Feed(Options("whole"), text_).ok());
  for (const std::string_view again :
       {std::string_view(text_), std::string_view("other\n")}) {
    const std::string out = "out" + std::to_string(again.size());
    ReplayOptions options = Options(out);
    std::atomic<bool> stop{false};
    options.stop = &stop;
    int asked = 0;
    options.clock.steady_nanoseconds = [&] {
      if (++asked > 2) stop = true;
      return int64_t{0};
    };
    ASSERT_EQ(Feed(options, text_).status().code(),
              absl::StatusCode::kCancelled);
    ReplayOptions resumed = Options(out);
    resumed.resume = true;
    const auto summary = Feed(resumed, again);
    if (again != text_) {
      EXPECT_EQ(summary.status().code(), absl::StatusCode::kAborted);
      continue;
    }
    ASSERT_TRUE(summary.ok()) << summary.status().ToString();
    EXPECT_TRUE(FilesIn(folder_.path(out)) == FilesIn(folder_.path("whole")));
  }
}

TEST(ChangingInputTest, AnInputThatGrowsWhileItIsReadFinishesNothing) {
  TempFolder folder;
  folder.Write("in/a", TestLines(1, 6000));
  ReplayOptions options = TestOptions({folder.path("in")}, folder.path("out"));
  options.checkpoint_bytes = 1;
  int asked = 0;
  options.clock.steady_nanoseconds = [&] {
    if (++asked == 2) {
      std::ofstream(folder.path("in/a"), std::ios::app) << "{}\n";
    }
    return int64_t{0};
  };
  EXPECT_THAT(
      Replay(options).status().ToString(),
      AllOf(HasSubstr("ABORTED"), HasSubstr("in/a"), HasSubstr("changed")));
  EXPECT_FALSE(std::filesystem::exists(folder.path("out/manifest.json")));
  EXPECT_FALSE(std::filesystem::exists(folder.path("out/inside.ndjson")));
}

}  // namespace
}  // namespace nymstream
