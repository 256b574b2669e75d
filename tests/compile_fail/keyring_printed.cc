// A keyring can't be streamed.
#include <ostream>

#include "nymstream/keyring.h"

void Print(std::ostream& out, const nymstream::Keyring& value) {
#ifdef SHOULD_FAIL
  out << value;  // refused
#else
  (void)value;
  out << "a secret";
#endif
}
