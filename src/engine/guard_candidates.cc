#include "engine/guard_candidates.h"

#include <algorithm>
#include <array>

namespace nymstream {
namespace {

constexpr std::array<std::string_view, 26> kProtocolWords = {
    "CONNECT",  "DELETE",  "HEAD",     "HTTP/1.0",   "HTTP/1.1", "HTTP/2",
    "HTTP/2.0", "HTTP/3",  "HTTP/3.0", "OPTIONS",    "PATCH",    "POST",
    "TLSv1.2",  "TLSv1.3", "TRACE",    "deflate",    "false",    "gzip",
    "http",     "https",   "identity", "keep-alive", "null",     "true",
    "unknown",  "upgrade"};

std::string_view TrimSpaces(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool IsNumeric(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ',' ||
           c == ' ';
  });
}

size_t DigitCount(std::string_view text) {
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }));
}

bool IsProtocolWord(std::string_view text) {
  // The longest word has 10 characters, and words begin with few letters.
  constexpr std::string_view kFirstLetters = "CDHOPTdfghiknu";
  return text.size() <= 10 &&
         kFirstLetters.find(text.front()) != std::string_view::npos &&
         std::find(kProtocolWords.begin(), kProtocolWords.end(), text) !=
             kProtocolWords.end();
}

constexpr std::array<bool, 256> kEndsPiece = [] {
  std::array<bool, 256> ends{};
  for (const char c : {';', '&', ',', ' ', '"', '\''})
    ends[static_cast<unsigned char>(c)] = true;
  return ends;
}();

}  // namespace

void AddCandidate(std::string_view value, ReleaseMask releases, bool identifier,
                  std::vector<Candidate>* candidates) {
  value = TrimSpaces(value);
  const size_t shortest = identifier ? kGuardedWordBytesMin : kGuardedBytesMin;
  if (releases == 0 || value.size() < shortest || IsProtocolWord(value)) return;
  if (!identifier && IsNumeric(value) &&
      DigitCount(value) < kGuardedDigitsMin) {
    return;
  }
  // Variants of one value give the same bytes one after another.
  constexpr size_t kLookBack = 8;
  const size_t size = candidates->size();
  for (size_t i = size; i > 0 && i + kLookBack > size; --i) {
    Candidate& earlier = (*candidates)[i - 1];
    if (earlier.value.data() == value.data() &&
        earlier.value.size() == value.size()) {
      earlier.releases |= releases;
      return;
    }
  }
  candidates->push_back({value, releases, identifier});
}

void AddCandidatePieces(std::string_view text, ReleaseMask releases,
                        std::vector<Candidate>* candidates) {
  if (releases == 0) return;
  const auto add = [&](std::string_view piece) {
    if (piece.size() >= kGuardedPieceBytesMin && piece.size() < text.size()) {
      AddCandidate(piece, releases, false, candidates);
    }
  };
  constexpr std::string_view kBearer = "Bearer ";
  constexpr std::string_view kBasic = "Basic ";
  for (const std::string_view scheme : {kBearer, kBasic}) {
    if (text.substr(0, scheme.size()) == scheme)
      add(text.substr(scheme.size()));
  }
  for (size_t at = text.find('='); at != std::string_view::npos;
       at = text.find('=', at)) {
    const size_t begin = ++at;
    while (at < text.size() &&
           !kEndsPiece[static_cast<unsigned char>(text[at])])
      ++at;
    add(text.substr(begin, at - begin));
  }
}

}  // namespace nymstream
