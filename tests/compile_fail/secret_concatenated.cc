// Locked bytes can't become part of a text.
#include "absl/strings/str_cat.h"
#include "secret/secret_bytes.h"

std::string Text(const nymstream::SecretBytes& value) {
#ifdef SHOULD_FAIL
  return absl::StrCat("secret: ", value);  // refused
#else
  (void)value;
  return absl::StrCat("secret: ", "a secret");
#endif
}
