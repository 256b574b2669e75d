// A ReleasedBatch can't be filled but by a Deidentifier.
#include "nymstream/batch.h"

void Forge(nymstream::ReleasedBatch& released, std::string_view raw) {
#ifdef SHOULD_FAIL
  released.sealed_.Append(raw);  // refused
#else
  (void)released;
  (void)raw;
#endif
}
