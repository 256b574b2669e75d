// What decides the bytes of a replay besides its inputs.
#ifndef NYMSTREAM_REPLAY_REPLAY_DOCUMENT_H_
#define NYMSTREAM_REPLAY_REPLAY_DOCUMENT_H_

#include <string>

namespace nymstream {

// Named in the manifest; a resumed replay must find it unchanged.
struct ReplayDocument {
  std::string kind;    // "pipeline", "policy", "schema", "country_database", ..
  std::string name;    // as given or shipped: "no-ip-2024"
  std::string sha256;  // of its bytes, lower-case hex
  bool operator==(const ReplayDocument&) const = default;
};

}  // namespace nymstream

#endif  // NYMSTREAM_REPLAY_REPLAY_DOCUMENT_H_
