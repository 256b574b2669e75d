// The circuit breaker: stops a stage whose input is mostly refused.
#ifndef NYMSTREAM_KAFKA_QUARANTINE_RATIO_H_
#define NYMSTREAM_KAFKA_QUARANTINE_RATIO_H_

#include <cstdint>

namespace nymstream {

// Judged over the last kWindowRecords records or so, once kRecordsMin have been
// seen: a few bad records after a start say nothing.
class QuarantineRatio {
 public:
  static constexpr uint64_t kWindowRecords = 10000;
  static constexpr uint64_t kRecordsMin = 100;

  // `max`: limits.quarantine_ratio_max.
  explicit QuarantineRatio(double max) : max_(max) {}

  // Counts of a batch of the open transaction.
  void Add(uint64_t received, uint64_t quarantined);
  // They stand, or never were.
  void Commit();
  void Abort() { open_ = {}; }

  // With the open transaction in it.
  bool Exceeded() const;

 private:
  struct Counts {
    uint64_t received = 0;
    uint64_t quarantined = 0;
  };
  double max_;
  Counts older_;  // two halves of the window
  Counts newer_;
  Counts open_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_KAFKA_QUARANTINE_RATIO_H_
