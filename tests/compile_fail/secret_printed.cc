// Locked bytes can't be streamed.
#include <ostream>

#include "secret/secret_bytes.h"

void Print(std::ostream& out, const nymstream::SecretBytes& value) {
#ifdef SHOULD_FAIL
  out << value;  // refused
#else
  (void)value;
  out << "a secret";
#endif
}
