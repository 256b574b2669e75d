// NYM_CHECK: for our own arithmetic only, never for input. A failed check
// writes one fixed line (no values) by write(2) and aborts.
#ifndef NYMSTREAM_BASE_CHECK_H_
#define NYMSTREAM_BASE_CHECK_H_

namespace nymstream {

// Writes "nymstream: internal check failed: FILE:LINE" to stderr and aborts.
[[noreturn]] void CheckFailed(const char* file, int line);

}  // namespace nymstream

#define NYM_CHECK(condition)                             \
  do {                                                   \
    if (!(condition)) [[unlikely]]                       \
      ::nymstream::CheckFailed(__FILE_NAME__, __LINE__); \
  } while (false)

#endif  // NYMSTREAM_BASE_CHECK_H_
