// Goal: flags, exit codes and streams of `nymstream keys`.
#include <string>

#include "files/keyring_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "unit/cli/command_harness.h"
#include "unit/files/scratch_folder.h"

namespace nymstream {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class KeysCommandTest : public testing::Test {
 protected:
  CommandResult Generate() {
    return RunCommand({"keys", "generate", path_, "--period", "P1D", "--period",
                       "P4W", "--from", "2025-03-01", "--until",
                       "2025-03-05T00:00:00Z"});
  }
  CommandResult LookUp(const std::vector<std::string>& flags,
                       const std::string& input) {
    std::vector<std::string> words = {"keys", "lookup", path_};
    words.insert(words.end(), flags.begin(), flags.end());
    return RunCommand(words, input);
  }

  const ScratchFolder folder_;
  const std::string path_ = folder_.Path("keyring");
};

TEST_F(KeysCommandTest, GenerateSaysWhatItMadeOnStderr) {
  const CommandResult result = Generate();
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err,
            "nymstream: P1D: 4 new epochs, the last until "
            "2025-03-05T00:00:00Z\n"
            "nymstream: P28D: 1 new epoch, the last until "
            "2025-03-29T00:00:00Z\n"
            "nymstream: subjects: 1 new epoch\n");
  EXPECT_EQ(Generate().exit_code, 2) << "it is there already";
}

TEST_F(KeysCommandTest, ListPrintsATable) {
  Generate();
  const CommandResult result = RunCommand({"keys", "list", path_});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, StartsWith("series    id      from"));
  EXPECT_EQ(result.err, "");
}

