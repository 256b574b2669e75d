// Goal: the parse limit visits every record to its end.
#include "measure/parse_limit.h"

#include "gtest/gtest.h"

namespace nymstream {
namespace {

TEST(ParseLimitTest, JsonIsWalkedRecordByRecordNestedOrNot) {
  ParseLimit limit(LogFormat::kJson,
                   "{\"a\":1,\"b\":{\"c\":[1,{\"d\":\"e\"},[]]}}\n"
                   "\n"
                   "{}\n{\"a\":null}");
  for (int i = 0; i < 2; ++i) {
    const ParseLimit::Result result = limit.Run();
    EXPECT_EQ(result.records, 3u);
    EXPECT_EQ(result.not_walked, 0u);
  }
}

TEST(ParseLimitTest, ARecordThatIsNoJsonIsCounted) {
  ParseLimit limit(LogFormat::kJson,
                   "{\"a\":1}\n{\"a\" 1}\nnothing\n{\"a\":[1 2]}\n");
  const ParseLimit::Result result = limit.Run();
  EXPECT_EQ(result.records, 4u);
  EXPECT_EQ(result.not_walked, 3u);
}

TEST(ParseLimitTest, LinesAreCounted) {
  ParseLimit limit(LogFormat::kCombined, "a\n\nbc\nlast");
  const ParseLimit::Result result = limit.Run();
  EXPECT_EQ(result.records, 3u);
  EXPECT_EQ(result.not_walked, 0u);
}

}  // namespace
}  // namespace nymstream
