// Measurements taken in turn, so that a change of the machine's mood meets all.
#ifndef NYMSTREAM_MEASURE_ROUNDS_H_
#define NYMSTREAM_MEASURE_ROUNDS_H_

#include <cstddef>
#include <functional>
#include <vector>

namespace nymstream {

// Seconds of CPU that the calling thread has used.
double ThreadCpuSeconds();

// What several rounds gave.
struct Spread {
  double min = 0;
  double median = 0;
  double max = 0;
};
// `values` is not empty.
Spread SpreadOf(std::vector<double> values);

// Runs one after the other, `rounds` times over; in every second round in the
// opposite order. result[i][r] is what runs[i] gave in round r. `after_each`
// is called after every run.
std::vector<std::vector<double>> RunInTurn(
    const std::vector<std::function<double()>>& runs, int rounds,
    const std::function<void()>& after_each);

}  // namespace nymstream

#endif  // NYMSTREAM_MEASURE_ROUNDS_H_
