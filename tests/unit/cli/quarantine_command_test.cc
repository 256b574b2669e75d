// Goal: sealed records come back for feeding, and every one that does not is
// accounted for. Method: files of envelopes, whole and damaged.
#include <string>

#include "files/quarantine_key_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "quarantine/record_sealer.h"
#include "unit/cli/command_harness.h"
#include "unit/files/scratch_folder.h"

namespace nymstream {
namespace {

using testing::HasSubstr;
using testing::Not;

class QuarantineCommandTest : public testing::Test {
 protected:
  void SetUp() override { Keygen("q.key"); }

  CommandResult Keygen(std::string_view name) {
    return RunCommand({"quarantine", "keygen", folder_.Path(name)});
  }
  std::string Seal(std::string_view record, std::string_view public_key,
                   size_t size_over = 0) {
    ByteBuffer out;
    const auto sealer =
        *MakeRecordSealer(*ReadQuarantinePublicKey(folder_.Path(public_key)));
    sealer->Seal(record, {.offset = 5, .size = record.size() + size_over},
                 &out);
    return std::string(out.view());
  }
  CommandResult Open(const std::string& sealed) {
    folder_.Write("sealed", sealed);
    return RunCommand({"quarantine", "open", folder_.Path("sealed"), "--key",
                       folder_.Path("q.key"), "--out", folder_.Path("out")});
  }
  bool HasOutput() const {
    return std::filesystem::exists(folder_.Path("out"));
  }

  const ScratchFolder folder_;
};

TEST_F(QuarantineCommandTest, KeygenMakesAPairOnceAndShowsOnlyItsId) {
  const CommandResult result = Keygen("r.key");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const std::string text = folder_.Read("r.key");
  EXPECT_THAT(result.out + result.err,
              Not(HasSubstr(text.substr(text.size() - 65, 16))));
  EXPECT_EQ(ScratchFolder::Mode(folder_.Path("r.key")), 0600U);
  EXPECT_EQ(Keygen("r.key").exit_code, 2);
  EXPECT_EQ(folder_.Read("r.key"), text);
}

TEST_F(QuarantineCommandTest, RecordsComeBackOneALineInAPrivateFile) {
  const CommandResult result =
      Open(Seal("{\"a\":1", "q.key.pub") + Seal("second", "q.key.pub"));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(folder_.Read("out"), "{\"a\":1\nsecond\n");
  EXPECT_EQ(ScratchFolder::Mode(folder_.Path("out")), 0600U);
  EXPECT_EQ(result.err, "nymstream: 2 records opened\n");
}

TEST_F(QuarantineCommandTest, StdinAndStdoutServeAPipe) {
  const CommandResult result = RunCommand(
      {"quarantine", "open", "-", "--key", folder_.Path("q.key"), "--out", "-"},
      Seal("record", "q.key.pub"));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "record\n");
}

TEST_F(QuarantineCommandTest, AFileThatIsThereStays) {
  folder_.Write("out", "mine");
  EXPECT_EQ(Open(Seal("record", "q.key.pub")).exit_code, 2);
  EXPECT_EQ(folder_.Read("out"), "mine");
}

TEST_F(QuarantineCommandTest, ADamagedRecordCostsNoOther) {
  std::string damaged = Seal("damaged", "q.key.pub");
  damaged.back() = static_cast<char>(damaged.back() ^ 1);
  const std::string first = Seal("first", "q.key.pub");
  const CommandResult result =
      Open(first + damaged + Seal("third", "q.key.pub"));
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(folder_.Read("out"), "first\nthird\n");
  EXPECT_THAT(result.err, HasSubstr(folder_.Path("sealed") + ": byte " +
                                    std::to_string(first.size())));
  EXPECT_THAT(result.err, HasSubstr("1 sealed record changed or damaged"));
}

TEST_F(QuarantineCommandTest, ACutFileGivesWhatIsBeforeTheCut) {
  const std::string last = Seal("last", "q.key.pub");
  for (const size_t left : {size_t{1}, size_t{4}, size_t{5}, last.size() - 1}) {
    const CommandResult result =
        Open(Seal("first", "q.key.pub") + last.substr(0, left));
    EXPECT_EQ(result.exit_code, 3) << left;
    EXPECT_THAT(result.err, HasSubstr("the last envelope is cut short"));
    EXPECT_EQ(folder_.Read("out"), "first\n");
    std::filesystem::remove(folder_.Path("out"));
  }
}

TEST_F(QuarantineCommandTest, AFileOfSomethingElseIsRefused) {
  const CommandResult result = Open("{\"remote_addr\":\"192.0.2.7\"}\n");
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err, HasSubstr("byte 0: no sealed record of version 1"));
  EXPECT_THAT(result.err, Not(HasSubstr("192.0.2.7")));
  EXPECT_FALSE(HasOutput());
}

TEST_F(QuarantineCommandTest, RecordsOfAnotherKeyAreCounted) {
  Keygen("other.key");
  CommandResult result =
      Open(Seal("theirs", "other.key.pub") + Seal("ours", "q.key.pub"));
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_EQ(folder_.Read("out"), "ours\n");
  EXPECT_THAT(result.err, HasSubstr("1 record sealed to another key"));
  std::filesystem::remove(folder_.Path("out"));
  result = Open(Seal("theirs", "other.key.pub"));
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_FALSE(HasOutput());
}

TEST_F(QuarantineCommandTest,
       ARecordOfWhichOnlyTheBeginningIsThereIsNotWritten) {
  const CommandResult result =
      Open(Seal("beginning", "q.key.pub", 1) + Seal("whole", "q.key.pub"));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(folder_.Read("out"), "whole\n");
  EXPECT_THAT(result.err, HasSubstr("1 record larger"));
}

TEST_F(QuarantineCommandTest, WithoutSpaceThereIsNoTornFile) {
  const std::string sealed =
      folder_.Write("sealed", Seal(std::string(5000, 'r'), "q.key.pub"));
  const std::vector<std::string> words = {"quarantine",
                                          "open",
                                          sealed,
                                          "--key",
                                          folder_.Path("q.key"),
                                          "--out",
                                          folder_.Path("out")};
  const size_t files = folder_.FileCount();
  CommandResult result;
  {
    const FullDisk full(1000);
    result = RunCommand(words);
  }
  EXPECT_EQ(result.exit_code, 3) << result.err;
  EXPECT_EQ(folder_.FileCount(), files);
  EXPECT_EQ(RunCommand(words).exit_code, 0) << "with space it works";
}

}  // namespace
}  // namespace nymstream
