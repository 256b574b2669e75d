// Writes one record for one release.
#ifndef NYMSTREAM_ENGINE_RECORD_WRITER_H_
#define NYMSTREAM_ENGINE_RECORD_WRITER_H_

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/arena.h"
#include "base/byte_buffer.h"
#include "engine/field_rules.h"
#include "engine/shape_rules.h"
#include "engine/treated_value.h"
#include "nymstream/verdict.h"
#include "record/parsed_record.h"

namespace nymstream {

// What a leak guard's hit changes in one release.
struct ResultOverride {
  uint32_t element;
  int release;
  Result result;
};

// A parsed record with the results of its values.
struct TreatedRecord {
  const ParsedRecord* parsed = nullptr;
  const FieldRules* rules = nullptr;
  const ShapeRules* shape = nullptr;  // if known
  // Of each element, the result of its field's first variant; others follow.
  // Null for what has no results.
  std::span<const Result* const> results;
  std::span<const ResultOverride> overrides;  // in the order of elements

  // The result of `element` (a classified scalar) in `release`.
  const Result& ResultOf(uint32_t element, int release) const {
    return ResultOf(element, parsed->elements[element].field, release);
  }
  // The same for any value with results: those of carriers follow those of the
  // record's elements.
  const Result& ResultOf(uint32_t value, int32_t field, int release) const {
    if (!overrides.empty()) [[unlikely]] {
      const Result* const result = OverrideOf(value, release);
      if (result != nullptr) return *result;
    }
    return results[value]
                  [rules->VariantsOf(release)[static_cast<size_t>(field)]];
  }

 private:
  // Null if there is none.
  const Result* OverrideOf(uint32_t value, int release) const;
};

using FieldActionCounts = std::span<std::array<uint64_t, kFieldActionCount>>;

// JSON: members in their order, kept ones byte for byte; containers that hold
// no classified path are dropped, others stay though they become empty.
// Adjacent kept members are copied in one piece. Appends no line end. Counts
// what happened to each field in `counts` (one row per field and one for
// unclassified). `coordinates`, if not empty, is added as the member
// "nymstream_source".
void WriteJsonRecord(const TreatedRecord& record, int release,
                     std::string_view coordinates, FieldActionCounts counts,
                     ByteBuffer* out);

// Combined lines as combined lines; what is dropped is "-".
void WriteCombinedRecord(const TreatedRecord& record, int release,
                         FieldActionCounts counts, ByteBuffer* out);

// Combined lines as JSON objects: members of kCombinedFields; what is dropped
// is left out, numbers become numbers, "-" becomes null.
void WriteCombinedAsJson(const TreatedRecord& record, int release,
                         std::string_view coordinates, FieldActionCounts counts,
                         Arena* arena, ByteBuffer* out);

}  // namespace nymstream

#endif  // NYMSTREAM_ENGINE_RECORD_WRITER_H_
