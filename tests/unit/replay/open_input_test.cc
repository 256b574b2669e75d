// Goal: what was compressed comes out again, or the error names file and byte.
// Method: compress with the libraries themselves, then cut and damage.
#include "replay/open_input.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <random>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "replay/sha256.h"
#include "unit/replay/compress.h"
#include "unit/replay/temp_folder.h"

namespace nymstream {
namespace {

using ::testing::HasSubstr;

std::string RandomText(uint32_t seed, size_t size) {
  std::mt19937 random(seed);
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>('a' + random() % 20);
  return text;
}

class OpenInputTest : public ::testing::Test {
 protected:
  // All decompressed bytes, or "CODE: MESSAGE".
  std::string ReadBack(std::string_view name, std::string_view bytes,
                       size_t block_size = 4096) {
    folder_.Write(name, bytes);
    return Read(std::string(name), block_size);
  }

  std::string Read(const std::string& name, size_t block_size = 4096,
                   std::optional<RawPrefix> expected = std::nullopt) {
    const auto list = ListInputs({folder_.path(name)}, folder_.path("out"));
    if (!list.ok()) return list.status().ToString();
    const auto opened = OpenInput(list->front(), stopped_, expected);
    if (!opened.ok()) return opened.status().ToString();
    std::string all;
    std::string block(block_size, '\0');
    while (true) {
      const auto got = opened->bytes()->Read(block.data(), block.size());
      if (!got.ok()) return got.status().ToString();
      if (*got == 0) break;
      all.append(block, 0, *got);
    }
    digest_ = opened->raw->prefix().sha256;
    return all;
  }

