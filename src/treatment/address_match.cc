#include "treatment/address_match.h"

#include <algorithm>
#include <array>

#include "treatment/byte_class.h"

namespace nymstream {
namespace {

constexpr size_t kNone = std::string_view::npos;
constexpr size_t kGroupDigits = 4;  // of IPv6

size_t HexRunEnd(std::string_view text, size_t at, size_t most) {
  const size_t limit = std::min(text.size(), at + most);
  while (at < limit && IsHex(text[at])) ++at;
  return at;
}

size_t HexRunBegin(std::string_view text, size_t at) {
  while (at > 0 && IsHex(text[at - 1])) --at;
  return at;
}

// End of the 1 to `most` digits at `at`; `at` if there are none or more.
size_t ShortNumberEnd(std::string_view text, size_t at, size_t most) {
  size_t end = at;
  while (end < text.size() && end - at <= most && IsDigit(text[end])) ++end;
  return end - at <= most ? end : at;
}

// End of four octets joined by `separator`; kNone if there are none.
size_t QuadEnd(std::string_view text, size_t at, char separator) {
  for (int octet = 0; octet < 4; ++octet) {
    if (octet > 0 && ByteAt(text, at++) != separator) return kNone;
    const size_t end = ShortNumberEnd(text, at, 3);
    if (end == at) return kNone;
    int value = 0;
    for (; at < end; ++at) value = value * 10 + HexValue(text[at]);
    if (value > 255) return kNone;
  }
  return at;
}

bool HoldsDigit(std::string_view text, size_t begin, size_t end) {
  return std::any_of(text.begin() + static_cast<ptrdiff_t>(begin),
                     text.begin() + static_cast<ptrdiff_t>(end), IsDigit);
}

// Where the octet that ends at `end` begins; kNone if none ends there.
size_t OctetBegin(std::string_view text, size_t end) {
  size_t begin = end;
  while (begin > 0 && end - begin <= 3 && IsDigit(text[begin - 1])) --begin;
  return begin < end && end - begin <= 3 ? begin : kNone;
}

size_t AfterPort(std::string_view text, size_t end) {
  if (ByteAt(text, end) != ':') return end;
  const size_t after = ShortNumberEnd(text, end + 1, 5);
  return after > end + 1 ? after : end;
}

size_t AfterPrefixLength(std::string_view text, size_t end) {
  if (ByteAt(text, end) != '/') return end;
  const size_t after = ShortNumberEnd(text, end + 1, 3);
  return after > end + 1 && !IsAlnum(ByteAt(text, after)) ? after : end;
}

// RFC 4007 zone, its '%' as such or encoded. What looks like another escape
// is none.
size_t AfterZone(std::string_view text, size_t end) {
  if (ByteAt(text, end) != '%') return end;
  size_t begin = end + 1;
  if (IsHex(ByteAt(text, end + 1)) && IsHex(ByteAt(text, end + 2))) {
    if (text.substr(end, 3) != "%25") return end;
    begin = end + 3;
  }
  size_t at = begin;
  while (at < text.size() && (IsAlnum(text[at]) || text[at] == '_')) ++at;
  return at > begin ? at : end;
}

Match MatchQuad(std::string_view text, size_t at) {
  const size_t begin = OctetBegin(text, at);
  if (begin == kNone) return {};
  size_t end = QuadEnd(text, begin, '.');
  if (end == kNone) return {};
  while (ByteAt(text, end) == '.' && IsDigit(ByteAt(text, end + 1))) {
    ++end;
    while (end < text.size() && IsDigit(text[end])) ++end;
  }
  const size_t with_port = AfterPort(text, end);
  end = with_port > end ? with_port : AfterPrefixLength(text, end);
  return {begin, end, Detector::kIpv4};
}

// Six pairs that read as year, month, day, hour, minute and second, as names of
// files hold them (17-04-16-21-36-10).
bool IsTimeInPairs(std::string_view pairs) {
  constexpr std::array<std::array<int, 2>, 6> kRanges = {
      {{0, 99}, {1, 12}, {1, 31}, {0, 23}, {0, 59}, {0, 60}}};
  if (pairs.size() != kRanges.size() * 3 - 1) return false;
  for (size_t i = 0; i < kRanges.size(); ++i) {
    const char tens = pairs[i * 3];
    const char ones = pairs[i * 3 + 1];
    if (!IsDigit(tens) || !IsDigit(ones)) return false;
    const int value = HexValue(tens) * 10 + HexValue(ones);
    if (value < kRanges[i][0] || value > kRanges[i][1]) return false;
  }
  return true;
}

bool IsHexBlock(std::string_view text, size_t at, size_t size) {
  return HexRunEnd(text, at, size) == at + size;
}

Match MatchDottedMac(std::string_view text, size_t at) {
  if (at < 4 || ByteAt(text, at + 5) != '.') return {};
  const size_t begin = at - 4;
  const size_t end = at + 10;
  if (!IsHexBlock(text, begin, 4) || !IsHexBlock(text, at + 1, 4) ||
      !IsHexBlock(text, at + 6, 4) || IsHex(ByteBefore(text, begin)) ||
      IsHex(ByteAt(text, end))) {
    return {};
  }
  return {begin, end, Detector::kMac};
}

// A MAC address whose first separator is at `at`: six pairs of hex or more,
// with the hex digits that touch the first.
Match MatchPairs(std::string_view text, size_t at, char separator) {
  constexpr size_t kPairBytes = 3;  // with its separator
  constexpr size_t kPairsMin = 6;
  if (at < 2 || !IsHexBlock(text, at - 2, 2)) return {};
  const size_t begin = at - 2;
  size_t end = at;
  while (ByteAt(text, end) == separator && IsHexBlock(text, end + 1, 2)) {
    end += kPairBytes;
  }
  if (end - begin < kPairsMin * kPairBytes - 1 ||
      IsTimeInPairs(text.substr(begin, end - begin))) {
    return {};
  }
  return {HexRunBegin(text, begin), end, Detector::kMac};
}

// Groups of hex digits joined by colons.
struct ColonGroups {
  size_t end = 0;
  size_t count = 0;
  bool compressed = false;  // holds "::"
};

ColonGroups ReadColonGroups(std::string_view text, size_t at) {
  ColonGroups groups;
  if (text.substr(at, 2) == "::") {
    groups.compressed = true;
    at += 2;
  }
  groups.end = at;
  while (true) {
    const size_t end = HexRunEnd(text, at, kGroupDigits + 1);
    if (end == at) return groups;
    if (end - at > kGroupDigits) {
      // Too long for a group: a word, or a group that something touches.
      const size_t run_end = HexRunEnd(text, at, text.size() - at);
      if (!IsLetter(ByteAt(text, run_end)) || HoldsDigit(text, at, run_end)) {
        groups.end = run_end;
        ++groups.count;
      }
      return groups;
    }
    if (IsLetter(ByteAt(text, end)) && !HoldsDigit(text, at, end)) {
      return groups;  // the beginning of a word: "1::foo"
    }
    if (ByteAt(text, end) == '.' && groups.count > 0) {
      const size_t quad_end = QuadEnd(text, at, '.');
      if (quad_end != kNone) {
        groups.count += 2;
        groups.end = quad_end;
        return groups;
      }
    }
    ++groups.count;
    groups.end = end;
    if (ByteAt(text, end) != ':') return groups;
    at = end + 1;
    if (ByteAt(text, at) == ':') {
      if (groups.compressed) return groups;
      groups.compressed = true;
      groups.end = ++at;
    }
  }
}

bool IsIpv6(std::string_view text, const ColonGroups& groups) {
  constexpr size_t kIpv6Groups = 8;
  if (!groups.compressed) return groups.count >= kIpv6Groups;
  if (groups.count == 0) return false;
  const bool open = text[groups.end - 1] == ':';
  return !(open && groups.count < 2 && IsAlnum(ByteAt(text, groups.end)));
}

Match WithSurroundings(std::string_view text, size_t begin, size_t end) {
  begin = HexRunBegin(text, begin);
  end = AfterZone(text, end);
  if (ByteBefore(text, begin) == '[' && ByteAt(text, end) == ']') {
    return {begin - 1, AfterPort(text, end + 1), Detector::kIpv6};
  }
  return {begin, AfterPrefixLength(text, end), Detector::kIpv6};
}

}  // namespace

Match MatchDotted(std::string_view text, size_t at) {
  const Match quad = MatchQuad(text, at);
  return quad ? quad : MatchDottedMac(text, at);
}

Match MatchColons(std::string_view text, size_t at) {
  size_t begin = at;
  while (begin > 0 && at - begin < kGroupDigits && IsHex(text[begin - 1])) {
    --begin;
  }
  if (begin == at && ByteAt(text, at + 1) != ':') return {};
  const Match mac = MatchPairs(text, at, ':');
  if (mac && at - begin == 2) return mac;
  // The end of a word, as in src:2001:db8::1 and std::add.
  if (IsAlnum(ByteBefore(text, begin)) && !HoldsDigit(text, begin, at)) {
    return mac;
  }
  const ColonGroups groups = ReadColonGroups(text, begin);
  if (!IsIpv6(text, groups)) return mac;
  return WithSurroundings(text, begin, groups.end);
}

Match MatchHyphens(std::string_view text, size_t at) {
  if (at >= 8 && ByteAt(text, at + 5) == '-' && ByteAt(text, at + 10) == '-' &&
      ByteAt(text, at + 15) == '-' && IsHexBlock(text, at - 8, 8) &&
      IsHexBlock(text, at + 1, 4) && IsHexBlock(text, at + 6, 4) &&
      IsHexBlock(text, at + 11, 4) && IsHexBlock(text, at + 16, 12)) {
    return {at - 8, at + 28, Detector::kUuid};
  }
  if (const Match mac = MatchPairs(text, at, '-')) return mac;
  const size_t begin = OctetBegin(text, at);
  if (begin == kNone) return {};
  const size_t end = QuadEnd(text, begin, '-');
  if (end == kNone) return {};
  const char before = ByteBefore(text, begin);
  const bool named = IsLetter(before) ||
                     (before == '-' && IsLetter(ByteBefore(text, begin - 1)));
  const bool in_host =
      ByteAt(text, end) == '.' && IsLetter(ByteAt(text, end + 1));
  if (!named && !in_host) return {};
  return {begin, end, Detector::kIpv4};
}

}  // namespace nymstream
