// JSON Schema (draft 2020-12) of the documents, from their tables.
#include <cmath>
#include <cstdint>
#include <string>

#include "document/byte_count.h"
#include "document/plain_scalar.h"
#include "nlohmann/json.hpp"
#include "policy/document_shapes.h"
#include "policy/documents.h"

namespace nymstream {
namespace {

using Json = nlohmann::ordered_json;

// Numbers without a fraction are written as whole ones.
Json NumberJson(double number) {
  if (std::floor(number) == number) return static_cast<int64_t>(number);
  return number;
}

class SchemaWriter {
 public:
  Json Document(const Shape& shape, const std::string& title) {
    Json body = Table(*shape.table);
    Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                   {"title", title}};
    schema.update(body);
    if (!definitions_.empty()) schema["$defs"] = definitions_;
    return schema;
  }

 private:
  Json Write(const Shape& shape) {
    if (shape.definition.empty()) return WriteInPlace(shape);
    const std::string name(shape.definition);
    if (!definitions_.contains(name)) definitions_[name] = WriteInPlace(shape);
    return {{"$ref", "#/$defs/" + name}};
  }

  Json WriteInPlace(const Shape& shape) {
    switch (shape.kind) {
      case ShapeKind::kText:
        return Text(shape);
      case ShapeKind::kBoolean:
        return {{"type", "boolean"}};
      case ShapeKind::kWhole:
        return Number(shape, "integer");
      case ShapeKind::kNumber:
        return Number(shape, "number");
      case ShapeKind::kBytes:
        return {{"anyOf",
                 {Number(shape, "integer"),
                  {{"type", "string"}, {"pattern", kByteCountPattern}}}}};
      case ShapeKind::kList:
        return List(shape);
      case ShapeKind::kTable:
        return Table(*shape.table);
      case ShapeKind::kKeyed:
        return Keyed(shape);
      case ShapeKind::kTextOrTable:
        return {{"anyOf", {Write(*shape.item), Table(*shape.table)}}};
    }
    return {};
  }

  static Json Text(const Shape& shape) {
    if (!shape.words.empty()) {
      Json words = Json::array();
      for (const std::string_view word : shape.words) words.push_back(word);
      return {{"enum", words}};
    }
    Json text = {{"type", "string"}, {"minLength", 1}};
    if (!shape.pattern.empty()) text["pattern"] = shape.pattern;
    return text;
  }

  static Json Number(const Shape& shape, const char* type) {
    return {{"type", type},
            {"minimum", NumberJson(shape.min)},
            {"maximum", NumberJson(shape.max)}};
  }

  Json List(const Shape& shape) {
    Json list = {{"type", "array"},
                 {"items", Write(*shape.item)},
                 {"uniqueItems", true}};
    if (shape.items_min > 0) list["minItems"] = shape.items_min;
    return list;
  }

  Json Keyed(const Shape& shape) {
    Json map = {{"type", "object"},
                {"propertyNames", Write(*shape.key)},
                {"additionalProperties", Write(*shape.item)}};
    if (shape.items_min > 0) map["minProperties"] = shape.items_min;
    return map;
  }

  Json Table(const FieldTable& table) {
    Json properties = Json::object();
    Json required = Json::array();
    for (const FieldRow& row : table.rows) {
      Json property = {{"description", row.help}};
      property.update(Write(*row.shape));
      if (!row.fallback.empty()) property["default"] = Fallback(row);
      properties[std::string(row.key)] = property;
      if (row.required) required.push_back(row.key);
    }
    Json map = {{"type", "object"},
                {"properties", properties},
                {"additionalProperties", false}};
    if (!required.empty()) map["required"] = required;
    return map;
  }

  static Json Fallback(const FieldRow& row) {
    if (row.shape->kind == ShapeKind::kBoolean) return row.fallback == "true";
    if (const auto number = ParseNumber(row.fallback)) {
      return NumberJson(*number);
    }
    return row.fallback;
  }

  Json definitions_ = Json::object();
};

}  // namespace

std::string DocumentJsonSchema(DocumentKind kind) {
  SchemaWriter writer;
  Json schema;
  switch (kind) {
    case DocumentKind::kPolicy:
      schema = writer.Document(PolicyShape(), "nymstream policy");
      break;
    case DocumentKind::kLogSchema:
      schema = writer.Document(LogSchemaShape(), "nymstream log schema");
      break;
    case DocumentKind::kPipeline:
      schema = writer.Document(PipelineShape(), "nymstream pipeline");
      break;
  }
  constexpr int kIndent = 2;
  return schema.dump(kIndent) + "\n";
}

}  // namespace nymstream
