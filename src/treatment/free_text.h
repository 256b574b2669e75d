// Identifiers inside free text, found in linear time.
#ifndef NYMSTREAM_TREATMENT_FREE_TEXT_H_
#define NYMSTREAM_TREATMENT_FREE_TEXT_H_

#include <string_view>

#include "base/edit_list.h"

namespace nymstream {

// Appends an edit (text kRedacted) for every identifier in `text` (decoded
// UTF-8, no JSON escapes): IPv4 and IPv6 (with port, brackets, CIDR, zone),
// e-mail (also with %40), MAC, UUID, card number (Luhn, 13 to 19 digits, with
// spaces or hyphens), IBAN (mod 97), international phone number (+ or 00 and 8
// to 15 digits), JWT, bearer and basic credentials (and key=, token=, password=
// values), hex of 16 digits or more. Percent-encoded separators are seen
// through. Edits are in order and don't overlap. Linear in text.size() for
// every input; no allocation but the growth of `edits`. A first pass over a
// byte-class table decides which detectors can match at all.
void FindIdentifiers(std::string_view text, EditList* edits);

}  // namespace nymstream

#endif  // NYMSTREAM_TREATMENT_FREE_TEXT_H_
