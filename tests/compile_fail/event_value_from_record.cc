// The event log takes no text that is made at run time.
#include <string>

#include "observe/event_log.h"

void Tell(nymstream::EventLog& log, const std::string& record) {
#ifdef SHOULD_FAIL
  log.Emit(nymstream::Event::kLaneFailed, {{"record", record}});  // refused
#else
  log.Emit(nymstream::Event::kLaneFailed, {{"record", record.size()}});
#endif
}
