#include "treatment/ip_address.h"

#include <algorithm>
#include <cstring>

#include "treatment/ascii.h"

namespace nymstream {
namespace {

constexpr std::array<unsigned char, 12> kMappedPrefix = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr size_t kV4Offset = kMappedPrefix.size();
constexpr size_t kV4TextMin = 7;   // 0.0.0.0
constexpr size_t kV4TextMax = 15;  // 255.255.255.255
constexpr size_t kZoneMax = 64;    // far over any interface name

bool ParseV4(std::string_view text, unsigned char* out) {
  if (text.size() < kV4TextMin || text.size() > kV4TextMax) return false;
  size_t at = 0;
  for (int octet = 0; octet < 4; ++octet) {
    if (octet > 0) {
      if (at == text.size() || text[at] != '.') return false;
      ++at;
    }
    const size_t begin = at;
    unsigned value = 0;
    while (at < text.size() && IsDigit(text[at]) && at - begin < 3) {
      value = value * 10 + static_cast<unsigned>(text[at] - '0');
      ++at;
    }
    const bool leading_zero = at - begin > 1 && text[begin] == '0';
    if (at == begin || leading_zero || value > 255) return false;
    out[octet] = static_cast<unsigned char>(value);
  }
  return at == text.size();
}

// RFC 4291, section 2.2, without a zone.
bool ParseV6(std::string_view text, unsigned char* out) {
  constexpr size_t kBytes = 16;
  constexpr size_t kNoGap = kBytes + 1;
  size_t used = 0;
  size_t gap = kNoGap;  // where `::` stands
  size_t at = 0;
  if (text.starts_with("::")) {
    gap = 0;
    at = 2;
  }
  while (at < text.size()) {
    const size_t begin = at;
    unsigned value = 0;
    while (at < text.size() && at - begin < 4) {
      const int digit = HexValue(text[at]);
      if (digit < 0) break;
      value = value << 4 | static_cast<unsigned>(digit);
      ++at;
    }
    if (at == begin) return false;
    if (at < text.size() && text[at] == '.') {
      if (used + 4 > kBytes || !ParseV4(text.substr(begin), out + used)) {
        return false;
      }
      used += 4;
      break;
    }
    if (used == kBytes) return false;
    out[used++] = static_cast<unsigned char>(value >> 8);
    out[used++] = static_cast<unsigned char>(value & 0xff);
    if (at == text.size()) break;
    if (text[at] != ':' || ++at == text.size()) return false;
    if (text[at] == ':') {
      if (gap != kNoGap) return false;
      gap = used;
      ++at;
    }
  }
  if (gap == kNoGap) return used == kBytes;
  if (used == kBytes) return false;  // `::` stands for one group at least
  const size_t tail = used - gap;
  std::memmove(out + kBytes - tail, out + gap, tail);
  std::memset(out + gap, 0, kBytes - used);
  return true;
}

// RFC 4007, section 11, and RFC 6874 (`%25` before the name).
bool IsZone(std::string_view text) {
  if (text.empty() || text.size() > kZoneMax) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return IsDigit(c) || IsLetter(c) || c == '-' || c == '.' || c == '_' ||
           c == '~' || c == '%';
  });
}

// RFC 7239, section 6: `port` or `obfport`.
bool IsPort(std::string_view text) {
  if (text.empty()) return false;
  if (text.front() == '_') {
    return std::all_of(text.begin() + 1, text.end(), [](char c) {
      return IsDigit(c) || IsLetter(c) || c == '-' || c == '.' || c == '_';
    });
  }
  constexpr unsigned kPortMax = 65535;
  if (text.size() > 5) return false;
  unsigned value = 0;
  for (const char c : text) {
    if (!IsDigit(c)) return false;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  return value <= kPortMax;
}

// An address with its brackets and port: `node` of RFC 7239.
std::optional<IpAddress> ParseNode(std::string_view text) {
  if (!text.empty() && text.front() == '[') {
    const size_t close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    const std::string_view rest = text.substr(close + 1);
    if (!rest.empty() && (rest[0] != ':' || !IsPort(rest.substr(1)))) {
      return std::nullopt;
    }
    return ParseIpAddress(text.substr(1, close - 1));
  }
  if (auto address = ParseIpAddress(text)) return address;
  const size_t colon = text.find(':');
  if (colon > kV4TextMax || !IsPort(text.substr(colon + 1))) {
    return std::nullopt;
  }
  IpAddress address{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}};
  if (!ParseV4(text.substr(0, colon), &address.bytes[kV4Offset])) {
    return std::nullopt;
  }
  return address;
}

char* WriteDecimal(unsigned value, char* out) {
  if (value >= 100) *out++ = static_cast<char>('0' + value / 100);
  if (value >= 10) *out++ = static_cast<char>('0' + value / 10 % 10);
  *out++ = static_cast<char>('0' + value % 10);
  return out;
}

char* WriteHex(unsigned value, char* out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  int shift = 12;
  while (shift > 0 && value >> shift == 0) shift -= 4;
  for (; shift >= 0; shift -= 4) *out++ = kDigits[value >> shift & 0xf];
  return out;
}

// Longest run of two or more zero groups, the first of equals (RFC 5952,
// section 4.2); `size` 0 if there is none.
struct ZeroRun {
  size_t begin = 0;
  size_t size = 0;
};

ZeroRun LongestZeroRun(const std::array<unsigned, 8>& groups) {
  ZeroRun longest;
  for (size_t i = 0; i < groups.size(); ++i) {
    const size_t begin = i;
    while (i < groups.size() && groups[i] == 0) ++i;
    if (i - begin >= 2 && i - begin > longest.size)
      longest = {begin, i - begin};
  }
  return longest;
}

