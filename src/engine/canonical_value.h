// The bytes a pseudonym is made from, whatever way the value was written.
#ifndef NYMSTREAM_ENGINE_CANONICAL_VALUE_H_
#define NYMSTREAM_ENGINE_CANONICAL_VALUE_H_

#include <string_view>

#include "base/arena.h"
#include "nymstream/log_schema.h"

namespace nymstream {

// Canonical form of a decoded value of type ip, ip_port, id, mac or email, in
// `text` or in `arena`; empty if `text` is no such value or is a placeholder.
// `nymstream keys lookup` uses it too, so that it gives the engine's pseudonym.
std::string_view CanonicalValue(ValueType type, std::string_view text,
                                Arena* arena);

// True for what logs write where there is no value: "", "-".
inline bool IsPlaceholder(std::string_view text) {
  return text.empty() || text == "-";
}

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_CANONICAL_VALUE_H_
