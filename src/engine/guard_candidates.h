// Which parts of a withheld value the leak guard looks for.
#ifndef NYMSTREAM_ENGINE_GUARD_CANDIDATES_H_
#define NYMSTREAM_ENGINE_GUARD_CANDIDATES_H_

#include <cstddef>
#include <string_view>
#include <vector>

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

// What a text must have to hold `value` in any form. A space may stand as '+'
// in a text, so grams with a space say nothing.
GuardMarks GuardMarksOf(std::string_view value);

// Adds `value` (decoded, without the quotes and blanks around it) unless it is
// too short, or, where it is no identifier, a short number or a word of the
// protocol (kProtocolWords in the .cc: methods, versions, schemes), which
// occurs everywhere and identifies nobody. `value` must outlive the candidates.
// No allocation but the growth of `candidates`.
void AddCandidate(std::string_view value, ReleaseMask releases, bool identifier,
                  std::vector<Candidate>* candidates);

// Adds a user name or password, which counts from kGuardedWordBytesMin on, and
// below kGuardedPieceBytesMin as a whole word only.
void AddCredentialPart(std::string_view part, ReleaseMask releases,
                       std::vector<Candidate>* candidates);

// Adds the values of pairs in `text`: name=value of cookies, queries and
// messages, "name":"value" of JSON in a string; and what follows the scheme of
// a credential ("Bearer abc").
void AddCandidatePieces(std::string_view text, ReleaseMask releases,
                        std::vector<Candidate>* candidates);

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_GUARD_CANDIDATES_H_