bool AllZero(const unsigned char* begin, const unsigned char* end) {
  return std::all_of(begin, end, [](unsigned char byte) { return byte == 0; });
}

// Bits of an IPv6 address up to which nothing of an embedded IPv4 or MAC
// address is left that `prefix_v4` bits of the IPv4 address would not tell.
int SafePrefix(const IpAddress& address, int prefix_v4) {
  const unsigned char* const b = address.bytes.data();
  int safe = 128;
  const auto embedded_at = [&](int bit) {
    safe = std::min(safe, bit + prefix_v4);
  };
  // 6to4 (RFC 3056).
  if (b[0] == 0x20 && b[1] == 0x02) embedded_at(16);
  // Teredo (RFC 4380): the server's address, later the client's, inverted.
  if (b[0] == 0x20 && b[1] == 0x01 && b[2] == 0 && b[3] == 0) embedded_at(32);
  if (b[0] == 0 && b[1] == 0x64 && b[2] == 0xff && b[3] == 0x9b) {
    // NAT64 (RFC 6052), and its prefix for local use (RFC 8215), under which
    // the address starts at bit 48 or later.
    embedded_at(AllZero(b + 4, b + 12) ? 96 : 48);
  }
  // IPv4-compatible (RFC 4291, section 2.5.5.1).
  if (AllZero(b, b + 12)) embedded_at(96);
  // IPv4-translated (RFC 2765): ::ffff:0:a.b.c.d.
  if (AllZero(b, b + 8) && b[8] == 0xff && b[9] == 0xff && b[10] == 0 &&
      b[11] == 0) {
    embedded_at(96);
  }
  // ISATAP (RFC 5214), whatever the bits u and g are.
  if ((b[8] & 0xfc) == 0 && b[9] == 0 && b[10] == 0x5e && b[11] == 0xfe) {
    embedded_at(96);
  }
  // Modified EUI-64 (RFC 4291, appendix A).
  if (b[11] == 0xff && b[12] == 0xfe) safe = std::min(safe, 64);
  return safe;
}

}  // namespace

bool IpAddress::IsV4() const {
  return std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), bytes.begin());
}

std::optional<IpAddress> ParseIpAddress(std::string_view text) {
  IpAddress address;
  if (ParseV4(text, &address.bytes[kV4Offset])) {
    std::copy(kMappedPrefix.begin(), kMappedPrefix.end(),
              address.bytes.begin());
    return address;
  }
  if (text.size() > kIpTextMax + 1 + kZoneMax) return std::nullopt;
  const size_t percent = text.find('%');
  if (percent != std::string_view::npos) {
    if (!IsZone(text.substr(percent + 1))) return std::nullopt;
    text = text.substr(0, percent);
  }
  if (text.size() < 2 || !ParseV6(text, address.bytes.data())) {
    return std::nullopt;
  }
  return address;
}

std::optional<IpAddress> ParseIpAddressWithPort(std::string_view text,
                                                size_t* begin, size_t* end) {
  std::string_view node = TrimBlanks(text);
  constexpr std::string_view kFor = "for=";
  if (EqualsIgnoreCase(node.substr(0, kFor.size()), kFor)) {
    node.remove_prefix(kFor.size());
    const size_t parameters = node.find(';');
    if (parameters != std::string_view::npos) {
      // A comma would start another element, maybe with another address.
      if (node.find(',') != std::string_view::npos) return std::nullopt;
      node = TrimBlanks(node.substr(0, parameters));
    }
  }
  if (node.size() >= 2 && node.front() == node.back() &&
      (node.front() == '"' || node.front() == '\'')) {
    node = node.substr(1, node.size() - 2);
  }
  const auto address = ParseNode(node);
  if (!address) return std::nullopt;
  *begin = static_cast<size_t>(node.data() - text.data());
  *end = *begin + node.size();
  return address;
}

size_t FormatIpAddress(const IpAddress& address, char out[kIpTextMax]) {
  char* at = out;
  if (address.IsV4()) {
    for (size_t i = kV4Offset; i < address.bytes.size(); ++i) {
      if (i > kV4Offset) *at++ = '.';
      at = WriteDecimal(address.bytes[i], at);
    }
    return static_cast<size_t>(at - out);
  }
  std::array<unsigned, 8> groups;
  for (size_t i = 0; i < groups.size(); ++i) {
    groups[i] = static_cast<unsigned>(address.bytes[2 * i] << 8 |
                                      address.bytes[2 * i + 1]);
  }
  const ZeroRun zeros = LongestZeroRun(groups);
  for (size_t i = 0; i < groups.size(); ++i) {
    if (zeros.size > 0 && i == zeros.begin) {
      *at++ = ':';
      *at++ = ':';
      i += zeros.size - 1;
      continue;
    }
    if (i > 0 && at[-1] != ':') *at++ = ':';
    at = WriteHex(groups[i], at);
  }
  return static_cast<size_t>(at - out);
}

IpAddress TruncateIpAddress(const IpAddress& address, int prefix_v4,
                            int prefix_v6) {
  const int kept = address.IsV4()
                       ? static_cast<int>(kV4Offset) * 8 + prefix_v4
                       : std::min(prefix_v6, SafePrefix(address, prefix_v4));
  IpAddress cut = address;
  for (int i = 0; i < static_cast<int>(cut.bytes.size()); ++i) {
    const int bits = std::clamp(kept - i * 8, 0, 8);
    cut.bytes[static_cast<size_t>(i)] &=
        static_cast<unsigned char>(0xff00 >> bits);
  }
  return cut;
}

}  // namespace nymstream
