#include "treatment/text_scan.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>

#include "treatment/address_match.h"
#include "treatment/byte_class.h"
#include "treatment/email_match.h"
#include "treatment/match.h"
#include "treatment/number_match.h"
#include "treatment/secret_match.h"

namespace nymstream {
namespace {

// Bytes at which some detector begins to look, one bit each.
using Triggers = uint16_t;
constexpr Triggers kDigit = 1 << 0;
constexpr Triggers kDot = 1 << 1;
constexpr Triggers kHyphen = 1 << 2;
constexpr Triggers kColon = 1 << 3;
constexpr Triggers kAt = 1 << 4;
constexpr Triggers kPlus = 1 << 5;
constexpr Triggers kEquals = 1 << 6;
constexpr Triggers kSpace = 1 << 7;
constexpr Triggers kJ = 1 << 8;
constexpr Triggers kSlash = 1 << 9;

constexpr std::array<Triggers, 256> kTriggers = [] {
  std::array<Triggers, 256> table{};
  for (size_t c = '0'; c <= '9'; ++c) table[c] = kDigit;
  table['.'] = kDot;
  table['-'] = kHyphen;
  table[':'] = kColon;
  table['@'] = kAt;
  table['+'] = kPlus;
  table['='] = kEquals;
  table[' '] = table['\t'] = kSpace;
  table['J'] = kJ;
  table['/'] = kSlash;
  return table;
}();

Triggers TriggerOf(char c) { return kTriggers[static_cast<unsigned char>(c)]; }

// How often the bytes of the first eight triggers occur.
class TriggerCounts {
 public:
  explicit TriggerCounts(std::string_view text) {
    constexpr size_t kBlock = 255;  // no counter of eight bits overflows
    for (size_t at = 0; at < text.size(); at += kBlock) {
      uint64_t sums = 0;
      for (const char c : text.substr(at, kBlock)) {
        sums += kCounters[static_cast<unsigned char>(c)];
      }
      for (size_t& count : counts_) {
        count += sums & 0xFF;
        sums >>= 8;
      }
    }
  }

  size_t Of(Triggers trigger) const {
    return counts_[static_cast<size_t>(std::countr_zero(trigger))];
  }

 private:
  static constexpr size_t kCounted = 8;
  static constexpr std::array<uint64_t, 256> kCounters = [] {
    std::array<uint64_t, 256> table{};
    for (size_t c = 0; c < table.size(); ++c) {
      const int bit = std::countr_zero(kTriggers[c]);
      if (bit < static_cast<int>(kCounted)) table[c] = uint64_t{1} << (8 * bit);
    }
    return table;
  }();

  std::array<size_t, kCounted> counts_{};
};

class Scanner {
 public:
  Scanner(std::string_view text, TextKind kind, EditList* edits)
      : text_(text), kind_(kind), edits_(*edits), first_(edits->size()) {}

  void Run() {
    const Triggers active = ActiveTriggers();
    for (size_t at = 0; at < text_.size();) {
      const Triggers trigger = TriggerOf(text_[at]) & active;
      if (trigger == 0) {
        ++at;
        continue;
      }
      Match match = MatchAt(trigger, at);
      if (match) {
        // Digits that touch its last digit go with it: what follows them must
        // be judged by itself.
        if (IsHex(text_[match.end - 1])) match.end = DigitRunEnd(match.end);
        if (!IsVersion(match)) Add(match);
        at = std::max(match.end, at + 1);
        // The '@' after a userinfo begins no e-mail address.
        if (match.detector == Detector::kCredential && ByteAt(text_, at) == '@')
          ++at;
      } else {
        at = trigger == kDigit ? DigitRunEnd(at) : at + 1;
      }
    }
  }

 private:
  // Those that can lead to a match, by what the whole text holds.
  Triggers ActiveTriggers() const {
    const TriggerCounts counts(text_);
    Triggers active = kColon | kAt | kPlus | kEquals | kSpace | kJ;
    if (kind_ == TextKind::kUserAgent) active |= kSlash;
    if (counts.Of(kDigit) > 0) active |= kDigit;
    if (counts.Of(kDot) >= 2) active |= kDot;        // aabb.ccdd.eeff
    if (counts.Of(kHyphen) >= 3) active |= kHyphen;  // ip-192-0-2-1
    return active;
  }

  size_t DigitRunEnd(size_t at) const {
    while (at < text_.size() && IsDigit(text_[at])) ++at;
    return at;
  }

  Match MatchAt(Triggers trigger, size_t at) {
    switch (trigger) {
      case kDigit:
        return MatchDigits(at);
      case kDot:
        return JoinsHex(at) ? MatchDotted(text_, at) : Match{};
      case kHyphen:
        return JoinsHex(at) ? MatchHyphens(text_, at) : Match{};
      case kColon:
        return MatchAtColon(at);
      case kAt:
        return MatchEmail(text_, at);
      case kPlus: {
        const Match match = MatchPhone(text_, at);
        return match ? match : MatchSchemeToken(text_, at);
      }
      case kEquals: {
        const Match match = MatchNamedSecret(text_, at);
        return match ? match : MatchAgentId(at);
      }
      case kSpace:
        return MatchSchemeToken(text_, at);
      case kJ:
        return MatchJwt(text_, at);
      case kSlash:
        return MatchAgentId(at);
      default:
        return {};
    }
  }

