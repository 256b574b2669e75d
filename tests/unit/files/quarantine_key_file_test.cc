// Goal: a pair of key files is made whole and read only where it is safe.
#include "files/quarantine_key_file.h"

#include <string>

#include "gtest/gtest.h"
#include "unit/files/scratch_folder.h"

namespace nymstream {
namespace {

class QuarantineKeyFileTest : public testing::Test {
 protected:
  absl::Status Create() {
    return CreateQuarantineKeyFiles(key_, private_path_, public_path_);
  }

  const ScratchFolder folder_;
  const std::string private_path_ = folder_.Path("q.key");
  const std::string public_path_ = folder_.Path("q.pub");
  const QuarantinePrivateKey key_ = *GenerateQuarantineKey();
};

TEST_F(QuarantineKeyFileTest, BothFilesAreReadBack) {
  ASSERT_TRUE(Create().ok());
  EXPECT_EQ(ScratchFolder::Mode(private_path_), 0600U);
  EXPECT_EQ(ScratchFolder::Mode(public_path_) & 0022, 0U);
  const auto public_key = ReadQuarantinePublicKey(public_path_);
  ASSERT_TRUE(public_key.ok()) << public_key.status();
  EXPECT_EQ(public_key->bytes, key_.public_key.bytes);
  const auto private_key = ReadQuarantinePrivateKey(private_path_);
  ASSERT_TRUE(private_key.ok()) << private_key.status();
  EXPECT_EQ(private_key->public_key.bytes, key_.public_key.bytes);
}

TEST_F(QuarantineKeyFileTest, IfOneIsThereNeitherIsMade) {
  folder_.Write("q.key", "old");
  EXPECT_EQ(Create().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(folder_.Read("q.key"), "old");
  EXPECT_EQ(folder_.FileCount(), 1U);
  std::filesystem::remove(private_path_);
  folder_.Write("q.pub", "old");
  EXPECT_EQ(Create().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(folder_.Read("q.pub"), "old");
  EXPECT_EQ(folder_.FileCount(), 1U);
}

TEST_F(QuarantineKeyFileTest, UnsafeFilesAreRefused) {
  ASSERT_TRUE(Create().ok());
  ASSERT_EQ(chmod(private_path_.c_str(), 0644), 0);
  EXPECT_EQ(ReadQuarantinePrivateKey(private_path_).status().code(),
            absl::StatusCode::kPermissionDenied);
  ASSERT_EQ(chmod(public_path_.c_str(), 0664), 0);
  EXPECT_EQ(ReadQuarantinePublicKey(public_path_).status().code(),
            absl::StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace nymstream
