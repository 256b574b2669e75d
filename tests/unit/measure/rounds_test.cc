// Goal: runs alternate, and what they gave is summed up rightly.
#include "measure/rounds.h"

#include <functional>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace nymstream {
namespace {

TEST(RoundsTest, TheMedianOfAnEvenNumberIsTheMeanOfTheMiddle) {
  const Spread spread = SpreadOf({4, 1, 10, 2});
  EXPECT_EQ(spread.min, 1);
  EXPECT_EQ(spread.median, 3);
  EXPECT_EQ(spread.max, 10);
}

TEST(RoundsTest, RunsTakeTurnsAndEverySecondRoundGoesBack) {
  std::string order;
  int after = 0;
  std::vector<std::function<double()>> runs;
  for (const char name : {'a', 'b', 'c'}) {
    runs.emplace_back([&order, name] {
      order.push_back(name);
      return static_cast<double>(order.size());
    });
  }
  const auto results = RunInTurn(runs, 3, [&] { ++after; });
  EXPECT_EQ(order, "abccbaabc");
  EXPECT_EQ(after, 9);
  EXPECT_EQ(results[0], (std::vector<double>{1, 6, 7}));
  EXPECT_EQ(results[2], (std::vector<double>{3, 4, 9}));
}

TEST(RoundsTest, OnlyWorkCostsCpuTime) {
  const double begin = ThreadCpuSeconds();
  volatile uint64_t sum = 0;
  while (ThreadCpuSeconds() - begin < 0.01) sum = sum + 1;
  EXPECT_GT(sum, 0u);
}

}  // namespace
}  // namespace nymstream
