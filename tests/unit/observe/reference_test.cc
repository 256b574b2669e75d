// Goal: the reference pages say what the tables say.
#include "observe/reference.h"

#include <set>
#include <string_view>

#include "gtest/gtest.h"
#include "observe/event.h"
#include "observe/metric_table.h"
#include "policy/reference_page.h"

namespace nymstream {
namespace {

TEST(ObserveReferenceTest, ThePagesAreCurrent) {
  ExpectPageIsCurrent("docs/reference/metrics.md", MetricReference());
  ExpectPageIsCurrent("docs/reference/events.md", EventReference());
}

TEST(ObserveReferenceTest, EveryNameIsThereOnce) {
  std::set<std::string_view> names;
  for (int i = 0; i < kMetricCount; ++i) {
    const MetricText& text = TextOf(static_cast<Metric>(i));
    EXPECT_TRUE(names.insert(text.name).second) << text.name;
    EXPECT_EQ(text.help.back(), '.') << text.name;
  }
  for (int i = 0; i < kEventCount; ++i) {
    const EventText& text = TextOf(static_cast<Event>(i));
    EXPECT_TRUE(names.insert(text.name).second) << text.name;
    EXPECT_FALSE(text.meaning.empty()) << text.name;
  }
}

}  // namespace
}  // namespace nymstream
