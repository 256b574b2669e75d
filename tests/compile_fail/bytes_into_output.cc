// Nor does it take a run of bytes that says nothing of where it comes from.
#include "replay/output_folder.h"

absl::Status Deliver(nymstream::OutputFolder& out, std::string_view record,
                     nymstream::ReleasedBatch& released) {
#ifdef SHOULD_FAIL
  return out.Write(record, "access.log");  // refused
#else
  (void)record;
  return out.Write(released, "access.log");
#endif
}
