// What is in a RawBatch, a Deidentifier alone can read.
#include "nymstream/batch.h"

std::string_view Peek(nymstream::RawBatch& raw,
                      nymstream::ReleasedBatch& released) {
#ifdef SHOULD_FAIL
  return raw.bytes_.view();  // refused
#else
  (void)raw;
  return released.bytes(0);
#endif
}
