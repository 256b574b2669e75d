// Goal: what replay writes depends on inputs and documents alone, and a folder
// is either finished or says how to go on.
#include "replay/replayer.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "quarantine/envelope_opener.h"
#include "replay/posix_file.h"
#include "replay/sha256.h"
#include "secret/pseudonym_key.h"
#include "unit/replay/compress.h"
#include "unit/replay/replay_support.h"
#include "unit/replay/temp_folder.h"

namespace nymstream {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

class ReplayerTest : public ::testing::Test {
 protected:
  // Lines of three inputs, one of them compressed.
  void WriteInputs() {
    folder_.Write("in/a.ndjson", TestLines(1, 300));
    folder_.Write("in/b.ndjson.gz",
                  Gzip(TestLines(2, 200)) + Gzip(TestLines(3, 200)));
    folder_.Write("in/c/empty", "");
    folder_.Write("in/c/d.zst", Zstd(TestLines(4, 200)));
  }
  ReplayOptions Options(const std::string& out) {
    return TestOptions({folder_.path("in")}, folder_.path(out));
  }
  std::map<std::string, std::string> Files(const std::string& out) {
    return FilesIn(folder_.path(out));
  }

  TempFolder folder_;
};

TEST_F(ReplayerTest, AFinishedFolderHoldsReleasesReceiptsAndManifestOnly) {
  WriteInputs();
  const auto summary = Replay(Options("out"));
  ASSERT_TRUE(summary.ok()) << summary.status().ToString();
  EXPECT_THAT(
      Files("out"),
      UnorderedElementsAre(Key("inside.ndjson"), Key("partners.ndjson"),
                           Key("quarantine.ndjson"), Key("manifest.json")));
  const Counters& counters = summary->counters;
  EXPECT_GT(counters.received, 500U);
  for (const ReleaseCounters& release : counters.releases) {
    EXPECT_TRUE(release.AddUp());
    EXPECT_EQ(release.received, counters.received);
    EXPECT_GT(release.released, 0U);
  }
  EXPECT_EQ(Files("out")["inside.ndjson"].size(), counters.releases[0].bytes);
}

TEST_F(ReplayerTest, TheNumberOfJobsChangesNothing) {
  WriteInputs();
  folder_.Write("in/e.ndjson", TestLines(9, 9000));
  std::map<std::string, std::string> first;
  for (const int jobs : {1, 2, 4, 7}) {
    const std::string out = "out" + std::to_string(jobs);
    ReplayOptions options = Options(out);
    options.jobs = jobs;
    ASSERT_TRUE(Replay(options).ok());
    if (first.empty()) first = Files(out);
    EXPECT_TRUE(Files(out) == first) << jobs;
  }
}

// Records whose days come again and again, so that each job wants many keys.
std::string LinesOfDays(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += absl::StrFormat(
        R"({"time_iso8601":"2026-01-%02dT00:00:00Z","remote_addr":"192.0.2.%d"})"
        "\n",
        1 + i / 100 % 9, i % 250);
  }
  return text;
}

// The rest of the process may lock so much, whoever it is.
void LimitLockedMemory(rlim_t bytes) {
  const rlimit little{bytes, bytes};
  if (setrlimit(RLIMIT_MEMLOCK, &little) != 0) std::_Exit(3);
  // Root may lock beyond any limit.
  if (geteuid() == 0 && setuid(65534) != 0) std::_Exit(4);
}

// Ends the process with 0 if replay gives `expected`.
[[noreturn]] void ReplayInLittleMemory(
    const ReplayOptions& options,
    const std::map<std::string, std::string>& expected) {
  LimitLockedMemory(1 << 20);
  const auto summary = Replay(options);
  if (!summary.ok()) {
    std::fprintf(stderr, "%s\n", summary.status().ToString().c_str());
    std::_Exit(5);
  }
  std::_Exit(FilesIn(options.out_dir) == expected ? 0 : 6);
}

// Ends the process with 0 if replay refuses to begin.
[[noreturn]] void ReplayWithoutMemory(const ReplayOptions& options) {
  LimitLockedMemory(96 << 10);
  const absl::Status status = Replay(options).status();
  std::_Exit(status.code() == absl::StatusCode::kResourceExhausted &&
                     absl::StrContains(status.message(), "--jobs")
                 ? 0
                 : 5);
}

