// Edits of one value: spans of its bytes to be replaced, all others kept.
#ifndef NYMSTREAM_BASE_EDIT_LIST_H_
#define NYMSTREAM_BASE_EDIT_LIST_H_

#include <cstdint>
#include <string_view>
#include <vector>

namespace nymstream {

// What stands in place of an identifier inside a value that is otherwise kept.
// Unreserved characters only (RFC 3986), so that it is safe unescaped in JSON,
// in a URL, in a combined log line and in a shell.
inline constexpr std::string_view kRedacted = "REDACTED";

// Why a span is edited; also the `detector` label of counters and metrics.
enum class Detector : uint8_t {
  kIpv4,
  kIpv6,
  kEmail,
  kMac,
  kUuid,
  kCard,
  kIban,
  kPhone,
  kJwt,
  kCredential,  // bearer and basic credentials, userinfo of a URL
  kLongHex,
  kUrlParameter,  // a query value that is not allow-listed
  kUrlUnparseable,
  kListElement,  // an element of an address list
  kLeakGuard,    // found by the leak guard
};
inline constexpr int kDetectorCount = 15;

// Name for counters, for example "ipv4". Static storage.
std::string_view DetectorName(Detector detector);

struct Edit {
  uint32_t begin;  // byte offsets in the value as it was given
  uint32_t end;    // begin <= end
  std::string_view
      text;  // JSON-safe ASCII; static or owned by the caller's arena
  Detector detector;
};

// In ascending order, without overlap. Kept between values so that its memory
// is reused.
using EditList = std::vector<Edit>;

}  // namespace nymstream

#endif  // NYMSTREAM_BASE_EDIT_LIST_H_
