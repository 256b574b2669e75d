// The private key of the quarantine can't be streamed.
#include <ostream>

#include "quarantine/quarantine_key.h"

void Print(std::ostream& out, const nymstream::QuarantinePrivateKey& value) {
#ifdef SHOULD_FAIL
  out << value;  // refused
#else
  out << nymstream::QuarantineKeyIdText(value.public_key.id);
#endif
}
