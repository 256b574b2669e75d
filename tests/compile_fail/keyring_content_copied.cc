// The secrets of a keyring can't be copied.
#include <utility>

#include "secret/keyring_text.h"

nymstream::KeyringContent Take(nymstream::KeyringContent& value) {
#ifdef SHOULD_FAIL
  return nymstream::KeyringContent(value);  // refused
#else
  return nymstream::KeyringContent(std::move(value));
#endif
}
