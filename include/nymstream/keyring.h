// Key epochs: the secrets that pseudonyms come from.
#ifndef NYMSTREAM_KEYRING_H_
#define NYMSTREAM_KEYRING_H_

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace nymstream {

class PseudonymKey;

// The name of the series, and the scope, that subject tokens come from: they
// must agree over all epochs, pipelines and releases, and never leave.
inline constexpr std::string_view kSubjectsSeries = "subjects";

// The scope of a release's keys, "edge/analytics": no two releases share one,
// of whatever pipelines. Names of documents hold no slash.
std::string KeyScope(std::string_view pipeline, std::string_view release);

// One epoch of one series. A series is named by its period ("P1D"); the
// series "subjects" has one epoch without end and serves suppression lists.
struct KeyEpoch {
  std::string id;      // 6 characters of [a-z2-7], unique in the keyring
  std::string series;  // canonical period text, or "subjects"
  int64_t from = 0;    // unix seconds, inclusive; the least for "subjects"
  int64_t until = 0;   // unix seconds, exclusive; the largest for "subjects"
  bool destroyed = false;
};

// The secrets of all epochs, in locked memory. Immutable after Parse, so any
// number of threads may share it. Can't be copied or printed.
class Keyring {
 public:
  // `text` is the keyring file (docs/keys.md). The caller wipes it. Errors are
  // kInvalidArgument and name line and what is wrong, never a secret;
  // kResourceExhausted if memory can't be locked.
  static absl::StatusOr<std::shared_ptr<const Keyring>> Parse(
      std::string_view text, std::string_view file_name);
  virtual ~Keyring() = default;

  // In order of series, then time. Lives as long as the keyring.
  virtual const std::vector<KeyEpoch>& epochs() const = 0;

  // Index of the epoch of `series` that holds `unix_seconds`, destroyed or
  // not; -1 if there is none.
  virtual int FindEpoch(std::string_view series,
                        int64_t unix_seconds) const = 0;

  // The key for one scope and domain in one epoch (docs/cryptography.md).
  // `scope` is that of a release, or kSubjectsSeries; anything else ends the
  // program. kFailedPrecondition if the epoch is destroyed.
  virtual absl::StatusOr<PseudonymKey> Derive(
      int epoch_index, std::string_view scope,
      std::string_view domain) const = 0;
};

std::ostream& operator<<(std::ostream&, const Keyring&) = delete;

}  // namespace nymstream

#endif  // NYMSTREAM_KEYRING_H_
