// A secret has one owner.
#include <utility>

#include "secret/secret_bytes.h"

nymstream::SecretBytes Take(nymstream::SecretBytes& secret) {
#ifdef SHOULD_FAIL
  return nymstream::SecretBytes(secret);  // refused
#else
  return nymstream::SecretBytes(std::move(secret));
#endif
}
