// Goal: secrets lie in locked memory or nowhere.
// Method: child processes with limits; /proc tells what is locked.
#include "secret/secret_bytes.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>
#include <type_traits>
#include <utility>

#include "gtest/gtest.h"

namespace nymstream {
namespace {

static_assert(!std::is_copy_constructible_v<SecretBytes>);
static_assert(!std::is_copy_assignable_v<SecretBytes>);
static_assert(std::is_nothrow_move_constructible_v<SecretBytes>);

// KiB of this process that are locked.
long LockedKib() {
  std::ifstream status("/proc/self/status");
  std::string line;
  while (std::getline(status, line)) {
    if (line.rfind("VmLck:", 0) == 0) return std::atol(line.c_str() + 6);
  }
  return -1;
}

// Ends the process with 0 if a secret was refused for want of locked memory.
[[noreturn]] void CreateWithoutLockableMemory() {
  const rlimit none{};
  if (setrlimit(RLIMIT_MEMLOCK, &none) != 0) std::_Exit(3);
  // Root may lock beyond any limit.
  if (geteuid() == 0 && setuid(65534) != 0) std::_Exit(4);
  const absl::Status status = SecretBytes::Create(32).status();
  std::_Exit(status.code() == absl::StatusCode::kResourceExhausted ? 0 : 5);
}

TEST(SecretBytesTest, BytesAreZeroAndWritable) {
  absl::StatusOr<SecretBytes> secret = SecretBytes::Create(32);
  ASSERT_TRUE(secret.ok()) << secret.status();
  EXPECT_EQ(secret->size(), 32U);
  for (const unsigned char byte : secret->ExposeSecret()) EXPECT_EQ(byte, 0);
  secret->ExposeSecretForWriting()[31] = 7;
  EXPECT_EQ(secret->ExposeSecret()[31], 7);
}

TEST(SecretBytesTest, TheMemoryIsLockedUntilDestruction) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers ignore mlock";
#endif
  const long before = LockedKib();
  {
    const absl::StatusOr<SecretBytes> secret = SecretBytes::Create(100'000);
    ASSERT_TRUE(secret.ok());
    EXPECT_GE(LockedKib(), before + 97);
  }
  EXPECT_EQ(LockedKib(), before);
}

TEST(SecretBytesTest, MovingHandsTheBytesOver) {
  SecretBytes first = *SecretBytes::Create(4);
  first.ExposeSecretForWriting()[0] = 9;
  SecretBytes second = std::move(first);
  EXPECT_EQ(second.ExposeSecret()[0], 9);
  SecretBytes third;
  third = std::move(second);
  EXPECT_EQ(third.ExposeSecret()[0], 9);
}

TEST(SecretBytesDeathTest, MemoryThatCannotBeLockedIsRefused) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers ignore mlock";
#endif
  EXPECT_EXIT(CreateWithoutLockableMemory(), testing::ExitedWithCode(0), "");
}

TEST(SecretBytesDeathTest, WritingAFrozenSecretEndsTheProgram) {
  EXPECT_DEATH(
      {
        SecretBytes secret = *SecretBytes::Create(32);
        secret.Freeze();
        secret.ExposeSecretForWriting()[0] = 1;
      },
      "");
}

TEST(SecretBytesDeathTest, WritingBeyondTheEndEndsTheProgram) {
  EXPECT_DEATH(
      {
        SecretBytes secret = *SecretBytes::Create(32);
        volatile unsigned char* bytes = secret.ExposeSecretForWriting().data();
        bytes[32] = 1;
      },
      "");
}

}  // namespace
}  // namespace nymstream
