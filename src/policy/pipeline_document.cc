// The way from the checked tree of a pipeline document to a Pipeline.
#include <map>
#include <optional>
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
#include "policy/kafka_document.h"
#include "policy/path_overlap.h"
#include "policy/pipeline_tables.h"
#include "policy/vocabulary.h"

namespace nymstream {
namespace {

class PipelineReader {
 public:
  explicit PipelineReader(DocumentFindings* findings) : findings_(findings) {}

  Pipeline Read(const YamlNode& root) {
    const MapReader map(root, PipelineTable());
    Pipeline pipeline;
    pipeline.name = map.Text("pipeline");
    pipeline.schema = map.Text("schema");
    pipeline.policy = map.Text("policy");
    pipeline.schema_position = PositionOf(map, "schema");
    pipeline.policy_position = PositionOf(map, "policy");
    if (map.Has("source")) {
      pipeline.source =
          ReadKafkaSource(map.Map("source").Map("kafka"), findings_);
    }
    for (const YamlNode& node : map.Children("releases")) {
      pipeline.releases.push_back(
          ReadRelease(node, KeyOfItem("releases", pipeline.releases.size())));
    }
    pipeline.keyring = map.Map("keys").Text("keyring");
    pipeline.keyring_position = PositionOf(map.Map("keys"), "keyring");
    const MapReader quarantine = map.Map("quarantine");
    if (quarantine.Has("kafka")) {
      pipeline.quarantine = ReadKafkaSink(quarantine.Map("kafka"), *findings_);
    }
    pipeline.seal_to = quarantine.Text("seal_to");
    pipeline.seal_to_position = PositionOf(quarantine, "seal_to");
    for (const YamlNode& node : map.Children("rights")) {
      pipeline.rights.push_back(ReadRightsRule(node));
    }
    pipeline.country_database = map.Text("country_database");
    pipeline.limits = ReadLimits(map.Map("limits"));
    pipeline.leak_guard = map.Boolean("leak_guard");
    pipeline.monitoring_listen = map.Map("monitoring").Text("listen");
    pipeline.position = findings_->PositionOf(root.position);
    return pipeline;
  }

 private:
  SourcePosition PositionOf(const MapReader& map, std::string_view key) const {
    return findings_->PositionOf(map.PositionOf(key));
  }

  Release ReadRelease(const YamlNode& node, const std::string& key) {
    const MapReader map(node, ReleaseTable());
    Release release;
    release.name = map.Text("name");
    release.use = map.Text("use");
    release.audience = WordOf<Audience>(kAudienceNames, map.Text("audience"));
    release.level =
        WordOf<Identifiability>(kIdentifiabilityNames, map.Text("level"));
    release.epoch = ParsePeriod(map.Text("epoch"));
    release.format = WordOf<OutputFormat>(kOutputFormatNames, map.Text("as"));
    release.source_coordinates = map.Boolean("source_coordinates");
    release.recipient = map.Text("recipient");
    release.fields = ReadOverrides(map, KeyOfMember(key, "fields"));
    if (map.Has("output")) {
      const MapReader kafka = map.Map("output").Map("kafka");
      release.output = ReadKafkaSink(kafka, *findings_);
      ReadCarriers(kafka, KeyOfMember(key, "output.kafka"), &release.fields);
    }
    release.position = findings_->PositionOf(node.position);
    release.level_position = PositionOf(map, "level");
    if (!release.name.empty()) {
      RefuseSameName(release.name, map.PositionOf("name"),
                     KeyOfMember(key, "name"));
    }
    return release;
  }

  void RefuseSameName(const std::string& name, TextPosition position,
                      const std::string& key) {
    const auto entry = name_lines_.emplace(name, position.line);
    if (entry.second) return;
    findings_->AddError(
        position, key,
        absl::StrCat("the release in line ", entry.first->second,
                     " has this name already, got ", QuoteForMessage(name)),
        "give every release a name of its own");
  }

