// Parses texts for tests, in padded memory as the engine has it.
#ifndef NYMSTREAM_TESTS_UNIT_RECORD_PARSE_SUPPORT_H_
#define NYMSTREAM_TESTS_UNIT_RECORD_PARSE_SUPPORT_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "nymstream/batch.h"
#include "nymstream/plan.h"
#include "record/json_parser.h"

namespace nymstream {

inline PlanField FieldAt(std::string_view path) {
  PlanField field;
  std::string error;
  EXPECT_TRUE(ParseFieldPath(path, &field.path, &error)) << error;
  field.path_text = std::string(path);
  return field;
}

inline std::vector<PlanField> FieldsAt(
    const std::vector<std::string_view>& paths) {
  std::vector<PlanField> fields;
  for (const std::string_view path : paths) fields.push_back(FieldAt(path));
  return fields;
}

// Owns text, padding and parser.
class JsonFixture {
 public:
  explicit JsonFixture(const std::vector<std::string_view>& paths = {},
                       int depth_max = 64)
      : matcher_(FieldsAt(paths)), parser_(&matcher_, depth_max) {}

  std::optional<QuarantineReason> Parse(std::string_view text) {
    padded_.assign(text);
    padded_.append(kRawPadding, '}');  // what follows must not matter
    return parser_.Parse({padded_.data(), text.size()}, &record);
  }

  // "path-index:content" of each scalar that is classified.
  std::vector<std::string> Classified() const {
    std::vector<std::string> found;
    for (const Element& element : record.elements) {
      if (element.field < 0 || element.kind == ElementKind::kObjectEnd ||
          element.kind == ElementKind::kArrayEnd) {
        continue;
      }
      found.push_back(std::to_string(element.field) + ":" +
                      std::string(record.Content(element)));
    }
    return found;
  }

  ParsedRecord record;

 private:
  std::string padded_;
  PathMatcher matcher_;
  JsonParser parser_;
};

}  // namespace nymstream

#endif  // NYMSTREAM_TESTS_UNIT_RECORD_PARSE_SUPPORT_H_
