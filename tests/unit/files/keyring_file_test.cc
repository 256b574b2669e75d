// Goal: a keyring file is read, changed and refused as a whole.
#include "files/keyring_file.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "unit/files/scratch_folder.h"

namespace nymstream {
namespace {

using testing::HasSubstr;

constexpr char kKeyring[] =
    "nymstream-keyring 1\n"
    "P1D day222 2025-03-01T00:00:00Z 2025-03-02T00:00:00Z "
    "6e2a91c4f0b37d5812e9a4c66b0fd38e47a15cb9e8027f3d1b64f5a0c93e72d8\n";

TEST(KeyringFileTest, ASafeKeyringIsRead) {
  const ScratchFolder folder;
  const auto keyring = ReadKeyringFile(folder.Write("keyring", kKeyring));
  ASSERT_TRUE(keyring.ok()) << keyring.status();
  EXPECT_EQ((*keyring)->epochs().size(), 1U);
}

TEST(KeyringFileTest, RefusalsNameTheFile) {
  const ScratchFolder folder;
  EXPECT_THAT(
      std::string(ReadKeyringFile(folder.Path("none")).status().message()),
      HasSubstr(folder.Path("none") + ": cannot be opened"));
  EXPECT_THAT(
      std::string(ReadKeyringFile(folder.Write("keyring", kKeyring, 0644))
                      .status()
                      .message()),
      HasSubstr("run: chmod 0600 " + folder.Path("keyring")));
  const std::string cut = std::string(kKeyring).substr(0, 100);
  EXPECT_THAT(
      std::string(ReadKeyringFile(folder.Write("cut", cut)).status().message()),
      HasSubstr(folder.Path("cut") + ":2: error: the secret is not"));
}

TEST(KeyringFileTest, WhatIsCreatedIsReadBackAndNotReplaced) {
  const ScratchFolder folder;
  const auto content = ParseKeyringText(kKeyring, "text");
  ASSERT_TRUE(content.ok());
  const std::string path = folder.Path("keyring");
  ASSERT_TRUE(CreateKeyringFile(path, *content).ok());
  EXPECT_EQ(ScratchFolder::Mode(path), 0600U);
  EXPECT_TRUE(ReadKeyringFile(path).ok());
  EXPECT_EQ(CreateKeyringFile(path, *content).code(),
            absl::StatusCode::kAlreadyExists);
}

TEST(KeyringFileTest, AnEditedKeyringHasTheNewContent) {
  const ScratchFolder folder;
  const std::string path = folder.Write("keyring", kKeyring);
  auto editor = KeyringFileEditor::Open(path);
  ASSERT_TRUE(editor.ok()) << editor.status();
  KeyringContent content = *InOrder(editor->content());
  content.epochs[0].destroyed = true;
  ASSERT_TRUE(editor->Replace(content, OldBytes::kOverwrite).ok());
  EXPECT_THAT(folder.Read("keyring"), HasSubstr("destroyed"));
  EXPECT_EQ(folder.Read("keyring").find("6e2a"), std::string::npos);
  const auto keyring = ReadKeyringFile(path);
  ASSERT_TRUE(keyring.ok()) << keyring.status();
  EXPECT_TRUE((*keyring)->epochs()[0].destroyed);
}

}  // namespace
}  // namespace nymstream
