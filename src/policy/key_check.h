// Proves that a keyring has the keys that a plan needs.
#ifndef NYMSTREAM_POLICY_KEY_CHECK_H_
#define NYMSTREAM_POLICY_KEY_CHECK_H_

#include <string>
#include <string_view>

#include "nymstream/diagnostic.h"
#include "nymstream/keyring.h"
#include "nymstream/plan.h"

namespace nymstream {

// Ends the advice of what makes a series.
inline constexpr std::string_view kOlderLogsAdvice =
    ", and --from DATE for logs older than 30 days";

// All findings, placed at `keyring_position` (where the pipeline names the
// keyring): a keyed release without epochs of its period, or with destroyed
// ones only; an epoch that lives longer than its release declares; a
// suppression list without the key that made its tokens. Hints name
// `keyring_path`. Pure; thread safe.
Diagnostics CheckKeys(const Plan& plan, const Keyring& keyring,
                      const SourcePosition& keyring_position,
                      const std::string& keyring_path);

}  // namespace nymstream

#endif  // NYMSTREAM_POLICY_KEY_CHECK_H_
