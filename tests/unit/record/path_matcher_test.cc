// Goal: a guess is never wrong. Method: names that nearly match.
#include "record/path_matcher.h"

#include <string>

#include "gtest/gtest.h"
#include "record/parsed_record.h"
#include "unit/record/parse_support.h"

namespace nymstream {
namespace {

// The field at the child `name` of the root, through guess and lookup.
int32_t Match(PathMatcher* matcher, const std::string& name) {
  PathMatcher::Cursor cursor = 0;
  const std::string text = name + "\":" + std::string(kRawPadding, ' ');
  const PathMatcher::Name* const guessed = PathMatcher::MatchGuess(
      matcher->NamesOf(matcher->root()), text.data(), &cursor);
  if (guessed == nullptr) {
    return matcher->FieldAt(matcher->Find(matcher->root(), name, &cursor));
  }
  EXPECT_EQ(guessed->size(), name.size());
  EXPECT_EQ(guessed->member.field, matcher->FieldAt(guessed->child));
  return guessed->member.field;
}

TEST(PathMatcherTest, LongNamesAreFoundThoughNeverGuessed) {
  const std::string name(PathMatcher::kGuessableBytesMax + 1, 'n');
  PathMatcher matcher(FieldsAt({name}));
  EXPECT_EQ(Match(&matcher, name), 0);
  EXPECT_EQ(Match(&matcher, name), 0);
  EXPECT_EQ(Match(&matcher, name + "n"), kUnclassified);
  EXPECT_EQ(Match(&matcher, name.substr(1)), kUnclassified);
}

TEST(PathMatcherTest, NamesOfTheLargestGuessableSizeAreGuessed) {
  const std::string name(PathMatcher::kGuessableBytesMax, 'n');
  PathMatcher matcher(FieldsAt({name}));
  EXPECT_EQ(Match(&matcher, name), 0);
  EXPECT_EQ(Match(&matcher, name + "n"), kUnclassified);
  EXPECT_EQ(Match(&matcher, name), 0);
}

TEST(PathMatcherTest, ANameWithAQuoteIsNotTakenForAShorterOne) {
  PathMatcher matcher(FieldsAt({R"(["a\""])", "a"}));
  EXPECT_EQ(Match(&matcher, "a"), 1);
  PathMatcher::Cursor cursor = 0;
  EXPECT_EQ(matcher.FieldAt(matcher.Find(0, "a\"", &cursor)), 0);
}

TEST(PathMatcherTest, AKeyOrAHeaderOfARecordIsNothingInIt) {
  std::vector<PlanField> fields = FieldsAt({"a"});
  PlanField key;
  key.carrier = Carrier::kKafkaKey;
  fields.push_back(key);
  PathMatcher matcher(fields);
  EXPECT_EQ(matcher.FieldAt(matcher.root()), kOnPath);
  EXPECT_EQ(Match(&matcher, "a"), 0);
}

}  // namespace
}  // namespace nymstream
