#include "measure/rounds.h"

#include <algorithm>
#include <ctime>

#include "base/check.h"

namespace nymstream {

double ThreadCpuSeconds() {
  timespec time{};
  NYM_CHECK(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0);
  return static_cast<double>(time.tv_sec) +
         static_cast<double>(time.tv_nsec) * 1e-9;
}

Spread SpreadOf(std::vector<double> values) {
  NYM_CHECK(!values.empty());
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  const double median = values.size() % 2 == 1
                            ? values[middle]
                            : (values[middle - 1] + values[middle]) / 2;
  return {values.front(), median, values.back()};
}

std::vector<std::vector<double>> RunInTurn(
    const std::vector<std::function<double()>>& runs, int rounds,
    const std::function<void()>& after_each) {
  std::vector<std::vector<double>> results(runs.size());
  for (int round = 0; round < rounds; ++round) {
    for (size_t i = 0; i < runs.size(); ++i) {
      const size_t turn = round % 2 == 0 ? i : runs.size() - 1 - i;
      results[turn].push_back(runs[turn]());
      after_each();
    }
  }
  return results;
}

}  // namespace nymstream
