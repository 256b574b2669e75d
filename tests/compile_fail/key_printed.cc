// A key can't be streamed.
#include <ostream>

#include "secret/pseudonym_key.h"

void Print(std::ostream& out, const nymstream::PseudonymKey& value) {
#ifdef SHOULD_FAIL
  out << value;  // refused
#else
  (void)value;
  out << "a secret";
#endif
}
