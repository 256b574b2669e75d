// NCSA common and combined log lines, as Apache httpd and nginx write them.
#ifndef NYMSTREAM_RECORD_COMBINED_PARSER_H_
#define NYMSTREAM_RECORD_COMBINED_PARSER_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "nymstream/plan.h"
#include "nymstream/verdict.h"
#include "record/parsed_record.h"

namespace nymstream {

enum class CombinedStyle : uint8_t { kBare, kBracketed, kQuoted };

struct CombinedField {
  std::string_view name;
  CombinedStyle style;
  bool is_number;  // written as a JSON number by `as: json`
};

// The fields of a combined line in its order; a common line ends after the
// seventh.
inline constexpr std::array<CombinedField, 9> kCombinedFields = {{
    {"remote_addr", CombinedStyle::kBare, false},
    {"ident", CombinedStyle::kBare, false},
    {"remote_user", CombinedStyle::kBare, false},
    {"time_local", CombinedStyle::kBracketed, false},
    {"request", CombinedStyle::kQuoted, false},
    {"status", CombinedStyle::kBare, true},
    {"body_bytes_sent", CombinedStyle::kBare, true},
    {"http_referer", CombinedStyle::kQuoted, false},
    {"http_user_agent", CombinedStyle::kQuoted, false},
}};
inline constexpr size_t kCommonFieldCount = 7;

// One thread per object. Cost: a scan of the line; no allocation once warm.
class CombinedParser {
 public:
  explicit CombinedParser(const std::vector<PlanField>& fields);

  // Parses one line without its line end. Elements are kString, in the order
  // of kCombinedFields, 7 or 9 of them. A line that holds anything else (more
  // fields, control characters, invalid UTF-8) is refused.
  std::optional<QuarantineReason> Parse(std::string_view line,
                                        ParsedRecord* record) const;

 private:
  std::array<int32_t, kCombinedFields.size()> plan_fields_;
};

// Decodes the escapes of Apache and nginx (\" \\ \xHH \b \n \r \t \v; any other
// backslash stands for itself). `offsets` as in DecodeJsonString.
std::string_view DecodeCombined(std::string_view content, Arena* arena,
                                std::vector<uint32_t>* offsets);

}  // namespace nymstream

#endif  // NYMSTREAM_RECORD_COMBINED_PARSER_H_