TEST_F(ReplayerTest, NorDoesHowMuchMemoryCanBeLocked) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers ignore mlock";
#endif
  std::filesystem::permissions(folder_.path(), std::filesystem::perms::all);
  folder_.Write("in/days.ndjson", LinesOfDays(60000));
  ASSERT_TRUE(Replay(Options("one")).ok());
  ReplayOptions options = Options("many");
  options.jobs = 7;
  EXPECT_EXIT(ReplayInLittleMemory(options, Files("one")),
              testing::ExitedWithCode(0), "");
  options.out_dir = folder_.path("none");
  EXPECT_EXIT(ReplayWithoutMemory(options), testing::ExitedWithCode(0), "");
}

TEST_F(ReplayerTest, CompressionChangesNothingButNames) {
  const std::string text = TestLines(5, 2000);
  folder_.Write("plain", text);
  folder_.Write("gzip", Gzip(text));
  folder_.Write("zstd", Zstd(text));
  std::string released;
  for (const std::string name : {"plain", "gzip", "zstd"}) {
    const auto summary =
        Replay(TestOptions({folder_.path(name)}, folder_.path("out." + name)));
    ASSERT_TRUE(summary.ok()) << summary.status().ToString();
    auto files = Files("out." + name);
    if (released.empty()) released = files["inside.ndjson"];
    EXPECT_TRUE(files["inside.ndjson"] == released) << name;
  }
}

TEST_F(ReplayerTest, ReceiptsSayWhereWhyAndWhatToDo) {
  folder_.Write("in/a", "{}\nnot json, from 192.0.2.77\n");
  ASSERT_TRUE(Replay(Options("out")).ok());
  const std::string receipts = Files("out")["quarantine.ndjson"];
  const size_t line = receipts.find('\n') + 1;
  const auto receipt = nlohmann::json::parse(receipts.substr(line));
  EXPECT_EQ(receipt["source"], folder_.path("in/a"));
  EXPECT_EQ(receipt["offset"], 3);
  EXPECT_EQ(receipt["bytes"], 25);
  EXPECT_EQ(receipt["reason"], "not_json");
  EXPECT_NE(receipt["remedy"], "");
  EXPECT_THAT(receipts, Not(HasSubstr("192.0.2.77")));
}

TEST_F(ReplayerTest, TheManifestSaysWhatWasReadByWhichRules) {
  WriteInputs();
  const auto summary = Replay(Options("out"));
  ASSERT_TRUE(summary.ok());
  const auto manifest = nlohmann::json::parse(Files("out")["manifest.json"]);
  EXPECT_EQ(manifest["version"], "test");
  EXPECT_EQ(manifest["as_of"], "2026-01-02T00:00:00Z");
  EXPECT_EQ(manifest["documents"][0]["sha256"], "aa");
  EXPECT_EQ(manifest["documents"].back()["kind"], "key_epochs");
  ASSERT_EQ(manifest["inputs"].size(), 4U);
  for (const auto& input : manifest["inputs"]) {
    const std::string bytes = ReadFileBytes(input["name"]);
    Sha256 digest;
    digest.Update(bytes);
    EXPECT_EQ(input["bytes"], bytes.size());
    char token[kTokenChars];
    (*ReplayKeyring()->Derive(ReplayKeyring()->FindEpoch(kSubjectsSeries, 0),
                              kSubjectsSeries, "replay.input/sha256"))
        .Token(digest.Hex(), token);
    EXPECT_EQ(input["keyed_sha256"], std::string(token, kTokenChars));
  }
  EXPECT_THAT(manifest["key_epochs"], ElementsAre("dayb22", "month2"));
  const auto& counters = manifest["counters"];
  EXPECT_EQ(counters["received"], summary->counters.received);
  EXPECT_EQ(counters["releases"][1]["release"], "partners");
  EXPECT_EQ(counters["releases"][1]["released"],
            summary->counters.releases[1].released);
  EXPECT_EQ(counters["releases"][0]["fields"].size(), 7U);
}

