// A name of the configuration comes out of the log's own list only.
#include <string_view>

#include "observe/event_log.h"

nymstream::ConfigName Name(const nymstream::EventLog& log,
                           std::string_view record) {
#ifdef SHOULD_FAIL
  return nymstream::ConfigName(record);  // refused
#else
  return log.Name(record);
#endif
}
