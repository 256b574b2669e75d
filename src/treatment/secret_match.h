// Credentials in free text.
#ifndef NYMSTREAM_TREATMENT_SECRET_MATCH_H_
#define NYMSTREAM_TREATMENT_SECRET_MATCH_H_

#include <cstddef>
#include <string_view>

#include "treatment/match.h"

namespace nymstream {

// `at` is the 'J' of "eyJ": a JWT (RFC 7519), or 16 characters or more of
// base64 that begin an encoded JSON object.
Match MatchJwt(std::string_view text, size_t at);

// `at` is the blank or '+' after an authentication scheme (Bearer, Basic,
// Digest, Token, Negotiate, any case): its parameters, or the token, unless it
// reads as a plain word.
Match MatchSchemeToken(std::string_view text, size_t at);

// `at` is '=' or ':' after a name that stands for a secret (password, token,
// ...; see the tables in the .cc): the value, up to its quote or to what ends a
// word; for authorization and cookies, up to the line's end.
Match MatchNamedSecret(std::string_view text, size_t at);

// `at` is the ':' of "://": the userinfo of the URL.
Match MatchUserinfo(std::string_view text, size_t at);

// `at` is '/', '=' or ':' after a name that stands for a device id (udid, imei,
// id, ...) or ends with such a word in a user agent: the value.
Match MatchDeviceId(std::string_view text, size_t at);

}  // namespace nymstream

#endif  // NYMSTREAM_TREATMENT_SECRET_MATCH_H_
