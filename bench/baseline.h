// Ratios to a baseline that is measured in the same process, so that a number
// from one machine says something about another.
#ifndef NYMSTREAM_BENCH_BASELINE_H_
#define NYMSTREAM_BENCH_BASELINE_H_

#include <algorithm>
#include <chrono>
#include <limits>

namespace nymstream {

// Seconds that the fastest of `rounds` calls takes.
template <typename Function>
double BestSeconds(int rounds, const Function& function) {
  double best = std::numeric_limits<double>::infinity();
  for (int i = 0; i < rounds; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    function();
    const std::chrono::duration<double> took =
        std::chrono::steady_clock::now() - begin;
    best = std::min(best, took.count());
  }
  return best;
}

}  // namespace nymstream

#endif  // NYMSTREAM_BENCH_BASELINE_H_
