// File names as they may stand in messages, receipts and JSON.
#ifndef NYMSTREAM_REPLAY_PRINTABLE_NAME_H_
#define NYMSTREAM_REPLAY_PRINTABLE_NAME_H_

#include <string>
#include <string_view>

namespace nymstream {

// `path` with control characters and bytes that are no UTF-8 as \xHH, so that
// the result is valid UTF-8 on one line.
std::string PrintableName(std::string_view path);

}  // namespace nymstream

#endif  // NYMSTREAM_REPLAY_PRINTABLE_NAME_H_
