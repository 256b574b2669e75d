#include "base/check.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace nymstream {

void CheckFailed(const char* file, int line) {
  char text[256];
  const int size =
      std::snprintf(text, sizeof(text),
                    "nymstream: internal check failed: %s:%d\n", file, line);
  if (size > 0) {
    const ssize_t written = write(STDERR_FILENO, text,
                                  static_cast<size_t>(size) < sizeof(text)
                                      ? static_cast<size_t>(size)
                                      : sizeof(text) - 1);
    (void)written;
  }
  std::abort();
}

}  // namespace nymstream
