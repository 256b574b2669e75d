// A key can't become part of a text.
#include "absl/strings/str_cat.h"
#include "secret/pseudonym_key.h"

std::string Text(const nymstream::PseudonymKey& value) {
#ifdef SHOULD_FAIL
  return absl::StrCat("key: ", value);  // refused
#else
  (void)value;
  return absl::StrCat("key: ", "a secret");
#endif
}
