#include "kafka/quarantine_ratio.h"

namespace nymstream {

void QuarantineRatio::Add(uint64_t received, uint64_t quarantined) {
  open_.received += received;
  open_.quarantined += quarantined;
}

void QuarantineRatio::Commit() {
  newer_.received += open_.received;
  newer_.quarantined += open_.quarantined;
  open_ = {};
  if (newer_.received < kWindowRecords / 2) return;
  older_ = newer_;
  newer_ = {};
}

bool QuarantineRatio::Exceeded() const {
  const uint64_t received = older_.received + newer_.received + open_.received;
  const uint64_t quarantined =
      older_.quarantined + newer_.quarantined + open_.quarantined;
  return received >= kRecordsMin && static_cast<double>(quarantined) >
                                        max_ * static_cast<double>(received);
}

}  // namespace nymstream
