// Counts of values in fixed buckets.
#ifndef NYMSTREAM_OBSERVE_HISTOGRAM_H_
#define NYMSTREAM_OBSERVE_HISTOGRAM_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace nymstream {

// Copies, so that a scrape can take one and be gone. One thread at a time.
class Histogram {
 public:
  // `bounds` ascend and live as long as any copy.
  explicit Histogram(std::span<const double> bounds)
      : bounds_(bounds), counts_(bounds.size() + 1) {}

  // A value belongs to the first bucket whose bound is not below it.
  void Observe(double value);
  // Of the same bounds.
  void Add(const Histogram& other);

  std::span<const double> bounds() const { return bounds_; }
  // One per bound, and one for what is above all; not cumulative.
  std::span<const uint64_t> counts() const { return counts_; }
  double sum() const { return sum_; }

 private:
  std::span<const double> bounds_;
  std::vector<uint64_t> counts_;
  double sum_ = 0;
};

}  // namespace nymstream

#endif  // NYMSTREAM_OBSERVE_HISTOGRAM_H_
