// Where a detector found an identifier.
#ifndef NYMSTREAM_TREATMENT_MATCH_H_
#define NYMSTREAM_TREATMENT_MATCH_H_

#include <cstddef>

#include "base/edit_list.h"

namespace nymstream {

// Empty (false) if nothing was found.
struct Match {
  size_t begin = 0;
  size_t end = 0;
  Detector detector = Detector::kLongHex;
  explicit operator bool() const { return end > begin; }
};

}  // namespace nymstream

#endif  // NYMSTREAM_TREATMENT_MATCH_H_
