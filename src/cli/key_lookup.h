// The pseudonyms of known values, for an operator who holds the keyring.
#ifndef NYMSTREAM_CLI_KEY_LOOKUP_H_
#define NYMSTREAM_CLI_KEY_LOOKUP_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "nymstream/keyring.h"
#include "nymstream/log_schema.h"

namespace nymstream {

enum class PseudonymForm { kToken, kAddress, kPrefix };

struct LookupRequest {
  // A token for a suppression list: no pipeline, no release, no time.
  bool subject = false;
  std::string pipeline;  // by name; so is the release
  std::string release;
  std::string period;  // series of the keyring; empty: its only one
  int64_t at = 0;      // event time, unix seconds
  std::string category;
  ValueType type = ValueType::kId;  // ip, ip_list, ip_port, id, mac or email
  PseudonymForm form = PseudonymForm::kToken;  // others for addresses only
};

// One pseudonym and a line end for each line of `values`, as the engine writes
// it. kOutOfRange if a line is no value of the type (its number is named, never
// the value), if there are none, or if the series must be named;
// kFailedPrecondition if there is no epoch, or a destroyed one.
absl::StatusOr<std::string> LookUpPseudonyms(const Keyring& keyring,
                                             const LookupRequest& request,
                                             std::string_view values);

}  // namespace nymstream

#endif  // NYMSTREAM_CLI_KEY_LOOKUP_H_