  std::vector<FieldOverride> ReadOverrides(const MapReader& release,
                                           const std::string& key) {
    std::vector<FieldOverride> choices;
    std::vector<PlacedPath> paths;
    for (const YamlNode& node : release.Children("fields")) {
      const std::string node_key = KeyOfMember(key, node.key);
      FieldOverride choice = ReadOverride(node, node_key);
      std::string error;
      if (!ParseFieldPath(node.key, &choice.path, &error)) continue;
      paths.push_back({choice.path, node.key_position, node_key});
      choices.push_back(std::move(choice));
    }
    RefuseOverlaps(paths, findings_);
    return choices;
  }

  // `kafka` is the release's output.
  void ReadCarriers(const MapReader& kafka, const std::string& key,
                    std::vector<FieldOverride>* choices) {
    if (const YamlNode* node = kafka.Member("key"); node != nullptr) {
      choices->push_back(ReadOverride(*node, KeyOfMember(key, "key")));
      choices->back().carrier = Carrier::kKafkaKey;
    }
    const std::string headers = KeyOfMember(key, "headers");
    for (const YamlNode& node : kafka.Children("headers")) {
      choices->push_back(ReadOverride(node, KeyOfMember(headers, node.key)));
      choices->back().carrier = Carrier::kKafkaHeader;
      choices->back().header = node.key;
    }
  }

  FieldOverride ReadOverride(const YamlNode& node, const std::string& key) {
    FieldOverride choice;
    choice.position = findings_->PositionOf(node.key_position);
    const MapReader map(node, OverrideTable());
    const std::string treatment =
        node.kind == YamlKind::kScalar ? node.text : map.Text("treatment");
    choice.treatment = WordOf<Treatment>(kTreatmentNames, treatment);
    choice.prefix_v4 = map.Whole("prefix_v4");
    choice.prefix_v6 = map.Whole("prefix_v6");
    choice.buckets = map.Numbers("buckets");
    if (!IsWord(kTreatmentNames, treatment)) return choice;
    AllowOnly(map, "prefix_v4", Treatment::kTruncate, choice.treatment, key);
    AllowOnly(map, "prefix_v6", Treatment::kTruncate, choice.treatment, key);
    AllowOnly(map, "buckets", Treatment::kBuckets, choice.treatment, key);
    if (choice.treatment == Treatment::kBuckets && !map.Has("buckets")) {
      findings_->AddError(
          node.position, KeyOfMember(key, "buckets"), "is missing",
          "for example {treatment: buckets, buckets: [0, 100, 1000]}");
    }
    return choice;
  }

  // Refuses `parameter` beside another treatment than `wanted`.
  void AllowOnly(const MapReader& map, std::string_view parameter,
                 Treatment wanted, Treatment treatment,
                 const std::string& key) {
    if (treatment == wanted || !map.Has(parameter)) return;
    findings_->AddError(
        map.PositionOf(parameter), KeyOfMember(key, parameter),
        absl::StrCat("is for treatment ", ToAbsl(TreatmentName(wanted)),
                     ", got treatment ", ToAbsl(TreatmentName(treatment))),
        "remove it");
  }

  RightsRule ReadRightsRule(const YamlNode& node) const {
    const MapReader map(node, RightsRuleTable());
    return {.right = WordOf<Right>(kRightNames, map.Text("right")),
            .subjects = map.Text("subjects"),
            .position = findings_->PositionOf(node.position)};
  }

  static Limits ReadLimits(const MapReader& map) {
    return {.record_bytes_max = map.Bytes("record_bytes_max"),
            .depth_max = map.Whole("depth_max"),
            .quarantine_ratio_max = map.Number("quarantine_ratio_max")};
  }

  DocumentFindings* findings_;
  std::map<std::string, int> name_lines_;  // of releases
};

}  // namespace

const Shape& PipelineShape() {
  static const Shape shape = {.kind = ShapeKind::kTable,
                              .name = "a pipeline",
                              .table = &PipelineTable()};
  return shape;
}

std::optional<Pipeline> ParsePipeline(std::string_view text,
                                      std::string_view file_name,
                                      Diagnostics* findings) {
  DocumentFindings own(file_name);
  std::optional<Pipeline> pipeline;
  const std::optional<YamlNode> root =
      ReadDocument(text, PipelineShape(), &own);
  if (root.has_value()) pipeline = PipelineReader(&own).Read(*root);
  const bool good = own.empty();
  own.MoveTo(findings);
  return good ? std::move(pipeline) : std::nullopt;
}

}  // namespace nymstream
