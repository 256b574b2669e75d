#include "treatment/address_match.h"

#include <algorithm>

#include "treatment/byte_class.h"

namespace nymstream {
namespace {

constexpr size_t kNone = std::string_view::npos;

size_t HexRunEnd(std::string_view text, size_t at, size_t most) {
  const size_t limit = std::min(text.size(), at + most);
  while (at < limit && IsHex(text[at])) ++at;
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

bool IsHexBlock(std::string_view text, size_t at, size_t size) {
  return HexRunEnd(text, at, size) == at + size;
}

Match MatchDottedMac(std::string_view text, size_t at) {
  if (at < 4 || ByteAt(text, at + 5) != '.') return {};
  const size_t begin = at - 4;
  const size_t end = at + 10;
  if (!IsHexBlock(text, begin, 4) || !IsHexBlock(text, at + 1, 4) ||
      !IsHexBlock(text, at + 6, 4) || IsAlnum(ByteBefore(text, begin)) ||
      IsAlnum(ByteAt(text, end))) {
    return {};
  }
  return {begin, end, Detector::kMac};
}

// Groups of hex digits joined by colons.
struct ColonGroups {
  size_t end = 0;
  size_t count = 0;
  bool compressed = false;  // holds "::"
  bool pairs = true;        // each group has two digits
};

ColonGroups ReadColonGroups(std::string_view text, size_t at) {
  constexpr size_t kGroupDigits = 4;
  ColonGroups groups;
  if (text.substr(at, 2) == "::") {
    groups.compressed = true;
    at += 2;
  }
  groups.end = at;
  while (true) {
    const size_t end = HexRunEnd(text, at, kGroupDigits + 1);
    if (end == at || end - at > kGroupDigits) return groups;
    if (IsLetter(ByteAt(text, end)) && !HoldsDigit(text, at, end)) {
      return groups;  // the beginning of a word: "1::foo"
    }
    if (ByteAt(text, end) == '.' && groups.count > 0) {
      const size_t quad_end = QuadEnd(text, at, '.');
      if (quad_end != kNone) {
        groups.count += 2;
        groups.pairs = false;
        groups.end = quad_end;
        return groups;
      }
    }
    ++groups.count;
    groups.pairs = groups.pairs && end - at == 2;
    groups.end = end;
    if (ByteAt(text, end) != ':') return groups;
    at = end + 1;
    if (ByteAt(text, at) == ':') {
      if (groups.compressed) return groups;
      groups.compressed = true;
      groups.pairs = false;
      groups.end = ++at;
    }
  }
}

bool IsIpv6(std::string_view text, size_t begin, const ColonGroups& groups) {
  constexpr size_t kIpv6Groups = 8;
  if (!groups.compressed) return groups.count >= kIpv6Groups;
  if (groups.count == 0) return false;
  // Names of program code, as std::string and Table::add.
  const bool glued = IsAlnum(ByteBefore(text, begin));
  if (glued && !IsDigit(text[begin])) return false;
  const bool open = text[groups.end - 1] == ':';
  return !(open && groups.count < 2 && IsAlnum(ByteAt(text, groups.end)));
}

Match WithSurroundings(std::string_view text, size_t begin, size_t end) {
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
  constexpr size_t kMacPairs = 6;
  size_t begin = at;
  while (begin > 0 && at - begin <= 4 && IsHex(text[begin - 1])) --begin;
  if (at - begin > 4) return {};
  if (begin == at && ByteAt(text, at + 1) != ':') return {};
  const ColonGroups groups = ReadColonGroups(text, begin);
  if (groups.pairs && groups.count >= kMacPairs) {
    return {begin, groups.end, Detector::kMac};
  }
  if (!IsIpv6(text, begin, groups)) return {};
  return WithSurroundings(text, begin, groups.end);
}

Match MatchHyphens(std::string_view text, size_t at) {
  const auto has_hyphens = [&](size_t step, size_t count) {
    for (size_t i = 1; i <= count; ++i) {
      if (ByteAt(text, at + i * step) != '-') return false;
    }
    return true;
  };
  if (at >= 8 && has_hyphens(5, 3)) {
    const size_t begin = at - 8;
    if (IsHexBlock(text, begin, 8) && IsHexBlock(text, at + 1, 4) &&
        IsHexBlock(text, at + 6, 4) && IsHexBlock(text, at + 11, 4) &&
        IsHexBlock(text, at + 16, 12)) {
      return {begin, at + 28, Detector::kUuid};
    }
  }
  if (at >= 2 && has_hyphens(3, 4)) {
    size_t end = at;
    while (ByteAt(text, end) == '-' && IsHexBlock(text, end + 1, 2)) end += 3;
    if (end >= at + 15 && IsHexBlock(text, at - 2, 2)) {
      return {at - 2, end, Detector::kMac};
    }
  }
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
