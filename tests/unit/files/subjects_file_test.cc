// Goal: a suppression list has tokens and nothing else; what else stands in it
// is not repeated, since it may be the raw value.
#include "files/subjects_file.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "unit/files/scratch_folder.h"

namespace nymstream {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr char kTokenA[] = "nym_abc234_aaaaaaaaaaaaaaaaaaaaaaaaa2";
constexpr char kTokenB[] = "nym_abc234_zzzzzzzzzzzzzzzzzzzzzzzzz7";

TEST(SubjectsFileTest, TokensAreReadAndCommentsAreNot) {
  const ScratchFolder folder;
  const auto file = ReadSubjectsFile(folder.Write(
      "list", std::string("# opted out\n\n") + kTokenA + "\r\n" + kTokenB));
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_THAT(file->tokens, ElementsAre(kTokenA, kTokenB));
  EXPECT_EQ(file->sha256.size(), 64U);
}

TEST(SubjectsFileTest, TheDigestIsThatOfTheBytes) {
  const ScratchFolder folder;
  const auto file = ReadSubjectsFile(folder.Write("list", ""));
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_THAT(file->tokens, IsEmpty());
  // FIPS 180-4 of no bytes.
  EXPECT_EQ(file->sha256,
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(SubjectsFileTest, ARawValueIsRefusedByLineAndNotShown) {
  const ScratchFolder folder;
  const std::string token = kTokenA;
  for (const std::string& line :
       {std::string("192.0.2.7"), std::string("ada@example.org"), token + "a",
        token.substr(0, 36), token + " " + kTokenB,
        "nym_abc23_" + token.substr(10), "NYM" + token.substr(3),
        "nym_abc231_" + token.substr(11)}) {
    const absl::Status status =
        ReadSubjectsFile(folder.Write("list", token + "\n" + line + "\n"))
            .status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << line;
    EXPECT_THAT(std::string(status.message()),
                HasSubstr(folder.Path("list") + ":2: error: "));
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr(line)));
  }
}

TEST(SubjectsFileTest, TokensOfAnotherEpochAreRefusedIfOneIsNamed) {
  const ScratchFolder folder;
  const std::string path = folder.Write("list", std::string(kTokenA) + "\n");
  EXPECT_TRUE(ReadSubjectsFile(path, "abc234").ok());
  const absl::Status status = ReadSubjectsFile(path, "abc235").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr(path + ":1: error: this token was not made with the "
                               "keyring's epoch abc235 "));
}

TEST(SubjectsFileTest, AMissingFileIsNamed) {
  const ScratchFolder folder;
  const absl::Status status = ReadSubjectsFile(folder.Path("none")).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr(folder.Path("none")));
}

}  // namespace
}  // namespace nymstream
