#include "treatment/number_match.h"

#include <array>

#include "treatment/byte_class.h"

namespace nymstream {
namespace {

constexpr size_t kCardDigitsMin = 13;
constexpr size_t kCardDigitsMax = 19;

bool PassesLuhn(std::string_view digits) {
  int sum = 0;
  bool twice = false;
  for (size_t i = digits.size(); i-- > 0; twice = !twice) {
    const int digit = HexValue(digits[i]) * (twice ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 == 0;
}

size_t DigitRunEnd(std::string_view text, size_t at, size_t most) {
  size_t end = at;
  while (end < text.size() && end - at < most && IsDigit(text[end])) ++end;
  return end;
}

bool IsGroupSeparator(char c) { return c == ' ' || c == '-' || c == '+'; }

// Those that dates and versions have as well.
bool IsWeakSeparator(char c) { return c == '_' || c == '/' || c == '.'; }

bool IsPhoneSeparator(char c) {
  return c == ' ' || c == '-' || c == '.' || c == '/' || c == '(' || c == ')';
}

int AppendMod97(int remainder, char c) {
  if (IsDigit(c)) return (remainder * 10 + HexValue(c)) % 97;
  return (remainder * 100 + ToLower(c) - 'a' + 10) % 97;
}

}  // namespace

bool IsTimeNumber(std::string_view digits) {
  if (digits.size() == 13) return digits[0] == '1';
  if (digits.size() != 14) return false;
  return digits.substr(0, 2) == "19" || digits.substr(0, 2) == "20";
}

Match MatchCard(std::string_view text, size_t at) {
  constexpr size_t kFirstGroup = 4;
  constexpr size_t kGroupMin = 2;
  constexpr size_t kWeakGroupMin = 4;
  constexpr size_t kGroupMax = 7;
  std::array<char, kCardDigitsMax> digits;
  size_t count = 0;
  size_t best = at;
  char separator = '\0';
  for (size_t group = at;;) {
    const size_t end = DigitRunEnd(text, group, kCardDigitsMax + 1);
    const size_t size = end - group;
    if (count + size > kCardDigitsMax) break;
    const size_t least = IsWeakSeparator(separator) ? kWeakGroupMin : kGroupMin;
    if (separator != '\0' && (size < least || size > kGroupMax)) break;
    for (; group < end; ++group) digits[count++] = text[group];
    const std::string_view number(digits.data(), count);
    if (count >= kCardDigitsMin && PassesLuhn(number) &&
        !(separator == '\0' && IsTimeNumber(number))) {
      best = end;
    }
    if (separator == '\0') {
      separator = ByteAt(text, end);
      if (size != kFirstGroup ||
          !(IsGroupSeparator(separator) || IsWeakSeparator(separator))) {
        break;
      }
    } else if (ByteAt(text, end) != separator) {
      break;
    }
    group = end + 1;
  }
  return {at, best, Detector::kCard};
}

Match MatchPhone(std::string_view text, size_t at) {
  constexpr size_t kDigitsMin = 8;
  constexpr size_t kDigitsMax = 15;
  constexpr size_t kSeparatorsMax = 3;
  size_t next = at + 1;
  if (text[at] != '+') {
    next = at + 2;
    if (IsPhoneSeparator(ByteAt(text, next))) ++next;
    const char before = ByteBefore(text, at);
    if (IsAlnum(before)) return {};
    if (before == '-' && IsAlnum(ByteBefore(text, at - 1))) return {};
    // Decimals and times.
    if ((before == '.' || before == ',' || before == ':') && at > 1 &&
        IsDigit(text[at - 2])) {
      return {};
    }
  }
  if (!IsDigit(ByteAt(text, next)) || text[next] == '0') return {};
  size_t count = 0;
  size_t end = at;
  while (true) {
    const size_t run_end = DigitRunEnd(text, next, kDigitsMax + 1);
    if (run_end == next || count + run_end - next > kDigitsMax) break;
    count += run_end - next;
    end = run_end;
    next = run_end;
    while (next < text.size() && next - run_end < kSeparatorsMax &&
           IsPhoneSeparator(text[next])) {
      ++next;
    }
  }
  if (count < kDigitsMin) return {};
  return {at, end, Detector::kPhone};
}

Match MatchIban(std::string_view text, size_t at) {
  constexpr size_t kHead = 4;  // country and check digits
  constexpr size_t kSizeMin = 15;
  constexpr size_t kSizeMax = 34;
  constexpr size_t kGroup = 4;
  if (text.size() - at < kSizeMin) return {};
  const std::string_view head = text.substr(at, kHead);
  if (!IsLetter(head[0]) || !IsLetter(head[1]) || !IsDigit(head[2]) ||
      !IsDigit(head[3])) {
    return {};
  }
  size_t best = at;
  int remainder = 0;
  size_t count = kHead;
  for (size_t next = at + kHead; count <= kSizeMax;) {
    if (IsAlnum(ByteAt(text, next))) {
      remainder = AppendMod97(remainder, text[next++]);
      ++count;
      continue;
    }
    int whole = remainder;
    for (const char c : head) whole = AppendMod97(whole, c);
    if (count >= kSizeMin && whole == 1) best = next;
    if (count % kGroup != 0 || !IsGroupSeparator(ByteAt(text, next)) ||
        !IsAlnum(ByteAt(text, next + 1))) {
      break;
    }
    ++next;
  }
  return {at, best, Detector::kIban};
}

}  // namespace nymstream
