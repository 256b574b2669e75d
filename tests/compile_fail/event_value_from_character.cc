// A record's bytes do not become numbers one by one.
#include "observe/event_value.h"

nymstream::EventValue Value(char record_byte) {
#ifdef SHOULD_FAIL
  return record_byte;  // refused
#else
  return record_byte == '\n';
#endif
}