  bool JoinsHex(size_t at) const {
    return IsHex(ByteBefore(text_, at)) && IsHex(ByteAt(text_, at + 1));
  }

  Match MatchAtColon(size_t at) {
    Match match = MatchColons(text_, at);
    if (!match) match = MatchUserinfo(text_, at);
    if (!match) match = MatchNamedSecret(text_, at);
    return match ? match : MatchAgentId(at);
  }

  Match MatchAgentId(size_t at) const {
    return kind_ == TextKind::kUserAgent ? MatchDeviceId(text_, at) : Match{};
  }

  // `at` begins a run of digits.
  Match MatchDigits(size_t at) {
    constexpr size_t kCardGroup = 4;
    constexpr size_t kCardMin = 13;
    const size_t size = DigitRunEnd(at) - at;
    Match match;
    if (size == kCardGroup || size >= kCardMin) match = MatchCard(text_, at);
    if (!match) match = MatchHexRun(at);
    if (size < 2) return match;
    if (!match && at >= 2 && IsLetter(text_[at - 1])) {
      match = MatchIban(text_, at - 2);
    }
    if (!match && text_[at] == '0' && text_[at + 1] == '0') {
      match = MatchPhone(text_, at);
    }
    return match;
  }

  // The run of hex digits around `at`. A long one is a match and not looked at
  // again.
  Match MatchHexRun(size_t at) {
    constexpr size_t kLongHexMin = 16;
    constexpr size_t kMacDigits = 12;
    constexpr size_t kAgentNumberMin = 13;
    size_t begin = at;
    while (begin > 0 && IsHex(text_[begin - 1])) --begin;
    size_t end = at;
    bool letters = begin < at;
    for (; end < text_.size() && IsHex(text_[end]); ++end) {
      letters = letters || !IsDigit(text_[end]);
    }
    const bool long_number = kind_ == TextKind::kUserAgent && !letters &&
                             end - begin >= kAgentNumberMin &&
                             !IsTimeNumber(text_.substr(begin, end - begin));
    if (end - begin >= kLongHexMin || long_number) {
      return {begin, end, Detector::kLongHex};
    }
    if (IsAlnum(ByteBefore(text_, begin)) || IsAlnum(ByteAt(text_, end))) {
      return {};
    }
    if (letters && end - begin == kMacDigits) {
      return {begin, end, Detector::kMac};
    }
    return {};
  }

  // "Name/1.2.3.4" and "rv:1.2.3.4" in a user agent; not the path of a URL.
  bool IsVersion(const Match& match) const {
    constexpr size_t kNameMax = 64;
    constexpr auto kDots = 3;
    if (kind_ != TextKind::kUserAgent || match.detector != Detector::kIpv4) {
      return false;
    }
    // A fifth number, a port or a prefix length is of no version.
    const std::string_view numbers =
        text_.substr(match.begin, match.end - match.begin);
    if (std::count(numbers.begin(), numbers.end(), '.') != kDots ||
        numbers.find_first_of(":/") != std::string_view::npos) {
      return false;
    }
    size_t begin = match.begin;
    if (ToLower(ByteBefore(text_, begin)) == 'v') --begin;
    if (begin >= 3 && text_.substr(begin - 3, 3) == "rv:") return true;
    if (begin < 2 || text_[begin - 1] != '/') return false;
    const size_t name_end = begin - 1;
    size_t name = name_end;
    while (name > 0 && name_end - name < kNameMax &&
           (IsAlnum(text_[name - 1]) || text_[name - 1] == '_' ||
            text_[name - 1] == '-')) {
      --name;
    }
    const char before = ByteBefore(text_, name);
    return std::any_of(text_.begin() + static_cast<ptrdiff_t>(name),
                       text_.begin() + static_cast<ptrdiff_t>(name_end),
                       IsLetter) &&
           name_end - name < kNameMax && before != '/' && before != ':' &&
           before != '.';
  }

  // Joins with the matches that it overlaps.
  void Add(Match match) {
    while (edits_.size() > first_ && edits_.back().end > match.begin) {
      match.begin = std::min<size_t>(match.begin, edits_.back().begin);
      match.end = std::max<size_t>(match.end, edits_.back().end);
      edits_.pop_back();
    }
    edits_.push_back({static_cast<uint32_t>(match.begin),
                      static_cast<uint32_t>(match.end), kRedacted,
                      match.detector});
  }

  const std::string_view text_;
  const TextKind kind_;
  EditList& edits_;
  const size_t first_;
};

}  // namespace

void ScanText(std::string_view text, TextKind kind, EditList* edits) {
  Scanner(text, kind, edits).Run();
}

}  // namespace nymstream
