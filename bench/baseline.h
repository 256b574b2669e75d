// Ratios to a baseline that is measured in the same process, so that a number
// from one machine says something about another.
#ifndef NYMSTREAM_BENCH_BASELINE_H_
#define NYMSTREAM_BENCH_BASELINE_H_

#include <algorithm>
#include <limits>

#include "measure/rounds.h"

namespace nymstream {

// Seconds of CPU that the fastest of `rounds` calls takes.
template <typename Function>
double BestSeconds(int rounds, const Function& function) {
  double best = std::numeric_limits<double>::infinity();
  for (int i = 0; i < rounds; ++i) {
    const double begin = ThreadCpuSeconds();
    function();
    best = std::min(best, ThreadCpuSeconds() - begin);
  }
  return best;
}

}  // namespace nymstream

#endif  // NYMSTREAM_BENCH_BASELINE_H_
