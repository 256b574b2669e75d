// Nor a view of it.
#include <string_view>

#include "observe/event_value.h"

nymstream::EventValue Value(std::string_view record) {
#ifdef SHOULD_FAIL
  return record;  // refused
#else
  return record.empty();
#endif
}
