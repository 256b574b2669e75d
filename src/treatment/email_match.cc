#include "treatment/email_match.h"

#include <algorithm>
#include <array>

#include "treatment/byte_class.h"

namespace nymstream {
namespace {

constexpr uint8_t kWordBytes = kDigitByte | kLetterByte | kHighByte;

bool IsWord(char c) { return (ClassOf(c) & kWordBytes) != 0; }

// atext of RFC 5322 without what separates addresses from their surroundings
// in logs and URLs: / = ? & # %.
bool IsLocal(char c) {
  constexpr std::string_view kMarks = ".+-_'~!$*^`{|}";
  return IsWord(c) || kMarks.find(c) != std::string_view::npos;
}

// Where the quoted local part that ends at `at` begins; `at` if it is none, as
// in JSON: "a", "@b".
size_t QuotedBegin(std::string_view text, size_t at) {
  constexpr size_t kQuotedMax = 66;
  const size_t limit = at > kQuotedMax ? at - kQuotedMax : 0;
  const size_t close = at - 1;
  for (size_t begin = close; begin-- > limit;) {
    if (text[begin] != '"') continue;
    const bool quoted =
        begin + 1 < close && IsWord(text[begin + 1]) && IsWord(text[close - 1]);
    return quoted ? begin : at;
  }
  return at;
}

size_t LocalBegin(std::string_view text, size_t at) {
  if (ByteBefore(text, at) == '"') return QuotedBegin(text, at);
  size_t begin = at;
  while (begin > 0 && IsLocal(text[begin - 1])) --begin;
  while (begin < at && !IsWord(text[begin]) && text[begin] != '_') ++begin;
  return begin;
}

size_t LiteralEnd(std::string_view text, size_t open) {
  constexpr size_t kLiteralMax = 64;
  const size_t limit = std::min(text.size(), open + kLiteralMax);
  for (size_t at = open + 1; at < limit; ++at) {
    if (text[at] == ']') return at + 1;
    if (!IsAlnum(text[at]) && text[at] != ':' && text[at] != '.') break;
  }
  return open;
}

bool IsNumbers(std::string_view domain) {
  return std::all_of(domain.begin(), domain.end(),
                     [](char c) { return IsDigit(c) || c == '.'; });
}

// `domain` without the last labels that begin with a digit: no top-level domain
// does, but what stands behind an address in names of files.
std::string_view WithoutNumbers(std::string_view domain) {
  while (true) {
    const size_t dot = domain.rfind('.');
    const size_t label = dot == std::string_view::npos ? 0 : dot + 1;
    if (!IsDigit(ByteAt(domain, label))) return domain;
    if (label == 0) return {};
    domain = domain.substr(0, dot);
  }
}

// "2x.png": pictures for screens of high density, in every web log.
bool IsScaledPicture(std::string_view domain) {
  constexpr std::array<std::string_view, 7> kEndings = {
      "x.png", "x.jpg", "x.jpeg", "x.gif", "x.webp", "x.svg", "x.avif"};
  return IsDigit(domain[0]) &&
         std::any_of(kEndings.begin(), kEndings.end(), [&](auto ending) {
           return EqualsIgnoreCase(domain.substr(1), ending);
         });
}

size_t DomainEnd(std::string_view text, size_t begin) {
  if (ByteAt(text, begin) == '[') return LiteralEnd(text, begin);
  size_t end = begin;
  while (end < text.size() && (IsWord(text[end]) || text[end] == '-' ||
                               text[end] == '.' || text[end] == '_')) {
    ++end;
  }
  while (end > begin && !IsWord(text[end - 1])) --end;
  if (end == begin || text[begin] == '.') return begin;
  const std::string_view domain = text.substr(begin, end - begin);
  if (IsScaledPicture(domain)) return begin;
  // A dotted quad is an address; the local part names a user all the same.
  const auto dots = std::count(domain.begin(), domain.end(), '.');
  if (IsNumbers(domain)) return dots == 3 ? end : begin;
  const std::string_view host = WithoutNumbers(domain);
  if (host.size() == domain.size()) return end;
  return host.find('.') == std::string_view::npos ? begin : begin + host.size();
}

}  // namespace

Match MatchEmail(std::string_view text, size_t at) {
  const size_t begin = LocalBegin(text, at);
  if (begin == at) return {};
  const size_t end = DomainEnd(text, at + 1);
  if (end == at + 1) return {};
  return {begin, end, Detector::kEmail};
}

}  // namespace nymstream
