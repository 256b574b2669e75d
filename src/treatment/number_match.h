// Identifiers that are mostly digits.
#ifndef NYMSTREAM_TREATMENT_NUMBER_MATCH_H_
#define NYMSTREAM_TREATMENT_NUMBER_MATCH_H_

#include <cstddef>
#include <string_view>

#include "treatment/match.h"

namespace nymstream {

// Times in milliseconds (13 digits from 1) and as yyyymmddhhmmss (14 digits
// from 19 or 20), of which one in ten would pass for a card.
bool IsTimeNumber(std::string_view digits);

// Each of these decides in a bounded number of steps.

// Payment card (ISO/IEC 7812: Luhn) of 13 to 19 digits that begins at `at`: in
// one run, or in groups joined by one kind of separator, the first of four
// digits; unless IsTimeNumber. With underscores, slashes or dots no group may
// have fewer than four.
Match MatchCard(std::string_view text, size_t at);

// Phone number with international prefix, that begins at `at` with '+' or
// "00": 8 to 15 digits (ITU-T E.164) and what is written between them.
Match MatchPhone(std::string_view text, size_t at);

// IBAN (ISO 13616: mod 97) of 15 to 34 characters that begins at `at`, in one
// word or in groups of four.
Match MatchIban(std::string_view text, size_t at);

}  // namespace nymstream

#endif  // NYMSTREAM_TREATMENT_NUMBER_MATCH_H_
