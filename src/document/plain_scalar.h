// What YAML readers take an unquoted value for.
#ifndef NYMSTREAM_DOCUMENT_PLAIN_SCALAR_H_
#define NYMSTREAM_DOCUMENT_PLAIN_SCALAR_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace nymstream {

enum class PlainMeaning { kText, kNull, kBoolean, kNumber, kDate, kSpecialKey };

// What some reader of YAML 1.1 or 1.2 makes of `text` where it stands without
// quotation marks: `no` is a boolean, `0600`, `1_000` and `1:30` are numbers,
// `2024-01-31` is a date (yaml.org/type, and YAML 1.2.2 section 10.3.2).
PlainMeaning MeaningOfPlain(std::string_view text);

// "a number", for messages.
std::string_view PlainMeaningName(PlainMeaning meaning);

// A whole number or a number as JSON writes it (RFC 8259, section 6), which
// every reader understands alike; nullopt also if it does not fit.
std::optional<int64_t> ParseWholeNumber(std::string_view text);
std::optional<double> ParseNumber(std::string_view text);

}  // namespace nymstream

#endif  // NYMSTREAM_DOCUMENT_PLAIN_SCALAR_H_
