// Goal: a bench reads whole records, as replay does, and says what is wrong.
#include "measure/sample.h"

#include <zlib.h>

#include <fstream>
#include <string>

#include "absl/strings/match.h"
#include "gtest/gtest.h"

namespace nymstream {
namespace {

std::string WriteFile(const std::string& name, const std::string& content) {
  const std::string path = testing::TempDir() + name;
  std::ofstream(path, std::ios::binary) << content;
  return path;
}

std::string Lines(size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) text += std::to_string(i) + "\n";
  return text;
}

TEST(SampleTest, AHalfWarmsUpAndTheOtherIsTimed) {
  const std::string text = Lines(2'000'000);
  ASSERT_GT(text.size(), kSmallSampleBytes);
  const Sample sample = CutSample(text);
  EXPECT_FALSE(sample.seen_before);
  EXPECT_EQ(sample.warm_up + sample.timed, text);
  EXPECT_EQ(sample.warm_up.back(), '\n');
  EXPECT_NEAR(static_cast<double>(sample.warm_up.size()),
              static_cast<double>(sample.timed.size()), 100);
}

TEST(SampleTest, ASmallInputIsReadTwiceAndSaysSo) {
  const auto sample = ReadSample(WriteFile("small.log", "a\nb"), 1 << 20);
  ASSERT_TRUE(sample.ok()) << sample.status();
  EXPECT_TRUE(sample->seen_before);
  EXPECT_EQ(sample->warm_up, "a\nb\n");
  EXPECT_EQ(sample->timed, "a\nb\n");
}

TEST(SampleTest, ALongInputIsCutAfterARecord) {
  const auto sample = ReadSample(WriteFile("long.log", Lines(1000)), 101);
  ASSERT_TRUE(sample.ok()) << sample.status();
  EXPECT_EQ(sample->timed, Lines(1000).substr(0, sample->timed.size()));
  EXPECT_LE(sample->timed.size(), 101u);
  EXPECT_GT(sample->timed.size(), 96u);
  EXPECT_EQ(sample->timed.back(), '\n');
}

TEST(SampleTest, GzipIsDecompressed) {
  const std::string path = testing::TempDir() + "small.log.gz";
  gzFile file = gzopen(path.c_str(), "wb");
  ASSERT_EQ(gzputs(file, "a\nb\n"), 4);
  ASSERT_EQ(gzclose(file), Z_OK);
  const auto sample = ReadSample(path, 1 << 20);
  ASSERT_TRUE(sample.ok()) << sample.status();
  EXPECT_EQ(sample->timed, "a\nb\n");
}

TEST(SampleTest, WhatHoldsNoRecordIsRefused) {
  for (const std::string content : {"", "\n\r\n"}) {
    const auto sample = ReadSample(WriteFile("none.log", content), 1 << 20);
    EXPECT_EQ(sample.status().code(), absl::StatusCode::kInvalidArgument);
  }
  const auto too_long =
      ReadSample(WriteFile("one.log", std::string(2000, 'x')), 1000);
  EXPECT_TRUE(absl::StrContains(too_long.status().message(), "--sample-mib"))
      << too_long.status();
  EXPECT_FALSE(ReadSample(testing::TempDir(), 1000).ok());
  EXPECT_EQ(ReadSample("/nonexistent", 1000).status().code(),
            absl::StatusCode::kNotFound);
}

TEST(SampleTest, RecordsAreGeneratedForTheSchemasThatTheGeneratorKnows) {
  Plan plan;
  plan.schema_name = "nginx-json";
  EXPECT_EQ(GeneratedFormatOf(plan), GeneratedFormat::kNginxJson);
  plan.schema_name = "app";
  EXPECT_EQ(GeneratedFormatOf(plan), std::nullopt);
  plan.format = LogFormat::kCombined;
  EXPECT_EQ(GeneratedFormatOf(plan), GeneratedFormat::kCombined);
  const Sample sample = GenerateSample(GeneratedFormat::kCombined, 0, 1 << 20);
  EXPECT_GE(sample.timed.size(), 1u << 20);
}

}  // namespace
}  // namespace nymstream