TEST_F(KeysCommandTest, RotateAndDestroyChangeTheFile) {
  Generate();
  EXPECT_EQ(
      RunCommand({"keys", "rotate", path_, "--until", "2025-03-07"}).exit_code,
      0);
  const auto keyring = *ReadKeyringFile(path_);
  ASSERT_EQ(keyring->epochs().size(), 8U);
  const CommandResult result =
      RunCommand({"keys", "destroy", path_, "--epoch", keyring->epochs()[5].id,
                  "--before", "2025-03-02"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const auto left = *ReadKeyringFile(path_);
  for (size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(left->epochs()[i].destroyed, i == 0 || i == 5) << i;
  }
}

TEST_F(KeysCommandTest, LookupReadsValuesFromStdin) {
  Generate();
  const CommandResult result =
      LookUp({"--pipeline", "edge", "--release", "analytics", "--category",
              "user.device.ip_address", "--type", "ip", "--at", "2025-03-02",
              "--period", "P1D"},
             "192.0.2.1\n2001:db8::1\n");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const std::string id = (*ReadKeyringFile(path_))->epochs()[1].id;
  EXPECT_THAT(result.out, StartsWith("nym_" + id + "_"));
  EXPECT_EQ(result.out.size(), 2 * 38U);
  const CommandResult subject = LookUp(
      {"--subject", "--category", "user.device.ip_address", "--type", "ip"},
      "192.0.2.1\n");
  EXPECT_EQ(subject.exit_code, 0) << subject.err;
  EXPECT_EQ(subject.out.size(), 38U);
}

TEST_F(KeysCommandTest, AValueInArgvIsRefusedAndNotRepeated) {
  Generate();
  const CommandResult result =
      LookUp({"192.0.2.1", "--subject", "--category", "user.device.ip_address",
              "--type", "ip"},
             "");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.out + result.err, Not(HasSubstr("192.0.2.1")));
}

TEST_F(KeysCommandTest, WrongFlagsEndWithTwo) {
  Generate();
  const std::vector<std::vector<std::string>> wrong = {
      {"keys"},
      {"keys", "generate"},
      {"keys", "generate", path_ + "2", "--period", "daily"},
      {"keys", "generate", path_ + "2", "--period", "P0D"},
      {"keys", "generate", path_ + "2", "--from", "yesterday"},
      {"keys", "generate", path_ + "2", "--from", "2025-03-02", "--until",
       "2025-03-01"},
      {"keys", "generate", path_ + "2", "--until", "2125-03-01"},
      {"keys", "destroy", path_},
      {"keys", "destroy", path_, "--before", "2999-01-01"},
      {"keys", "destroy", path_, "--epoch", "zzzzzz"},
      {"keys", "lookup", path_},
      {"keys", "lookup", path_, "--subject", "--category", "user.device",
       "--type", "text"},
      {"keys", "lookup", path_, "--subject", "--category", "user.devise",
       "--type", "id"},
      {"keys", "lookup", path_, "--subject", "--at", "2025-03-01", "--category",
       "user.device", "--type", "id"},
      {"keys", "lookup", path_, "--subject", "--pipeline", "p", "--category",
       "user.device", "--type", "id"},
      {"keys", "lookup", path_, "--category", "user.device", "--type", "id",
       "--pipeline", "p", "--release", "r"},
      {"keys", "lookup", path_, "--category", "user.device", "--type", "id",
       "--pipeline", "p", "--release", "r", "--at",
       "2025-03-01"},  // which period?
      {"keys", "lookup", path_, "--category", "user.device", "--type", "id",
       "--pipeline", "p", "--release", "r", "--at", "2025-03-01", "--as",
       "address"},
      {"keys", "lookup", path_, "--category", "user.device", "--type", "id",
       "--release", "r", "--at", "2025-03-01", "--period", "P1D"},
      {"keys", "lookup", path_, "--category", "user.device", "--type", "id",
       "--pipeline", "p.yaml", "--release", "r", "--at", "2025-03-01",
       "--period", "P1D"},
      {"keys", "lookup", path_, "--category", "user.device", "--type", "id",
       "--pipeline", "p", "--release", "p/r", "--at", "2025-03-01", "--period",
       "P1D"},
  };
  for (const std::vector<std::string>& words : wrong) {
    std::string line;
    for (const std::string& word : words) line += word + " ";
    const CommandResult result = RunCommand(words, "device-7\n");
    EXPECT_EQ(result.exit_code, 2) << line << result.err;
    EXPECT_EQ(result.out, "") << line;
  }
  EXPECT_EQ(folder_.FileCount(), 1U) << "nothing was made";
}

TEST_F(KeysCommandTest, AMissingUnsafeOrDestroyedKeyEndsWithFour) {
  EXPECT_EQ(RunCommand({"keys", "list", path_}).exit_code, 4);
  EXPECT_EQ(RunCommand({"keys", "rotate", path_}).exit_code, 4);
  Generate();
  ASSERT_EQ(RunCommand({"keys", "destroy", path_, "--before", "2025-03-02"})
                .exit_code,
            0);
  const CommandResult destroyed =
      LookUp({"--pipeline", "edge", "--release", "analytics", "--category",
              "user.device.ip_address", "--type", "ip", "--at", "2025-03-01",
              "--period", "P1D"},
             "192.0.2.1\n");
  EXPECT_EQ(destroyed.exit_code, 4) << destroyed.err;
  ASSERT_EQ(chmod(path_.c_str(), 0644), 0);
  const CommandResult unsafe = RunCommand({"keys", "list", path_});
  EXPECT_EQ(unsafe.exit_code, 4);
  EXPECT_EQ(unsafe.err, "nymstream: error: " + path_ +
                            ": others may read it (mode 0644); run: chmod "
                            "0600 " +
                            path_ + "\n");
}

TEST_F(KeysCommandTest, AKeyringThatIsNoneIsNamedByLine) {
  folder_.Write("keyring", "nymstream-keyring 1\nP1D\n");
  const CommandResult result = RunCommand({"keys", "list", path_});
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_THAT(result.err,
              StartsWith("nymstream: " + path_ + ":2: error: an epoch has"));
}

}  // namespace
}  // namespace nymstream
