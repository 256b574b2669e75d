// Goal: each value is counted in one bucket, and the sum is exact.
#include "observe/histogram.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace nymstream {
namespace {

using ::testing::ElementsAre;

constexpr double kBounds[] = {1, 10};

TEST(HistogramTest, AValueAtABoundBelongsBelowIt) {
  Histogram histogram(kBounds);
  for (const double value : {0.0, 1.0, 1.5, 10.0, 11.0, 1000.0}) {
    histogram.Observe(value);
  }
  EXPECT_THAT(histogram.counts(), ElementsAre(2, 2, 2));
  EXPECT_EQ(histogram.sum(), 1023.5);
}

TEST(HistogramTest, HistogramsAddUp) {
  Histogram sum(kBounds);
  Histogram other(kBounds);
  sum.Observe(1);
  other.Observe(2);
  other.Observe(20);
  sum.Add(other);
  EXPECT_THAT(sum.counts(), ElementsAre(1, 1, 1));
  EXPECT_EQ(sum.sum(), 23);
}

}  // namespace
}  // namespace nymstream
