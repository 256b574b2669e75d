// A Word is made at compile time.
#include <string_view>

#include "observe/word.h"

nymstream::Word Condition(std::string_view record) {
#ifdef SHOULD_FAIL
  return nymstream::Word(record);  // refused
#else
  return record.empty() ? nymstream::Word("empty") : nymstream::Word("full");
#endif
}
