// Changes of a keyring: epochs come, and their secrets go for good.
#ifndef NYMSTREAM_SECRET_KEYRING_CHANGE_H_
#define NYMSTREAM_SECRET_KEYRING_CHANGE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "secret/keyring_text.h"

namespace nymstream {

// A time to be covered with epochs of a series. Of "subjects" there is one
// epoch, and the times are not read.
struct EpochSpan {
  std::string series;
  int64_t from = 0;   // unix seconds
  int64_t until = 0;  // the last epoch may end later
};

// `content` with new epochs, each with a new random secret, wherever no epoch,
// destroyed or not, covers a span yet. Epochs begin at midnight UTC, those of
// months or years on the first of the month. kInvalidArgument if a series is no
// canonical period, kOutOfRange if there would be more than kEpochsMax epochs
// or one after the year 9999, kResourceExhausted if memory can't be locked.
absl::StatusOr<KeyringContent> AddEpochs(const KeyringContent& content,
                                         std::span<const EpochSpan> spans);

// `content` without the secrets of these epochs (indexes), which stay in it as
// destroyed ones so that no new epoch takes their time or id.
absl::StatusOr<KeyringContent> DestroyEpochs(const KeyringContent& content,
                                             std::span<const size_t> epochs);

}  // namespace nymstream

#endif  // NYMSTREAM_SECRET_KEYRING_CHANGE_H_
