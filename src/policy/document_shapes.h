// Shapes that the tables of policy, log schema and pipeline share.
#ifndef NYMSTREAM_POLICY_DOCUMENT_SHAPES_H_
#define NYMSTREAM_POLICY_DOCUMENT_SHAPES_H_

#include <optional>
#include <string_view>

#include "document/document_findings.h"
#include "document/field_table.h"
#include "document/yaml_tree.h"

namespace nymstream {

// Any line of text.
inline constexpr Shape kLineShape = {.kind = ShapeKind::kText,
                                     .name = "a line of text"};
inline constexpr Shape kPathOfFileShape = {.kind = ShapeKind::kText,
                                           .name = "the path of a file"};
inline constexpr Shape kBooleanShape = {.kind = ShapeKind::kBoolean,
                                        .name = "true or false"};

// By its end: ".yaml" or ".yml"; other references to documents are names.
bool IsDocumentPath(std::string_view reference);

// Names that become parts of file names: [a-z0-9_][a-z0-9_-]{0,63}.
const Shape& NameShape();
const Shape& CategoryShape();  // fideslang data category
const Shape& CategoriesShape();
const Shape& UseShape();  // fideslang data use
const Shape& UsesShape();
const Shape& AudienceShape();
const Shape& LevelShape();
const Shape& RightShape();
const Shape& PeriodShape();
const Shape& FieldPathShape();
const Shape& HeaderNameShape();  // of a Kafka record

// The whole of each document.
const Shape& PolicyShape();
const Shape& LogSchemaShape();
const Shape& PipelineShape();

// Parses `text` and checks it against `shape`; nullopt if that leaves nothing
// to look at.
std::optional<YamlNode> ReadDocument(std::string_view text, const Shape& shape,
                                     DocumentFindings* findings);

}  // namespace nymstream

#endif  // NYMSTREAM_POLICY_DOCUMENT_SHAPES_H_
