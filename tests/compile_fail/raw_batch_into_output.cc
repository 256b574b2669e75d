// The output of a replay takes what a Deidentifier made, and no raw bytes.
#include "replay/output_folder.h"

absl::Status Deliver(nymstream::OutputFolder& out, nymstream::RawBatch& raw,
                     nymstream::ReleasedBatch& released) {
#ifdef SHOULD_FAIL
  return out.Write(raw, "access.log");  // refused
#else
  (void)raw;
  return out.Write(released, "access.log");
#endif
}
