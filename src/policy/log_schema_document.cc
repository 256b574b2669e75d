// The log schema document: its table, and the way from a checked tree to a
// LogSchema.
#include <array>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/absl_view.h"
#include "document/map_reader.h"
#include "document/quote.h"
#include "document/shape_check.h"
#include "policy/document_shapes.h"
#include "policy/documents.h"
#include "policy/finding.h"
#include "policy/path_overlap.h"
#include "policy/vocabulary.h"

namespace nymstream {
namespace {

// Types of what is in the record only.
struct BodyType {
  ValueType type;
  std::string_view reason;
  std::string_view hint;
};

constexpr BodyType kBodyTypes[] = {
    {ValueType::kTimestamp, "the time of a record is in the record itself",
     "leave it out; the record's Kafka timestamp leaves as coarse as its event "
     "time"},
    {ValueType::kAge, "the rule about minors judges the record itself",
     "put the age into the record"},
    {ValueType::kJson, "a text that holds JSON may hold anything",
     "leave it out; what is not listed never leaves"},
};

std::optional<Complaint> CheckCarrierType(std::string_view text) {
  for (const BodyType& body : kBodyTypes) {
    if (text != ValueTypeName(body.type)) continue;
    return Complaint{absl::StrCat("must be a type for a key or a header: ",
                                  ToAbsl(body.reason)),
                     std::string(body.hint)};
  }
  return std::nullopt;
}

std::span<const std::string_view> CarrierTypeNames() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> allowed;
    for (const std::string_view name : kValueTypeNames) {
      if (!CheckCarrierType(name).has_value()) allowed.push_back(name);
    }
    return allowed;
  }();
  return names;
}

using SchemaFieldRows = std::array<FieldRow, 5>;

// The rows of a field whose types are `type`.
SchemaFieldRows MakeSchemaFieldRows(const Shape& type) {
  static const Shape granularity = {.kind = ShapeKind::kText,
                                    .name = "a granularity",
                                    .words = kGeoGranularityNames};
  static const Shape lines = {.kind = ShapeKind::kList,
                              .name = "a list of texts",
                              .item = &kLineShape,
                              .items_min = 1};
  return {{
      {.key = "category",
       .shape = &CategoryShape(),
       .required = true,
       .help = "What the field says about whom (fideslang)."},
      {.key = "type",
       .shape = &type,
       .required = true,
       .help = "How the value is read, and so which treatments there are."},
      {.key = "granularity",
       .shape = &granularity,
       .fallback = "coordinates",
       .help = "Type `geo` only: the finest place that the value states."},
      {.key = "values",
       .shape = &lines,
       .help = "Type `enum` only: the values that may leave; absent: any "
               "short plain token."},
      {.key = "keep_parameters",
       .shape = &lines,
       .help = "Type `url` only: names of query parameters whose values may "
               "stay."},
  }};
}

const FieldTable& SchemaFieldTable() {
  static const Shape type = {.kind = ShapeKind::kText,
                             .name = "a type",
                             .words = kValueTypeNames,
                             .definition = "type"};
  static const SchemaFieldRows rows = MakeSchemaFieldRows(type);
  static const FieldTable table = {rows};
  return table;
}

const Shape& CarrierFieldShape() {
  static const Shape type = {.kind = ShapeKind::kText,
                             .name = "a type",
                             .words = CarrierTypeNames(),
                             .check = CheckCarrierType,
                             .definition = "carrier_type"};
  static const SchemaFieldRows rows = MakeSchemaFieldRows(type);
  static const FieldTable table = {rows};
  static const Shape shape = {.kind = ShapeKind::kTable,
                              .name = "a category and a type",
                              .table = &table};
  return shape;
}

const Shape& KafkaShape() {
  static const Shape headers = {.kind = ShapeKind::kKeyed,
                                .name = "a map from names to fields",
                                .item = &CarrierFieldShape(),
                                .key = &HeaderNameShape()};
  static const FieldRow rows[] = {
      {.key = "key",
       .shape = &CarrierFieldShape(),
       .help = "What the key of the Kafka record says. It leaves only where "
               "a release names it."},
      {.key = "headers",
       .shape = &headers,
       .help = "What its headers say, by their exact names. They leave only "
               "where a release names them."},
  };
  static const FieldTable table = {rows};
  static const Shape shape = {.kind = ShapeKind::kTable,
                              .name = "what is around a record",
                              .table = &table};
  return shape;
}

const FieldTable& LogSchemaTable() {
  static const Shape format = {
      .kind = ShapeKind::kText, .name = "a format", .words = kLogFormatNames};
  static const Shape field = {.kind = ShapeKind::kTable,
                              .name = "a category and a type",
                              .table = &SchemaFieldTable()};
  static const Shape fields = {.kind = ShapeKind::kKeyed,
                               .name = "a map from paths to fields",
                               .item = &field,
                               .key = &FieldPathShape(),
                               .items_min = 1};
  static const FieldRow rows[] = {
      {.key = "schema",
       .shape = &NameShape(),
       .required = true,
       .help = "Name of this schema."},
      {.key = "format",
       .shape = &format,
       .required = true,
       .help = "`json`: an object a record; `combined`: NCSA common or "
               "combined text lines."},
      {.key = "event_time",
       .shape = &FieldPathShape(),
       .required = true,
       .help = "The field of type `timestamp` that chooses the key epoch and "
               "the retention test."},
      {.key = "fields",
       .shape = &fields,
       .required = true,
       .help = "Every field that may leave; what is not listed never does. A "
               "name that holds a dot is written `[\"id.orig_h\"]`, every "
               "element of an array `[*]`."},
      {.key = "kafka",
       .shape = &KafkaShape(),
       .help = "Key and headers of the Kafka record around a record."},
  };
  static const FieldTable table = {rows};
  return table;
}

