// Nor its address as text, as a truth value, or as a character.
#include "observe/event_value.h"

nymstream::EventValue Value(const char* record) {
#ifdef SHOULD_FAIL
  return record;  // refused
#else
  return record != nullptr;
#endif
}