// Who knows all of a record but an address would find it by trying.
TEST_F(ReplayerTest, TheManifestHasNoDigestThatAnybodyCanCompute) {
  const std::string text = TestLines(9, 1);
  folder_.Write("in/a", text);
  Sha256 digest;
  digest.Update(text);
  ASSERT_TRUE(Replay(Options("keyed")).ok());
  EXPECT_THAT(Files("keyed")["manifest.json"], Not(HasSubstr(digest.Hex())));

  ReplayOptions options = Options("unkeyed");
  const auto without_subjects = Keyring::Parse(
      "nymstream-keyring 1\nP30D month2 2025-12-01T00:00:00Z "
      "2026-12-31T00:00:00Z 6e2a91c4f0b37d5812e9a4c66b0fd38e47a15cb9e8027f3d1b"
      "64f5a0c93e72d8\nsubjects sub222 - - destroyed\n",
      "keyring");
  ASSERT_TRUE(without_subjects.ok()) << without_subjects.status();
  options.deidentifier.keyring = *without_subjects;
  ASSERT_TRUE(Replay(options).ok());
  const auto manifest =
      nlohmann::json::parse(Files("unkeyed")["manifest.json"]);
  EXPECT_EQ(manifest["inputs"][0].size(), 2U) << "name and bytes";
}

TEST_F(ReplayerTest, TheRatioOfQuarantinedRecordsIsJudgedByThePlan) {
  folder_.Write("in/a", "x\n{}\n");
  ReplayOptions options = Options("out");
  Plan plan = *options.plan;
  plan.limits.quarantine_ratio_max = 0.5;
  options.plan = std::make_shared<const Plan>(plan);
  const auto summary = Replay(options);
  ASSERT_TRUE(summary.ok());
  EXPECT_EQ(summary->quarantine_ratio, 1.0);
  EXPECT_TRUE(summary->quarantine_ratio_exceeded);
}

TEST_F(ReplayerTest, SealedRecordsOpenAndCanBeFedBack) {
  auto key = GenerateQuarantineKey();
  ASSERT_TRUE(key.ok());
  folder_.Write("in/a", TestLines(11, 400));
  ReplayOptions options = Options("out");
  options.jobs = 3;
  const QuarantinePublicKey public_key = key->public_key;
  options.make_sealer = [&] { return MakeRecordSealer(public_key); };
  ASSERT_TRUE(Replay(options).ok());
  auto files = Files("out");
  auto opener = EnvelopeOpener::Create(*std::move(key));
  ASSERT_TRUE(opener.ok());
  std::string_view sealed = files["quarantine.sealed"];
  std::string opened_lines;
  std::string sealed_offsets;
  while (!sealed.empty()) {
    const auto size = EnvelopeOpener::EnvelopeBytes(sealed);
    ASSERT_TRUE(size.ok());
    const auto opened = opener->Open(sealed.substr(0, *size));
    ASSERT_TRUE(opened.ok());
    sealed.remove_prefix(*size);
    opened_lines.append(opened->record).append("\n");
    sealed_offsets += std::to_string(opened->receipt.offset) + " ";
  }
  std::string offsets;
  std::istringstream receipts(files["quarantine.ndjson"]);
  for (std::string line; std::getline(receipts, line);) {
    offsets +=
        std::to_string(nlohmann::json::parse(line)["offset"].get<uint64_t>()) +
        " ";
  }
  EXPECT_EQ(offsets, sealed_offsets);
  // Nothing was mended, so all is quarantined again, none lost.
  folder_.Write("again", opened_lines);
  const auto again =
      Replay(TestOptions({folder_.path("again")}, folder_.path("out2")));
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->quarantine_ratio, 1.0);
  EXPECT_EQ(again->counters.received, [&] {
    uint64_t lines = 0;
    for (const char c : files["quarantine.ndjson"]) lines += c == '\n' ? 1 : 0;
    return lines;
  }());
}

