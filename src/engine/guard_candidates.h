// Which parts of a withheld value the leak guard looks for.
#ifndef NYMSTREAM_ENGINE_GUARD_CANDIDATES_H_
#define NYMSTREAM_ENGINE_GUARD_CANDIDATES_H_

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "base/byte_scan.h"
#include "engine/treated_value.h"

namespace nymstream {

// Shortest value that is looked for anywhere, of whatever kind. Shorter ones
// occur by chance in every record.
inline constexpr size_t kGuardedBytesMin = 4;
// Shortest identifier that is looked for as a whole word.
inline constexpr size_t kGuardedWordBytesMin = 2;
// Shortest value of a name=value pair inside a cookie, query or text that is
// looked for by itself.
inline constexpr size_t kGuardedPieceBytesMin = 5;
// Fewest digits that make a number worth looking for: below, it is a count, a
// size or a status.
inline constexpr size_t kGuardedDigitsMin = 7;

// `text` without the white space, quotes and brackets around it, which are not
// of a value.
inline std::string_view TrimCandidate(std::string_view text) {
  static constexpr auto kAround = [] {
    std::array<bool, 256> set{};
    for (const char c : std::string_view(" \t\r\n\"'<>()[]{},;"))
      set[static_cast<unsigned char>(c)] = true;
    return set;
  }();
  const auto is_around = [](char c) {
    return kAround[static_cast<unsigned char>(c)];
  };
  while (!text.empty() && is_around(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_around(text.back())) text.remove_suffix(1);
  return text;
}

// False for a trimmed value that occurs everywhere and identifies nobody: a
// short number, or a word of the protocol (kProtocolWords in the .cc: methods,
// versions, schemes). Identifiers are looked for in any case.
bool IsWorthGuarding(std::string_view value);

// True for the schemes of credentials (RFC 9110, 11.1), case ignored.
bool IsAuthenticationScheme(std::string_view word);

// Calls use(piece) for each part of `text` that counts by itself: the values of
// name=value, name="value" and "name":"value", and what follows the scheme of a
// credential ("Bearer abc"). Only those of kGuardedPieceBytesMin bytes or more.
// Linear; most of the cost is that of two scans.
template <typename Use>
void ForEachPiece(std::string_view text, Use use) {
  if (text.size() <= kGuardedPieceBytesMin) return;
  const auto use_long = [&](std::string_view piece) {
    if (piece.size() >= kGuardedPieceBytesMin && piece.size() < text.size()) {
      use(piece);
    }
  };
  constexpr size_t kSchemeBytesMax = 9;
  const std::string_view head = text.substr(0, kSchemeBytesMax + 1);
  if (const size_t word = head.find(' ');
      word != std::string_view::npos &&
      IsAuthenticationScheme(text.substr(0, word))) {
    use_long(text.substr(word + 1));
  }
  for (size_t at = FindAny<'=', ':'>(text, 0); at < text.size();
       at = FindAny<'=', ':'>(text, at)) {
    const bool colon = text[at] == ':';
    ++at;
    while (at < text.size() && text[at] == ' ') ++at;
    const bool quoted =
        at < text.size() && (text[at] == '"' || text[at] == '\'');
    if (colon && !quoted) continue;
    const size_t begin = quoted ? at + 1 : at;
    at = FindAny<';', '&', ',', ' ', '"', '\''>(text, begin);
    use_long(text.substr(begin, at - begin));
  }
}

// What a text must have to hold `value` in any form. A space may stand as '+'
// in a text, so grams with a space say nothing.
GuardMarks GuardMarksOf(std::string_view value);

// Adds `value` (decoded), trimmed, unless it is too short, or, where it is no
// identifier, not worth guarding. Its marks are not made. `value` must outlive
// the candidates. No allocation but the growth of `candidates`.
void AddCandidate(std::string_view value, ReleaseMask releases, bool identifier,
                  std::vector<Candidate>* candidates);

// Adds a user name or password, which counts from kGuardedWordBytesMin on, and
// below kGuardedPieceBytesMin as a whole word only.
void AddCredentialPart(std::string_view part, ReleaseMask releases,
                       std::vector<Candidate>* candidates);

// Adds the pieces of `text`; see ForEachPiece.
void AddCandidatePieces(std::string_view text, ReleaseMask releases,
                        std::vector<Candidate>* candidates);

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_GUARD_CANDIDATES_H_
