#include "policy/document_shapes.h"

#include <string>

#include "document/quote.h"
#include "document/shape_check.h"
#include "nymstream/log_schema.h"
#include "nymstream/policy.h"
#include "policy/taxonomy.h"
#include "policy/vocabulary.h"

namespace nymstream {
namespace {

constexpr std::string_view kTaxonomyPage =
    "fideslang's taxonomy and in what nymstream schema policy prints";

constexpr size_t kNameBytesMax = 64;

std::optional<Complaint> CheckName(std::string_view name) {
  const std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789_-";
  if (name.size() <= kNameBytesMax && name.front() != '-' &&
      name.find_first_not_of(letters) == std::string_view::npos) {
    return std::nullopt;
  }
  return Complaint{
      "must be at most 64 of a-z, 0-9, '_' and '-', and not begin with '-'",
      ""};
}

std::optional<Complaint> CheckPeriod(std::string_view text) {
  if (ParsePeriod(text).has_value()) return std::nullopt;
  return Complaint{"must be a period of years, months, weeks or days",
                   "for example P30D, P6M or P2Y"};
}

std::optional<Complaint> CheckFieldPath(std::string_view text) {
  FieldPath path;
  std::string error;
  if (ParseFieldPath(text, &path, &error)) return std::nullopt;
  return Complaint{
      "a path that " + error,
      R"(for example request.headers.Referer[*] or ["id.orig_h"])"};
}

// The headers that we write ourselves: of receipts, and source coordinates.
constexpr std::string_view kOwnHeaders = "nymstream";
constexpr size_t kHeaderNameBytesMax = 255;

std::optional<Complaint> CheckHeaderName(std::string_view name) {
  if (name.size() > kHeaderNameBytesMax)
    return Complaint{"must be a header's name of at most 255 bytes", ""};
  if (name.substr(0, kOwnHeaders.size()) == kOwnHeaders) {
    return Complaint{"must not begin with 'nymstream', as our own headers do",
                     ""};
  }
  return std::nullopt;
}

}  // namespace

bool IsDocumentPath(std::string_view reference) {
  return reference.ends_with(".yaml") || reference.ends_with(".yml");
}

const Shape& NameShape() {
  static const Shape shape = {.kind = ShapeKind::kText,
                              .name = "a name",
                              .check = CheckName,
                              .pattern = "^[a-z0-9_][a-z0-9_-]{0,63}$"};
  return shape;
}

const Shape& CategoryShape() {
  static const Shape shape = {.kind = ShapeKind::kText,
                              .name = "a data category",
                              .words = DataCategories(),
                              .nearest = NearestTaxonomyKey,
                              .definition = "data_category",
                              .words_page = kTaxonomyPage};
  return shape;
}

const Shape& CategoriesShape() {
  static const Shape shape = {.kind = ShapeKind::kList,
                              .name = "a list of data categories",
                              .item = &CategoryShape(),
                              .items_min = 1};
  return shape;
}

const Shape& UseShape() {
  static const Shape shape = {.kind = ShapeKind::kText,
                              .name = "a data use",
                              .words = DataUses(),
                              .nearest = NearestTaxonomyKey,
                              .definition = "data_use",
                              .words_page = kTaxonomyPage};
  return shape;
}

const Shape& UsesShape() {
  static const Shape shape = {.kind = ShapeKind::kList,
                              .name = "a list of data uses",
                              .item = &UseShape(),
                              .items_min = 1};
  return shape;
}

const Shape& AudienceShape() {
  static const Shape shape = {.kind = ShapeKind::kText,
                              .name = "an audience",
                              .words = kAudienceNames,
                              .definition = "audience"};
  return shape;
}

const Shape& LevelShape() {
  static const Shape shape = {.kind = ShapeKind::kText,
                              .name = "a level",
                              .words = kIdentifiabilityNames,
                              .definition = "level"};
  return shape;
}

const Shape& RightShape() {
  static const Shape shape = {.kind = ShapeKind::kText,
                              .name = "a right",
                              .words = kRightNames,
                              .definition = "right"};
  return shape;
}

const Shape& PeriodShape() {
  static const Shape shape = {
      .kind = ShapeKind::kText,
      .name = "a period (ISO 8601)",
      .check = CheckPeriod,
      .pattern = "^P([0-9]+W|(?=[0-9])([0-9]+Y)?([0-9]+M)?([0-9]+D)?)$"};
  return shape;
}

const Shape& FieldPathShape() {
  static const Shape shape = {.kind = ShapeKind::kText,
                              .name = "the path of a field",
                              .check = CheckFieldPath};
  return shape;
}

const Shape& HeaderNameShape() {
  static const Shape shape = {.kind = ShapeKind::kText,
                              .name = "the name of a header",
                              .check = CheckHeaderName,
                              .pattern = "^(?!nymstream).{1,255}$"};
  return shape;
}

std::optional<YamlNode> ReadDocument(std::string_view text, const Shape& shape,
                                     DocumentFindings* findings) {
  std::optional<YamlNode> root = ParseYaml(text, findings);
  if (!root.has_value() || !IsDocument(*root, shape, findings)) {
    return std::nullopt;
  }
  CheckShape(*root, shape, "", findings);
  return root;
}

}  // namespace nymstream