FieldPath PathOf(std::string_view text) {
  FieldPath path;
  std::string error;
  if (!ParseFieldPath(text, &path, &error)) path.clear();
  return path;
}

class LogSchemaReader {
 public:
  explicit LogSchemaReader(DocumentFindings* findings) : findings_(findings) {}

  LogSchema Read(const YamlNode& root) {
    const MapReader map(root, LogSchemaTable());
    LogSchema schema;
    schema.name = map.Text("schema");
    schema.format = WordOf<LogFormat>(kLogFormatNames, map.Text("format"));
    schema.event_time = PathOf(map.Text("event_time"));
    schema.position = findings_->PositionOf(root.position);
    const TextPosition event_time = map.PositionOf("event_time");
    schema.event_time_position = findings_->PositionOf(event_time);

    std::vector<PlacedPath> paths;
    for (const YamlNode& node : map.Children("fields")) {
      SchemaField field = ReadField(node, KeyOf(node));
      field.path = PathOf(node.key);
      schema.fields.push_back(std::move(field));
      const FieldPath& path = schema.fields.back().path;
      if (path.empty()) continue;
      paths.push_back({path, node.key_position, KeyOf(node)});
      if (schema.format == LogFormat::kCombined) CheckCombined(node, path);
    }
    RefuseOverlaps(paths, findings_);
    if (!schema.event_time.empty() && types_are_known_) {
      CheckEventTime(schema, event_time);
    }
    ReadCarriers(map.Map("kafka"), &schema.fields);
    return schema;
  }

 private:
  static std::string KeyOf(const YamlNode& field) {
    return KeyOfMember("fields", field.key);
  }

  void ReadCarriers(const MapReader& kafka, std::vector<SchemaField>* fields) {
    if (const YamlNode* node = kafka.Member("key"); node != nullptr) {
      fields->push_back(ReadField(*node, "kafka.key"));
      fields->back().carrier = Carrier::kKafkaKey;
    }
    for (const YamlNode& node : kafka.Children("headers")) {
      fields->push_back(
          ReadField(node, KeyOfMember("kafka.headers", node.key)));
      fields->back().carrier = Carrier::kKafkaHeader;
      fields->back().header = node.key;
    }
  }

  // All but where the value is.
  SchemaField ReadField(const YamlNode& node, const std::string& key) {
    const MapReader map(node, SchemaFieldTable());
    SchemaField field;
    field.category = map.Text("category");
    field.type = WordOf<ValueType>(kValueTypeNames, map.Text("type"));
    field.granularity =
        WordOf<GeoGranularity>(kGeoGranularityNames, map.Text("granularity"));
    field.values = map.Texts("values");
    field.keep_parameters = map.Texts("keep_parameters");
    field.position = findings_->PositionOf(node.key_position);
    if (!IsWord(kValueTypeNames, map.Text("type"))) {
      types_are_known_ = false;
    } else {
      AllowOnly(map, "granularity", ValueType::kGeo, field.type, key);
      AllowOnly(map, "values", ValueType::kEnum, field.type, key);
      AllowOnly(map, "keep_parameters", ValueType::kUrl, field.type, key);
    }
    return field;
  }

  // Refuses `option` in a field of another type than `wanted`.
  void AllowOnly(const MapReader& map, std::string_view option,
                 ValueType wanted, ValueType type, const std::string& key) {
    if (type == wanted || !map.Has(option)) return;
    findings_->AddError(
        map.PositionOf(option), KeyOfMember(key, option),
        absl::StrCat("is for type ", ToAbsl(ValueTypeName(wanted)),
                     ", got type ", ToAbsl(map.Text("type"))),
        "remove it");
  }

  void CheckCombined(const YamlNode& node, const FieldPath& path) {
    const std::string name = FieldPathText(path);
    if (IsWord(kCombinedFieldNames, name)) return;
    findings_->AddError(node.key_position, KeyOf(node),
                        "no field of a combined line",
                        DidYouMean(name, {std::begin(kCombinedFieldNames),
                                          std::end(kCombinedFieldNames)}));
  }

  void CheckEventTime(const LogSchema& schema, TextPosition position) {
    std::vector<std::string> timestamps;
    for (const SchemaField& field : schema.fields) {
      const bool is_time = field.type == ValueType::kTimestamp;
      if (is_time && field.path == schema.event_time) return;
      if (is_time) timestamps.push_back(FieldPathText(field.path));
    }
    const std::string name = FieldPathText(schema.event_time);
    findings_->AddError(
        position, "event_time",
        "must name a field of type timestamp, got " + QuoteForMessage(name),
        timestamps.empty() ? "classify a field as type timestamp"
                           : DidYouMean(name, timestamps));
  }

  DocumentFindings* findings_;
  bool types_are_known_ = true;  // no field's type was refused
};

}  // namespace

const Shape& LogSchemaShape() {
  static const Shape shape = {.kind = ShapeKind::kTable,
                              .name = "a log schema",
                              .table = &LogSchemaTable()};
  return shape;
}

std::optional<LogSchema> ParseLogSchema(std::string_view text,
                                        std::string_view file_name,
                                        Diagnostics* findings) {
  DocumentFindings own(file_name);
  std::optional<LogSchema> schema;
  const std::optional<YamlNode> root =
      ReadDocument(text, LogSchemaShape(), &own);
  if (root.has_value()) schema = LogSchemaReader(&own).Read(*root);
  const bool good = own.empty();
  own.MoveTo(findings);
  return good ? std::move(schema) : std::nullopt;
}

}  // namespace nymstream
