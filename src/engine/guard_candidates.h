// Which parts of a withheld value the leak guard looks for.
#ifndef NYMSTREAM_ENGINE_GUARD_CANDIDATES_H_
#define NYMSTREAM_ENGINE_GUARD_CANDIDATES_H_

#include <algorithm>
#include <array>
#include <bit>
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

// Finds where values of pairs may begin and end. Positions must not go back.
// ByteBlocks::kReadAhead bytes behind the text must be readable.
class PairMarks {
 public:
  explicit PairMarks(std::string_view text)
      : blocks_(text), size_(text.size()) {
    NextBlock();
  }

  // Where the first '=' or ':' at or after `at` stands; the text's size if
  // there is none.
  size_t Separator(size_t at) { return Find<false>(at); }
  // The same for what ends a value.
  size_t End(size_t at) { return Find<true>(at); }

 private:
  void NextBlock() {
    if (!blocks_.Next()) {
      done_ = true;
      return;
    }
    ends_known_ = false;
    separators_ = blocks_.Matches<'=', ':'>();
  }
  uint32_t Ends() {
    if (!ends_known_) {
      ends_known_ = true;
      ends_ = blocks_.Matches<';', '&', ',', ' ', '"', '\''>();
    }
    return ends_;
  }
  template <bool kEnd>
  size_t Find(size_t at) {
    while (!done_) {
      const size_t passed = at > blocks_.begin() ? at - blocks_.begin() : 0;
      if (passed < byte_scan::kBlock) {
        const uint32_t found = (kEnd ? Ends() : separators_) >> passed;
        if (found != 0) {
          const auto more = static_cast<size_t>(std::countr_zero(found));
          return std::min(blocks_.begin() + passed + more, size_);
        }
      }
      NextBlock();
    }
    return size_;
  }

  ByteBlocks blocks_;
  size_t size_;
  uint32_t separators_ = 0;
  uint32_t ends_ = 0;
  bool ends_known_ = false;
  bool done_ = false;
};

// Calls use(piece) for each part of `text` that counts by itself: the values of
// name=value, name="value" and "name":"value", and what follows the scheme of a
// credential ("Bearer abc"). Only those of kGuardedPieceBytesMin bytes or more.
// ByteBlocks::kReadAhead bytes behind the text must be readable. Cost: about
// two instructions a byte.
template <typename Use>
void ForEachPiece(std::string_view text, Use use) {
  if (text.size() <= kGuardedPieceBytesMin) return;
  const auto use_long = [&](std::string_view piece) {
    if (piece.size() >= kGuardedPieceBytesMin && piece.size() < text.size()) {
      use(piece);
    }
  };
  constexpr size_t kSchemeBytesMin = 5;
  constexpr size_t kSchemeBytesMax = 9;
  for (size_t at = kSchemeBytesMin; at <= kSchemeBytesMax && at < text.size();
       ++at) {
    if (text[at] != ' ') [[likely]]
      continue;
    if (IsAuthenticationScheme(text.substr(0, at))) {
      use_long(text.substr(at + 1));
    }
    break;
  }
  PairMarks marks(text);
  for (size_t at = marks.Separator(0); at < text.size();
       at = marks.Separator(at)) {
    const bool colon = text[at] == ':';
    ++at;
    while (at < text.size() && text[at] == ' ') ++at;
    const bool quoted =
        at < text.size() && (text[at] == '"' || text[at] == '\'');
    if (colon && !quoted) continue;
    const size_t begin = quoted ? at + 1 : at;
    at = marks.End(begin);
    use_long(text.substr(begin, at - begin));
  }
}

// What a text must have to hold `value` in any form. A space may stand as '+'
// in a text, so grams with a space say nothing.
GuardMarks GuardMarksOf(std::string_view value);
// Makes those of a candidate that is kept or may be in a piece.
void MakeMarks(Candidate* candidate);

// Adds `value` (decoded), trimmed, unless it is too short, or, where it is no
// identifier, not worth guarding. Its marks are not made. `value` must outlive
// the candidates. No allocation but the growth of `candidates`.
void AddCandidate(std::string_view value, ReleaseMask releases, bool identifier,
                  std::vector<Candidate>* candidates);

// Adds a user name or password, which counts from kGuardedWordBytesMin on, and
// below kGuardedPieceBytesMin as a whole word only.
void AddCredentialPart(std::string_view part, ReleaseMask releases,
                       std::vector<Candidate>* candidates);

// Adds the pieces of `text`; see ForEachPiece, also for what must be readable.
void AddCandidatePieces(std::string_view text, ReleaseMask releases,
                        std::vector<Candidate>* candidates);

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_GUARD_CANDIDATES_H_