TEST_F(ReplayerTest, AFolderThatHoldsAnythingOfAReplayIsRefused) {
  folder_.Write("in/a", "{}\n");
  for (const std::string name :
       {"manifest.json", "inside.ndjson", "partners.ndjson.part",
        "quarantine.ndjson", ".nymstream-checkpoint.json"}) {
    folder_.Write("out." + name + "/" + name, "mine");
    const auto summary = Replay(Options("out." + name));
    EXPECT_THAT(summary.status().ToString(),
                AllOf(HasSubstr("FAILED_PRECONDITION"), HasSubstr(name)));
    EXPECT_THAT(Files("out." + name), ElementsAre(Pair(name, "mine")));
  }
}

TEST_F(ReplayerTest, ResumeOfAFreshFolderBegins) {
  WriteInputs();
  ASSERT_TRUE(Replay(Options("out")).ok());
  ReplayOptions options = Options("out2");
  options.resume = true;
  ASSERT_TRUE(Replay(options).ok());
  EXPECT_TRUE(Files("out2") == Files("out"));
}

TEST_F(ReplayerTest, ResumeOfAFinishedFolderIsRefused) {
  WriteInputs();
  ReplayOptions options = Options("out");
  ASSERT_TRUE(Replay(options).ok());
  options.resume = true;
  EXPECT_THAT(Replay(options).status().ToString(),
              HasSubstr("already holds manifest.json"));
}

TEST_F(ReplayerTest, TwoReplaysIntoOneFolderAreRefused) {
  ASSERT_EQ(mkfifo(folder_.path("pipe").c_str(), 0600), 0);
  folder_.Write("in/a", "{}\n");
  std::atomic<bool> stop{false};
  const FileHandle writer(open(folder_.path("pipe").c_str(), O_RDWR));
  std::thread first([&] {
    ReplayOptions options =
        TestOptions({folder_.path("pipe")}, folder_.path("out"));
    options.stop = &stop;
    EXPECT_EQ(Replay(options).status().code(), absl::StatusCode::kCancelled);
  });
  while (!std::filesystem::exists(folder_.path("out/inside.ndjson.part"))) {
    std::this_thread::yield();
  }
  EXPECT_THAT(Replay(Options("out")).status().ToString(),
              HasSubstr("another replay"));
  stop = true;
  first.join();
}

TEST_F(ReplayerTest, WrongOptionsAreRefusedBeforeAnythingIsMade) {
  folder_.Write("in/a", "{}\n");
  ReplayOptions options = Options("out");
  options.jobs = 0;
  EXPECT_EQ(Replay(options).status().code(),
            absl::StatusCode::kInvalidArgument);
  options = Options("in/out");
  EXPECT_EQ(Replay(options).status().code(),
            absl::StatusCode::kInvalidArgument);
  options = Options("");
  options.out_dir.clear();
  EXPECT_EQ(Replay(options).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_FALSE(std::filesystem::exists(folder_.path("out")));
  EXPECT_FALSE(std::filesystem::exists(folder_.path("in/out")));
}

TEST_F(ReplayerTest, AReleaseThatTakesTheNameOfAnotherFileIsRefused) {
  folder_.Write("in/a", "{}\n");
  for (const std::string name : {"quarantine", "partners", "a/b", ".."}) {
    ReplayOptions options = Options("out");
    Plan plan = *options.plan;
    plan.releases[0].name = name;
    options.plan = std::make_shared<const Plan>(plan);
    EXPECT_EQ(Replay(options).status().code(),
              absl::StatusCode::kInvalidArgument)
        << name;
  }
}

TEST_F(ReplayerTest, ADamagedInputFinishesNothing) {
  folder_.Write("in/a", TestLines(1, 100));
  folder_.Write("in/b.gz", Gzip(TestLines(2, 100)).substr(0, 500));
  EXPECT_THAT(Replay(Options("out")).status().ToString(),
              AllOf(HasSubstr("DATA_LOSS"), HasSubstr("in/b.gz"),
                    HasSubstr("at byte 500")));
  EXPECT_THAT(Files("out"), Not(Contains(Key("manifest.json"))));
  EXPECT_THAT(Files("out"), Contains(Key("inside.ndjson.part")));
}

}  // namespace
}  // namespace nymstream
