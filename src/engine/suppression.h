// Releases that a record is kept from, and why.
#ifndef NYMSTREAM_ENGINE_SUPPRESSION_H_
#define NYMSTREAM_ENGINE_SUPPRESSION_H_

#include <array>
#include <cstddef>

#include "engine/treated_value.h"
#include "nymstream/verdict.h"

namespace nymstream {

// Of one record. The first reason counts.
class Suppression {
 public:
  void Start() {
    if (releases_ == 0) return;
    releases_ = 0;
    by_.fill(0);
  }
  void Add(ReleaseMask releases, SuppressionReason reason) {
    by_[static_cast<size_t>(reason)] |= releases & ~releases_;
    releases_ |= releases;
  }

  ReleaseMask releases() const { return releases_; }
  bool Holds(size_t release) const { return (releases_ >> release & 1) != 0; }
  // The reason counts for `release`.
  bool IsFor(size_t reason, size_t release) const {
    return (by_[reason] >> release & 1) != 0;
  }

 private:
  ReleaseMask releases_ = 0;
  std::array<ReleaseMask, kSuppressionReasonCount> by_{};
};

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_SUPPRESSION_H_
