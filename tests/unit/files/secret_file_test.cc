// Goal: a secret is read from a safe file only, and written whole or not at
// all. Method: every mode there is; real files for each refusal.
#include "files/secret_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "unit/files/scratch_folder.h"

namespace nymstream {
namespace {

using testing::HasSubstr;

std::span<const unsigned char> Bytes(std::string_view text) {
  return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

std::string Text(const SecretBytes& bytes) {
  return {bytes.ExposeSecret().begin(), bytes.ExposeSecret().end()};
}

struct stat FileOf(uid_t owner, unsigned mode) {
  struct stat status {};
  status.st_uid = owner;
  status.st_mode = S_IFREG | mode;
  return status;
}

TEST(CheckFileSafetyTest, ASecretIsSafeIfOthersNeitherReadNorWriteIt) {
  for (unsigned mode = 0; mode <= 0777; ++mode) {
    const bool group_writes = (mode & 0020) != 0;
    const bool others_read_or_write = (mode & 0006) != 0;
    EXPECT_EQ(CheckFileSafety("f", FileOf(geteuid(), mode), true).ok(),
              !group_writes && !others_read_or_write)
        << std::oct << mode;
  }
}

TEST(CheckFileSafetyTest, APublicFileMayBeReadButNotWrittenByOthers) {
  for (unsigned mode = 0; mode <= 0777; ++mode) {
    EXPECT_EQ(CheckFileSafety("f", FileOf(geteuid(), mode), false).ok(),
              (mode & 0022) == 0)
        << std::oct << mode;
  }
}

TEST(CheckFileSafetyTest, TheOwnerMustBeTheUserOrRoot) {
  EXPECT_TRUE(CheckFileSafety("f", FileOf(0, 0600), true).ok());
  const absl::Status status =
      CheckFileSafety("f", FileOf(geteuid() + 1, 0600), true);
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(std::string(status.message()), HasSubstr("must be yours"));
}

TEST(CheckFileSafetyTest, TheRefusalNamesModeAndRemedy) {
  EXPECT_EQ(CheckFileSafety("keys/a", FileOf(geteuid(), 0644), true).message(),
            "keys/a: others may read it (mode 0644); run: chmod 0600 keys/a");
  EXPECT_EQ(CheckFileSafety("keys/a", FileOf(geteuid(), 0620), true).message(),
            "keys/a: its group or others may write it (mode 0620); run: chmod "
            "0600 keys/a");
  EXPECT_EQ(CheckFileSafety("a.pub", FileOf(geteuid(), 0666), false).message(),
            "a.pub: its group or others may write it (mode 0666); run: chmod "
            "go-w a.pub");
}

TEST(ReadSecretFileTest, ASafeFileIsReadAndAnUnsafeOneIsNot) {
  const ScratchFolder folder;
  for (const unsigned mode : {0400U, 0440U, 0600U, 0640U}) {
    const auto bytes = ReadSecretFile(folder.Write("key", "text", mode), 100);
    ASSERT_TRUE(bytes.ok()) << bytes.status();
    EXPECT_EQ(Text(*bytes), "text");
    std::filesystem::remove(folder.Path("key"));
  }
  for (const unsigned mode : {0604U, 0602U, 0660U, 0644U, 0777U}) {
    EXPECT_EQ(
        ReadSecretFile(folder.Write("key", "text", mode), 100).status().code(),
        absl::StatusCode::kPermissionDenied);
  }
}

TEST(ReadSecretFileTest, ASymbolicLinkIsFollowedToTheFileThatCounts) {
  const ScratchFolder folder;
  folder.Write("safe", "text");
  folder.Write("open", "text", 0644);
  std::filesystem::create_symlink("safe", folder.Path("link_to_safe"));
  std::filesystem::create_symlink("open", folder.Path("link_to_open"));
  EXPECT_TRUE(ReadSecretFile(folder.Path("link_to_safe"), 100).ok());
  EXPECT_FALSE(ReadSecretFile(folder.Path("link_to_open"), 100).ok());
}

TEST(ReadSecretFileTest, WhatIsNoFileOfTheRightSizeIsRefused) {
  const ScratchFolder folder;
  EXPECT_EQ(ReadSecretFile(folder.Path("none"), 100).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_FALSE(ReadSecretFile(folder.Path(""), 100).ok()) << "a folder";
  ASSERT_EQ(mkfifo(folder.Path("pipe").c_str(), 0600), 0);
  EXPECT_THAT(
      std::string(ReadSecretFile(folder.Path("pipe"), 100).status().message()),
      HasSubstr("is no regular file"));
  EXPECT_FALSE(ReadSecretFile(folder.Write("empty", ""), 100).ok());
  EXPECT_TRUE(ReadSecretFile(folder.Write("fits", "1234"), 4).ok());
  EXPECT_FALSE(ReadSecretFile(folder.Write("large", "12345"), 4).ok());
}

TEST(CreateSecretFileTest, TheModeIs0600WhateverTheUmask) {
  const ScratchFolder folder;
  for (const mode_t mask : {mode_t{0}, mode_t{022}, mode_t{0777}}) {
    const mode_t before = umask(mask);
    const absl::Status status =
        CreateSecretFile(folder.Path("key"), Bytes("text"));
    umask(before);
    ASSERT_TRUE(status.ok()) << status;
    EXPECT_EQ(ScratchFolder::Mode(folder.Path("key")), 0600U);
    EXPECT_EQ(folder.Read("key"), "text");
    EXPECT_EQ(folder.FileCount(), 1U) << "no temporary file stays";
    std::filesystem::remove(folder.Path("key"));
  }
}

TEST(CreateSecretFileTest, AFileThatIsThereStaysAsItIs) {
  const ScratchFolder folder;
  folder.Write("key", "old");
  const absl::Status status =
      CreateSecretFile(folder.Path("key"), Bytes("new"));
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(folder.Read("key"), "old");
  EXPECT_EQ(folder.FileCount(), 1U);
}

TEST(CreateSecretFileTest, WhatAStoppedCommandLeftIsNotOverwritten) {
  const ScratchFolder folder;
  folder.Write("key.new", "left");
  const absl::Status status =
      CreateSecretFile(folder.Path("key"), Bytes("new"));
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("key.new"));
  EXPECT_EQ(folder.Read("key.new"), "left");
}

TEST(SecretFileEditorTest, TheNewFileKeepsTheOldOnesMode) {
  const ScratchFolder folder;
  const std::string path = folder.Write("key", "old", 0640);
  auto editor = SecretFileEditor::Open(path, 100);
  ASSERT_TRUE(editor.ok()) << editor.status();
  EXPECT_EQ(Text(editor->bytes()), "old");
  ASSERT_TRUE(editor->Replace(Bytes("new"), OldBytes::kKeep).ok());
  EXPECT_EQ(folder.Read("key"), "new");
  EXPECT_EQ(ScratchFolder::Mode(path), 0640U);
  EXPECT_EQ(folder.FileCount(), 1U);
}

TEST(SecretFileEditorTest, ALinkStaysALink) {
  const ScratchFolder folder;
  folder.Write("real", "old");
  std::filesystem::create_symlink("real", folder.Path("link"));
  auto editor = SecretFileEditor::Open(folder.Path("link"), 100);
  ASSERT_TRUE(editor.ok()) << editor.status();
  ASSERT_TRUE(editor->Replace(Bytes("new"), OldBytes::kKeep).ok());
  EXPECT_TRUE(std::filesystem::is_symlink(folder.Path("link")));
  EXPECT_EQ(folder.Read("real"), "new");
}

TEST(SecretFileEditorTest, OldBytesAreOverwrittenOnRequest) {
  const ScratchFolder folder;
  const std::string path = folder.Write("key", std::string(10'000, 'k'));
  // Another name of the same bytes shows what became of them.
  std::filesystem::create_hard_link(path, folder.Path("same_bytes"));
  auto editor = SecretFileEditor::Open(path, 100'000);
  ASSERT_TRUE(editor.ok()) << editor.status();
  ASSERT_TRUE(editor->Replace(Bytes("new"), OldBytes::kOverwrite).ok());
  EXPECT_EQ(folder.Read("key"), "new");
  EXPECT_EQ(folder.Read("same_bytes"), std::string(10'000, '\0'));
}

TEST(SecretFileEditorTest, TwoEditorsOfOneFileAreOneTooMany) {
  const ScratchFolder folder;
  const std::string path = folder.Write("key", "old");
  {
    const auto first = SecretFileEditor::Open(path, 100);
    ASSERT_TRUE(first.ok());
    EXPECT_EQ(SecretFileEditor::Open(path, 100).status().code(),
              absl::StatusCode::kFailedPrecondition);
    EXPECT_TRUE(ReadSecretFile(path, 100).ok()) << "readers do not wait";
  }
  EXPECT_TRUE(SecretFileEditor::Open(path, 100).ok());
}

TEST(SecretFileEditorTest, WithoutSpaceTheOldFileStays) {
  const ScratchFolder folder;
  const std::string path = folder.Write("key", "old");
  auto editor = SecretFileEditor::Open(path, 100);
  ASSERT_TRUE(editor.ok());
  const FullDisk full(100);
  EXPECT_EQ(editor->Replace(Bytes(std::string(200, 'n')), OldBytes::kOverwrite)
                .code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(CreateSecretFile(folder.Path("other"), Bytes(std::string(200, 'n')))
                .code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(folder.Read("key"), "old");
  EXPECT_EQ(folder.FileCount(), 1U);
}

}  // namespace
}  // namespace nymstream
