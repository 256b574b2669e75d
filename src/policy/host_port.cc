#include "policy/host_port.h"

#include <arpa/inet.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "document/plain_scalar.h"

namespace nymstream {
namespace {

constexpr std::string_view kPattern =
    R"(^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}$)";

constexpr size_t kHostBytesMax = 253;  // of a DNS name, RFC 1035
constexpr int64_t kPortMax = 65535;

// A name, an IPv4 address, or an IPv6 address in brackets.
bool IsHost(std::string_view text) {
  if (text.empty() || text.size() > kHostBytesMax) return false;
  if (text.front() == '[') {
    in6_addr address;
    return text.size() > 2 && text.back() == ']' &&
           inet_pton(AF_INET6,
                     std::string(text.substr(1, text.size() - 2)).c_str(),
                     &address) == 1;
  }
  return text.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
             "0123456789._-") == std::string_view::npos;
}

bool IsHostPort(std::string_view text, int64_t port_min) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || !IsHost(text.substr(0, colon)))
    return false;
  const std::optional<int64_t> port = ParseWholeNumber(text.substr(colon + 1));
  return port.has_value() && *port >= port_min && *port <= kPortMax;
}

std::optional<Complaint> CheckBroker(std::string_view text) {
  if (IsHostPort(text, 1)) return std::nullopt;
  return Complaint{"must be host:port with a port from 1 to 65535",
                   "for example broker:9092 or \"[2001:db8::1]:9092\"; how to "
                   "speak to it stands in security"};
}

std::optional<Complaint> CheckListen(std::string_view text) {
  if (IsHostPort(text, 0)) return std::nullopt;
  return Complaint{"must be host:port with a port from 0 to 65535",
                   "for example 127.0.0.1:9464, or \"[::]:9464\" for all"};
}

}  // namespace

const Shape& BrokerShape() {
  static const Shape shape = {.kind = ShapeKind::kText,
                              .name = "a broker as host:port",
                              .check = CheckBroker,
                              .pattern = kPattern};
  return shape;
}

const Shape& ListenShape() {
  static const Shape shape = {.kind = ShapeKind::kText,
                              .name = "an address as host:port",
                              .check = CheckListen,
                              .pattern = kPattern};
  return shape;
}

}  // namespace nymstream