  TempFolder folder_;
  std::function<bool()> stopped_ = [] { return false; };
  std::string digest_;
};

TEST_F(OpenInputTest, PlainBytesComeAsTheyAre) {
  for (const unsigned size : {0u, 1u, 3u, 5u, 6u, 7u, 100'000u}) {
    const std::string text = RandomText(1, size);
    EXPECT_EQ(ReadBack("a.log", text, 7), text) << size;
  }
}

TEST_F(OpenInputTest, ContentDecidesNotTheName) {
  EXPECT_EQ(ReadBack("a.log", Gzip("gzip\n")), "gzip\n");
  EXPECT_EQ(ReadBack("a.txt", Zstd("zstd\n")), "zstd\n");
  EXPECT_EQ(ReadBack("a.gz", Zstd("zstd\n")), "zstd\n");
}

TEST_F(OpenInputTest, ANameThatPromisesCompressionMustKeepIt) {
  for (const char* name : {"a.gz", "a.zst"}) {
    EXPECT_THAT(ReadBack(name, "{}\n"), HasSubstr("is none at byte 0"));
    EXPECT_THAT(ReadBack(name, ""), HasSubstr("is none at byte 0"));
  }
}

TEST_F(OpenInputTest, OtherCompressionIsNamed) {
  EXPECT_THAT(ReadBack("a", "BZh91AY&SY"), HasSubstr("bzip2"));
  EXPECT_THAT(ReadBack("a", std::string("\xFD"
                                        "7zXZ\0\0",
                                        7)),
              HasSubstr("xz"));
}

TEST_F(OpenInputTest, ManyMembersAndFramesAreOneText) {
  std::string gzip;
  std::string zstd;
  std::string text;
  for (uint32_t i = 0; i < 20; ++i) {
    const std::string piece = RandomText(i, i * 1000);
    text += piece;
    gzip += Gzip(piece);
    zstd += Zstd(piece);
  }
  for (const unsigned block_size : {1u, 100u, 1u << 20}) {
    EXPECT_TRUE(ReadBack("a.gz", gzip, block_size) == text);
    EXPECT_TRUE(ReadBack("a.zst", zstd, block_size) == text);
  }
}

TEST_F(OpenInputTest, PaddingAndSkippableFramesAreNothing) {
  EXPECT_EQ(ReadBack("a.gz", Gzip("x\n") + std::string(1000, '\0')), "x\n");
  const std::string skippable("\x50\x2A\x4D\x18\x02\x00\x00\x00hi", 10);
  EXPECT_EQ(ReadBack("a.zst", skippable + Zstd("x\n") + skippable), "x\n");
}

TEST_F(OpenInputTest, EveryTruncationIsNoticed) {
  const std::string text = RandomText(7, 300);
  const std::string gzip = Gzip(text) + Gzip(text);
  const size_t member = Gzip(text).size();
  for (size_t size = 3; size < gzip.size(); ++size) {
    if (size == member) continue;  // one whole member
    EXPECT_THAT(
        ReadBack("a.gz", gzip.substr(0, size)),
        HasSubstr("inside compressed data at byte " + std::to_string(size)));
  }
  const std::string zstd = Zstd(text) + Zstd(text);
  const size_t frame = Zstd(text).size();
  for (size_t size = 4; size < zstd.size(); ++size) {
    if (size == frame) continue;
    EXPECT_THAT(
        ReadBack("a.zst", zstd.substr(0, size)),
        HasSubstr("inside compressed data at byte " + std::to_string(size)));
  }
}

TEST_F(OpenInputTest, DamageIsNeverTakenForText) {
  const std::string text = RandomText(8, 2000);
  for (const std::string& good : {Gzip(text), Zstd(text)}) {
    std::mt19937 random(9);
    for (int round = 0; round < 300; ++round) {
      std::string bad = good;
      const size_t at = 10 + random() % (bad.size() - 10);
      bad[at] = static_cast<char>(bad[at] ^ (1 << random() % 8));
      const std::string got = ReadBack("a", bad);
      if (got == text) continue;  // a bit that means nothing
      EXPECT_THAT(got, HasSubstr("DATA_LOSS")) << "bit in byte " << at;
      EXPECT_THAT(got, HasSubstr(" at byte "));
    }
  }
}

TEST_F(OpenInputTest, OtherBytesAfterTheDataAreAnError) {
  EXPECT_THAT(ReadBack("a", Gzip("x\n") + "{}\n"), HasSubstr("DATA_LOSS"));
  EXPECT_THAT(ReadBack("a", Gzip("x\n") + std::string(3, '\0') + "{}\n"),
              HasSubstr("DATA_LOSS"));
  EXPECT_THAT(ReadBack("a", Zstd("x\n") + "{}\n"), HasSubstr("DATA_LOSS"));
}

TEST_F(OpenInputTest, AWindowBeyondMemoryIsRefusedWithAWayOut) {
  EXPECT_EQ(ReadBack("a.zst", Zstd("x\n", 27)), "x\n");
  EXPECT_THAT(ReadBack("a.zst", Zstd("x\n", 28)), HasSubstr("--long"));
}

TEST_F(OpenInputTest, TheDigestIsThatOfTheStoredBytes) {
  // FIPS 180-2, appendix B.1.
  ReadBack("a", "abc");
  EXPECT_EQ(digest_,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const std::string gzip = Gzip(RandomText(3, 5000));
  ReadBack("a.gz", gzip, 10);
  Sha256 whole;
  whole.Update(gzip);
  EXPECT_EQ(digest_, whole.Hex());
}

TEST_F(OpenInputTest, APrefixThatDiffersIsNoticed) {
  const std::string text = RandomText(4, 10'000);
  for (const unsigned prefix : {1u, 6u, 4096u, 9'999u, 10'000u}) {
    Sha256 digest;
    digest.Update(text.substr(0, prefix));
    const RawPrefix expected{prefix, digest.Hex()};
    folder_.Write("a", text);
    EXPECT_EQ(Read("a", 4096, expected), text);
    std::string changed = text;
    changed[prefix - 1] = '#';
    folder_.Write("a", changed);
    EXPECT_THAT(Read("a", 4096, expected), HasSubstr("is not what"));
    folder_.Write("a", text.substr(0, prefix - 1));
    EXPECT_THAT(Read("a", 4096, expected), HasSubstr("shorter"));
  }
}

TEST_F(OpenInputTest, AFileThatChangesWhileItIsReadIsNoticed) {
  folder_.Write("a", "one\n");
  const auto list = ListInputs({folder_.path("a")}, folder_.path("out"));
  ASSERT_TRUE(list.ok());
  const auto opened = OpenInput(list->front(), stopped_, {});
  ASSERT_TRUE(opened.ok());
  EXPECT_TRUE(opened->raw->CheckUnchanged().ok());
  folder_.Write("a", "one\ntwo\n");
  EXPECT_EQ(opened->raw->CheckUnchanged().code(), absl::StatusCode::kAborted);
  EXPECT_THAT(OpenInput(list->front(), stopped_, {}).status().ToString(),
              HasSubstr("changed since the replay began"));
}

TEST_F(OpenInputTest, AnUnreadableFileIsNamedWithARemedy) {
  if (geteuid() == 0) GTEST_SKIP() << "root reads everything";
  folder_.Write("a", "x");
  ASSERT_EQ(chmod(folder_.path("a").c_str(), 0), 0);
  EXPECT_THAT(Read("a"), HasSubstr("give this user access"));
}

TEST_F(OpenInputTest, ASilentPipeCanBeStopped) {
  ASSERT_EQ(mkfifo(folder_.path("pipe").c_str(), 0600), 0);
  // Holds the pipe open, and says nothing.
  const FileHandle writer(open(folder_.path("pipe").c_str(), O_RDWR));
  int asked = 0;
  stopped_ = [&asked] { return ++asked > 2; };
  EXPECT_THAT(Read("pipe"), HasSubstr("CANCELLED"));
}

}  // namespace
}  // namespace nymstream
