// Whether two parses of a record say the same.
#ifndef NYMSTREAM_TESTS_SUPPORT_SAME_ELEMENT_H_
#define NYMSTREAM_TESTS_SUPPORT_SAME_ELEMENT_H_

#include <algorithm>

#include "record/parsed_record.h"

namespace nymstream {

// In all that an element says; only containers have a partner.
inline bool IsSameElement(const Element& a, const Element& b) {
  return a.key_begin == b.key_begin && a.key_end == b.key_end &&
         a.begin == b.begin && a.end == b.end && a.field == b.field &&
         a.kind == b.kind && a.escaped == b.escaped &&
         (IsScalar(a.kind) || a.partner == b.partner);
}

inline bool HaveSameElements(const ParsedRecord& a, const ParsedRecord& b) {
  return std::equal(a.elements.begin(), a.elements.end(), b.elements.begin(),
                    b.elements.end(), IsSameElement);
}

}  // namespace nymstream

#endif  // NYMSTREAM_TESTS_SUPPORT_SAME_ELEMENT_H_
