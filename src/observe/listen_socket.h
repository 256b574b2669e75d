// A TCP socket that listens, from an address as people write it.
#ifndef NYMSTREAM_OBSERVE_LISTEN_SOCKET_H_
#define NYMSTREAM_OBSERVE_LISTEN_SOCKET_H_

#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"
#include "files/descriptor.h"

namespace nymstream {

// Listens on "host:port". The host is a name, an IPv4 address, an IPv6 address
// in brackets, or nothing for every interface; port 0 is any free port.
// Accepting does not block. kInvalidArgument: malformed, or a host that can't
// be resolved (asking a name server can take seconds); kFailedPrecondition: it
// can't be had. The message says what to do.
absl::StatusOr<Descriptor> Listen(std::string_view address);

// The port that `socket` of Listen() has.
uint16_t LocalPort(const Descriptor& socket);

}  // namespace nymstream

#endif  // NYMSTREAM_OBSERVE_LISTEN_SOCKET_H_
