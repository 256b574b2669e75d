// URLs, edited as bytes: what is not an identifier stays as it was written.
#ifndef NYMSTREAM_TREATMENT_URL_H_
#define NYMSTREAM_TREATMENT_URL_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/edit_list.h"

namespace nymstream {

enum class UrlTreatment : uint8_t {
  kRedactParameters,  // path kept; query values redacted unless allow-listed
  kPathOnly,          // query and fragment cut (the `?` too)
};

// Appends the edits that make `url` (decoded, no JSON escapes; absolute,
// origin-form "/a?b", authority-form, or a combined log's request line
// "GET /a HTTP/1.1") safe. In both treatments: userinfo is redacted;
// identifiers (FindIdentifiers, seen through percent and double percent
// encoding) in host, path segments, parameter names and allow-listed values are
// redacted; a path segment that mixes letters and digits over 20 characters or
// follows a token-like name (reset, token, verify, invite, confirm, session)
// is redacted; matrix parameters (;jsessionid=) are treated as query values.
// The fragment is cut. Parameter names are compared without case and percent-
// decoded with `keep_parameters`. A URL with bytes that no URL may hold (space
// outside a request line, control, quote, backslash, invalid percent triplet)
// is redacted whole (Detector::kUrlUnparseable). "-" and "" stay. Linear; no
// allocation but the growth of `edits`.
void FindUrlEdits(std::string_view url, UrlTreatment treatment,
                  std::span<const std::string> keep_parameters,
                  EditList* edits);

}  // namespace nymstream

#endif  // NYMSTREAM_TREATMENT_URL_H_
