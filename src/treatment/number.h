// Numbers, ages and closed vocabularies.
#ifndef NYMSTREAM_TREATMENT_NUMBER_H_
#define NYMSTREAM_TREATMENT_NUMBER_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nymstream {

// True for an RFC 8259 number, which is also what a log writes in quotes
// ("200", "0.003"), for `-`, and for a list of such with `,` or ` : ` between
// (nginx writes upstream times so). Anything else in a field of type number is
// suppressed.
bool IsPlainNumber(std::string_view text);

// Lower bound of the bucket that holds the number, as text into `out` (capacity
// >= 32); the first bucket reaches down without end and is written "<B". 0 if
// `text` is no single number or one that no double holds, or without `bounds`.
// `bounds` are finite and ascend.
size_t BucketOf(std::string_view text, std::span<const double> bounds,
                char* out);

// Whole years, 0 to 150; nullopt otherwise. Any RFC 8259 number ("34", 34.0,
// 3.4e1), spaces around it; of 34.9 whole years are 34.
std::optional<int> ParseAge(std::string_view text);

// Range of an age: "0-12", "13-17", "18-24", "25-34", "35-44", "45-54",
// "55-64", "65+". Static storage.
std::string_view AgeRange(int age);

// true/false, yes/no, on/off, 0/1, any case, and "-".
bool IsPlainBoolean(std::string_view text);

// Member of `values`, or, if `values` is empty, a short plain token: 1 to 64
// characters of [A-Za-z0-9_./:+-], in which no detector finds an identifier
// and which holds no run of more than 8 digits, nor one of more than 16
// alphanumerics that mixes letters and digits. Allocates only on a finding.
bool IsPlainEnum(std::string_view text, std::span<const std::string> values);

// Country as ISO 3166-1 alpha-2, any case; also "XK" (Kosovo) and what logs
// write for none ("-", "XX", Cloudflare's "T1" for Tor).
bool IsCountryCode(std::string_view text);

}  // namespace nymstream

#endif  // NYMSTREAM_TREATMENT_NUMBER_H_
