// Early return on absl::Status errors (Debian's Abseil has no such macros).
#ifndef NYMSTREAM_BASE_STATUS_MACROS_H_
#define NYMSTREAM_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define NYM_RETURN_IF_ERROR(expression)                             \
  do {                                                              \
    if (absl::Status nym_status = (expression); !nym_status.ok()) { \
      return nym_status;                                            \
    }                                                               \
  } while (false)

#define NYM_CONCAT_INNER(a, b) a##b
#define NYM_CONCAT(a, b) NYM_CONCAT_INNER(a, b)

// NYM_ASSIGN_OR_RETURN(auto value, StatusOrCall());
#define NYM_ASSIGN_OR_RETURN(target, expression) \
  NYM_ASSIGN_OR_RETURN_INNER(NYM_CONCAT(nym_or_, __LINE__), target, expression)
// A declaration can't stand in parentheses.
// NOLINTBEGIN(bugprone-macro-parentheses)
#define NYM_ASSIGN_OR_RETURN_INNER(temporary, target, expression) \
  auto temporary = (expression);                                  \
  if (!temporary.ok()) return std::move(temporary).status();      \
  target = *std::move(temporary)
// NOLINTEND(bugprone-macro-parentheses)

#endif  // NYMSTREAM_BASE_STATUS_MACROS_H_
