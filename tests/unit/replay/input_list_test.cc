// Goal: every file that was meant is read once, in a fixed order; nothing is
// left out in silence.
#include "replay/input_list.h"

#include <sys/stat.h>

#include <filesystem>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "replay/printable_name.h"
#include "unit/replay/temp_folder.h"

namespace nymstream {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class InputListTest : public ::testing::Test {
 protected:
  // Paths relative to the folder; "CODE: MESSAGE" if it was refused.
  std::vector<std::string> List(const std::vector<std::string>& inputs,
                                const std::string& out = "out") {
    const auto list = ListInputs(inputs, folder_.path(out));
    if (!list.ok()) return {list.status().ToString()};
    std::vector<std::string> names;
    for (const InputFile& input : *list) {
      names.push_back(input.path == kStdinName
                          ? input.path
                          : input.path.substr(folder_.path().size() + 1));
    }
    return names;
  }

  TempFolder folder_;
};

TEST_F(InputListTest, AFolderBecomesAllFilesBelowItInByteOrder) {
  for (const char* name : {"logs/b", "logs/a/z", "logs/a.log", "logs/B", "x"}) {
    folder_.Write(name, "1");
  }
  EXPECT_THAT(
      List({folder_.path("x"), folder_.path("logs"), "-"}),
      ElementsAre("x", "logs/B", "logs/a.log", "logs/a/z", "logs/b", "-"));
}

TEST_F(InputListTest, NoInputIsRefused) {
  EXPECT_THAT(List({}), ElementsAre(HasSubstr("no input")));
}

TEST_F(InputListTest, AnEmptyFolderIsRefused) {
  std::filesystem::create_directory(folder_.path("logs"));
  EXPECT_THAT(List({folder_.path("logs")}),
              ElementsAre(HasSubstr("holds no files")));
}

TEST_F(InputListTest, AMissingFileIsNamed) {
  EXPECT_THAT(List({folder_.path("gone")}),
              ElementsAre(HasSubstr(folder_.path("gone"))));
}

TEST_F(InputListTest, StdinTwiceIsRefused) {
  EXPECT_THAT(List({"-", "-"}), ElementsAre(HasSubstr("once")));
}

TEST_F(InputListTest, OneFileUnderTwoNamesIsRefused) {
  folder_.Write("logs/a", "1");
  std::filesystem::create_hard_link(folder_.path("logs/a"), folder_.path("b"));
  EXPECT_THAT(List({folder_.path("logs"), folder_.path("logs/a")}),
              ElementsAre(HasSubstr("are the same file")));
  EXPECT_THAT(List({folder_.path("logs"), folder_.path("b")}),
              ElementsAre(HasSubstr("are the same file")));
}

TEST_F(InputListTest, WhatAFolderHoldsBesidesFilesIsRefused) {
  folder_.Write("logs/a", "1");
  ASSERT_EQ(mkfifo(folder_.path("logs/pipe").c_str(), 0600), 0);
  EXPECT_THAT(List({folder_.path("logs")}),
              ElementsAre(HasSubstr("logs/pipe: is no regular file")));
}

TEST_F(InputListTest, ALinkToAFileIsReadAndALinkToAFolderRefused) {
  folder_.Write("logs/a", "1");
  folder_.Write("other/b", "1");
  std::filesystem::create_symlink(folder_.path("other/b"),
                                  folder_.path("logs/b"));
  EXPECT_THAT(List({folder_.path("logs")}), ElementsAre("logs/a", "logs/b"));
  std::filesystem::create_directory_symlink(folder_.path("other"),
                                            folder_.path("logs/c"));
  EXPECT_THAT(List({folder_.path("logs")}),
              ElementsAre(HasSubstr("logs/c: is a link to a folder")));
}

TEST_F(InputListTest, ABrokenLinkIsRefused) {
  folder_.Write("logs/a", "1");
  std::filesystem::create_symlink(folder_.path("gone"), folder_.path("logs/b"));
  EXPECT_THAT(List({folder_.path("logs")}), ElementsAre(HasSubstr("logs/b")));
}

TEST_F(InputListTest, OutputInsideAnInputFolderIsRefusedHoweverItIsWritten) {
  folder_.Write("logs/a", "1");
  for (const char* out :
       {"logs", "logs/out", "logs/x/../out", "./logs/deep/er"}) {
    EXPECT_THAT(List({folder_.path("logs")}, out),
                ElementsAre(HasSubstr("lies inside an input folder")))
        << out;
  }
  EXPECT_THAT(List({folder_.path("logs")}, "logs-out"), ElementsAre("logs/a"));
}

TEST_F(InputListTest, AnInputInsideTheOutputFolderIsRefused) {
  folder_.Write("out/a", "1");
  EXPECT_THAT(List({folder_.path("out/a")}),
              ElementsAre(HasSubstr("lies inside the folder for the output")));
}

TEST_F(InputListTest, ANamedPipeIsAStream) {
  ASSERT_EQ(mkfifo(folder_.path("pipe").c_str(), 0600), 0);
  const auto list = ListInputs({folder_.path("pipe")}, folder_.path("out"));
  ASSERT_TRUE(list.ok());
  EXPECT_TRUE(list->front().stream);
}

TEST(PrintableNameTest, IsValidUtf8OnOneLine) {
  EXPECT_EQ(PrintableName("log \xC3\xA9\n\xFF\x7F.gz"),
            "log \xC3\xA9\\x0A\\xFF\\x7F.gz");
}

}  // namespace
}  // namespace nymstream
