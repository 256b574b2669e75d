#include "observe/listen_socket.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/absl_view.h"
#include "base/check.h"
#include "base/status_macros.h"
#include "document/quote.h"

namespace nymstream {
namespace {

constexpr int kWaitingConnectionsMax = 16;

struct HostAndPort {
  std::string host;  // empty: every interface
  std::string port;
};

std::optional<HostAndPort> SplitAddress(std::string_view address) {
  const size_t colon = address.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = address.substr(0, colon);
  const std::string_view port = address.substr(colon + 1);
  int number = 0;
  const bool digits =
      !port.empty() && std::all_of(port.begin(), port.end(),
                                   [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || !absl::SimpleAtoi(ToAbsl(port), &number) || number > 65535) {
    return std::nullopt;
  }
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find_first_of(":[]") != std::string_view::npos) {
    return std::nullopt;  // an IPv6 address needs the brackets
  }
  return HostAndPort{std::string(host), std::string(port)};
}

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

absl::StatusOr<Addresses> Resolve(const HostAndPort& at) {
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int error = getaddrinfo(at.host.empty() ? nullptr : at.host.c_str(),
                                at.port.c_str(), &hints, &list);
  if (error != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("host not found (", gai_strerror(error),
                     "); give an address of this machine"));
  }
  return Addresses(list);
}

absl::StatusOr<Descriptor> ListenOn(const addrinfo& address) {
  Descriptor socket(::socket(address.ai_family,
                             SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int yes = 1;
  const int no = 0;
  const bool listens =
      socket.is_open() &&
      setsockopt(socket.number(), SOL_SOCKET, SO_REUSEADDR, &yes,
                 sizeof(yes)) == 0 &&
      // [::] is every interface of IPv4 too.
      (address.ai_family != AF_INET6 ||
       setsockopt(socket.number(), IPPROTO_IPV6, IPV6_V6ONLY, &no,
                  sizeof(no)) == 0) &&
      bind(socket.number(), address.ai_addr, address.ai_addrlen) == 0 &&
      listen(socket.number(), kWaitingConnectionsMax) == 0;
  if (listens) return socket;
  switch (errno) {
    case EADDRINUSE:
      return absl::FailedPreconditionError(
          "in use; stop the process that listens there or choose another port");
    case EADDRNOTAVAIL:
      return absl::FailedPreconditionError(
          "no address of this machine; choose one that it has");
    case EACCES:
      return absl::FailedPreconditionError(
          "not allowed; choose a port from 1024 on");
    default:
      return absl::FailedPreconditionError(
          absl::StrCat("can't listen: ", std::strerror(errno)));
  }
}

absl::StatusOr<Descriptor> ListenOnAny(const HostAndPort& at) {
  NYM_ASSIGN_OR_RETURN(const Addresses addresses, Resolve(at));
  absl::Status first_error;
  // IPv6 first: its socket for every interface serves IPv4 as well.
  for (const int family : {AF_INET6, AF_INET}) {
    for (const addrinfo* address = addresses.get(); address != nullptr;
         address = address->ai_next) {
      if (address->ai_family != family) continue;
      absl::StatusOr<Descriptor> socket = ListenOn(*address);
      if (socket.ok()) return socket;
      first_error.Update(socket.status());
    }
  }
  return first_error;
}

}  // namespace

absl::StatusOr<Descriptor> Listen(std::string_view address) {
  const std::string quoted = QuoteForMessage(address);
  const std::optional<HostAndPort> at = SplitAddress(address);
  if (!at) {
    return absl::InvalidArgumentError(absl::StrCat(
        quoted, ": want host:port, as 127.0.0.1:9464 or [::1]:9464"));
  }
  absl::StatusOr<Descriptor> socket = ListenOnAny(*at);
  if (socket.ok()) return socket;
  return absl::Status(socket.status().code(),
                      absl::StrCat(quoted, ": ", socket.status().message()));
}

uint16_t LocalPort(const Descriptor& socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  NYM_CHECK(getsockname(socket.number(), reinterpret_cast<sockaddr*>(&address),
                        &size) == 0);
  if (address.ss_family == AF_INET6) {
    return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
  }
  return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

}  // namespace nymstream
