// Strict RFC 8259 parsing of one record into a flat list of elements.
#ifndef NYMSTREAM_RECORD_JSON_PARSER_H_
#define NYMSTREAM_RECORD_JSON_PARSER_H_

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "nymstream/verdict.h"
#include "record/known_shapes.h"
#include "record/parsed_record.h"
#include "record/path_matcher.h"
#include "simdjson.h"

namespace nymstream {

// simdjson's first stage (the structural index, UTF-8 and control characters,
// by the best kernel of the CPU at run time), then our own second stage,
// because On-Demand does not validate what it skips or copies raw, and every
// byte that is copied must be checked. One thread per object. Cost: one pass of
// SIMD over the bytes and a few nanoseconds per token; no allocation once warm.
class JsonParser {
 public:
  // `matcher` must outlive the parser.
  JsonParser(PathMatcher* matcher, int depth_max);

  // Parses one JSON object. Its text must stay while `record` is used, and
  // kRawPadding bytes after it must be readable. Returns why not, if it is not
  // exactly one valid object; `record` is then undefined.
  std::optional<QuarantineReason> Parse(std::string_view text,
                                        ParsedRecord* record);

  // Parses the record at the beginning of `text`, as Parse() would, if it is
  // like one that was parsed before in all but its values. Returns its size, up
  // to a control character or the end of `text`; 0 if it is not like one. Its
  // text must stay while `record` is used, and kRawPadding bytes after `text`
  // must be readable. Cost: see KnownShapes.
  size_t ParseAlike(std::string_view text, ParsedRecord* record) {
    return shapes_.Match(text, record);
  }

 private:
  struct Frame {
    uint32_t begin_element;
    int32_t node;
    PathMatcher::Cursor cursor;
    bool is_array;
  };

  std::optional<QuarantineReason> Index(std::string_view text);
  std::optional<QuarantineReason> Walk(ElementList* elements);
  // Parses members from `token` on as long as each has the name that was
  // guessed, a string or number without escapes for its value, and a comma
  // after it. Returns the token of the first that has not, valid or not.
  uint32_t WalkPlainMembers(uint32_t token, ElementList* elements);
  // Each parses at structural index `token`; false if it is not valid.
  bool ParseKey(uint32_t token, Element* element, int32_t* child);
  bool ParseUnguessedKey(uint32_t token, Element* element, int32_t* child);
  bool ParseScalar(uint32_t token, Element* element);
  bool ParseString(uint32_t token, uint32_t* content_end, bool* escaped);
  // Adds the end of the container in `frame`, which stands at `at`.
  static void Close(const Frame& frame, uint32_t at, ElementList* elements);
  // One past the last byte, before white space, of the token at `token`.
  uint32_t TokenEnd(uint32_t token) const;
  char At(uint32_t token) const { return text_[structurals_[token]]; }

  PathMatcher* matcher_;
  size_t depth_max_;
  std::unique_ptr<simdjson::internal::dom_parser_implementation> stage1_;
  std::string_view text_;
  const uint32_t* structurals_ = nullptr;
  uint32_t structural_count_ = 0;
  bool has_escapes_ = false;
  std::vector<Frame> stack_;
  Arena key_arena_{4096};
  KnownShapes shapes_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_RECORD_JSON_PARSER_H_
