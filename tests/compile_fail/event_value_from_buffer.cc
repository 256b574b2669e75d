// An array that is filled at run time is no literal.
#include "observe/event_value.h"

nymstream::EventValue Value(char byte) {
#ifdef SHOULD_FAIL
  const char buffer[] = {byte, '\0'};
  return nymstream::EventValue(buffer);  // refused
#else
  (void)byte;
  return nymstream::EventValue("literal");
#endif
}
