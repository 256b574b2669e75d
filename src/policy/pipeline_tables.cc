#include "policy/pipeline_tables.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "policy/document_shapes.h"
#include "policy/host_port.h"
#include "policy/kafka_tables.h"
#include "policy/release_name.h"
#include "policy/treatment_table.h"
#include "policy/vocabulary.h"

namespace nymstream {
namespace {

constexpr double kRecordBytesMax = 64 << 20;
constexpr double kRecordDepthMax = 1024;
constexpr double kNumberMax = 1e15;  // exact in a double, with a margin

std::optional<Complaint> CheckReleaseName(std::string_view name) {
  const std::string_view why = WhyNameIsTaken(name);
  if (!why.empty()) return Complaint{std::string(why), "choose another name"};
  return NameShape().check(name);
}

// A shipped document's name, or the path of a file of one's own.
std::optional<Complaint> CheckDocumentName(std::string_view text) {
  if (IsDocumentPath(text) && text.rfind('.') > 0) return std::nullopt;
  if (!NameShape().check(text).has_value()) return std::nullopt;
  return Complaint{
      "must be a shipped document's name or a path that ends in "
      ".yaml or .yml",
      ""};
}

const Shape& DocumentNameShape() {
  static const Shape shape = {
      .kind = ShapeKind::kText,
      .name =
          "the name of a shipped document, or a path ending in .yaml or "
          ".yml",
      .check = CheckDocumentName,
      .pattern = "^([a-z0-9_][a-z0-9_-]{0,63}|.+\\.ya?ml)$"};
  return shape;
}

const FieldTable& SourceTable() {
  static const FieldRow rows[] = {
      {.key = "kafka",
       .shape = &KafkaSourceShape(),
       .required = true,
       .help = "Kafka topic."},
  };
  static const FieldTable table = {rows};
  return table;
}

const FieldTable& OutputTable() {
  static const FieldRow rows[] = {
      {.key = "kafka",
       .shape = &KafkaOutputShape(),
       .required = true,
       .help = "Kafka topic."},
  };
  static const FieldTable table = {rows};
  return table;
}

const FieldTable& QuarantineTable() {
  static const FieldRow rows[] = {
      {.key = "kafka",
       .shape = &KafkaQuarantineShape(),
       .help = "Kafka topic for receipts and sealed records; needed if there "
               "is a `source`."},
      {.key = "seal_to",
       .shape = &kPathOfFileShape,
       .help = "Public key for which refused records are sealed; absent: "
               "receipts only."},
  };
  static const FieldTable table = {rows};
  return table;
}

const FieldTable& KeysTable() {
  static const FieldRow rows[] = {
      {.key = "keyring",
       .shape = &kPathOfFileShape,
       .required = true,
       .help = "Keyring file, made by `nymstream keys generate`."},
  };
  static const FieldTable table = {rows};
  return table;
}

const FieldTable& LimitsTable() {
  static const Shape bytes = {.kind = ShapeKind::kBytes,
                              .name = "a number of bytes, or a size like 1MiB",
                              .min = 1,
                              .max = kRecordBytesMax};
  static const Shape depth = {.kind = ShapeKind::kWhole,
                              .name = "a whole number",
                              .min = 1,
                              .max = kRecordDepthMax};
  static const Shape ratio = {
      .kind = ShapeKind::kNumber, .name = "a number", .min = 0, .max = 1};
  static const FieldRow rows[] = {
      {.key = "record_bytes_max",
       .shape = &bytes,
       .fallback = "1MiB",
       .help = "Larger records are quarantined."},
      {.key = "depth_max",
       .shape = &depth,
       .fallback = "64",
       .help = "Records nested deeper are quarantined."},
      {.key = "quarantine_ratio_max",
       .shape = &ratio,
       .fallback = "1",
       .help = "Share of records in quarantine above which `replay` exits "
               "with 1, and `run` stops."},
  };
  static const FieldTable table = {rows};
  return table;
}

const Shape& OverridesShape() {
  static const Shape shape = {.kind = ShapeKind::kKeyed,
                              .name = "a map from paths to treatments",
                              .item = &OverrideShape(),
                              .key = &FieldPathShape()};
  return shape;
}

const FieldTable& MonitoringTable() {
  static const FieldRow rows[] = {
      {.key = "listen",
       .shape = &ListenShape(),
       .required = true,
       .help = "Address of the HTTP endpoint of `run`: /livez, /readyz and "
               "/metrics. Port 0: any free one."},
  };
  static const FieldTable table = {rows};
  return table;
}

const Shape& TreatmentShape() {
  static const Shape shape = {.kind = ShapeKind::kText,
                              .name = "a treatment",
                              .words = kTreatmentNames,
                              .definition = "treatment"};
  return shape;
}

}  // namespace

const Shape& OverrideShape() {
  static const Shape shape = {
      .kind = ShapeKind::kTextOrTable,
      .name = "a treatment, alone or with its parameters",
      .item = &TreatmentShape(),
      .table = &OverrideTable()};
  return shape;
}

const FieldTable& OverrideTable() {
  static const Shape prefix_v4 = {.kind = ShapeKind::kWhole,
                                  .name = "a number of bits",
                                  .min = 1,
                                  .max = kPrefixV4Max};
  static const Shape prefix_v6 = {.kind = ShapeKind::kWhole,
                                  .name = "a number of bits",
                                  .min = 1,
                                  .max = kPrefixV6Max};
  static const Shape bound = {.kind = ShapeKind::kNumber,
                              .name = "a number",
                              .min = -kNumberMax,
                              .max = kNumberMax};
  static const Shape bounds = {.kind = ShapeKind::kList,
                               .name = "a list of numbers",
                               .item = &bound,
                               .items_min = 1};
  static const FieldRow rows[] = {
      {.key = "treatment",
       .shape = &TreatmentShape(),
       .required = true,
       .help = "Standard of the level or stronger; see treatments.md."},
      {.key = "prefix_v4",
       .shape = &prefix_v4,
       .fallback = "16",
       .help = "`truncate` only: bits of an IPv4 network that stay."},
      {.key = "prefix_v6",
       .shape = &prefix_v6,
       .fallback = "32",
       .help = "`truncate` only: bits of an IPv6 network that stay."},
      {.key = "buckets",
       .shape = &bounds,
       .help = "`buckets` only, and needed there: lower bounds, ascending."},
  };
  static const FieldTable table = {rows};
  return table;
}

const FieldTable& ReleaseTable() {
  static const Shape name = {.kind = ShapeKind::kText,
                             .name = "a name",
                             .check = CheckReleaseName,
                             .pattern = kReleaseNamePattern};
  static const Shape format = {.kind = ShapeKind::kText,
                               .name = "a format",
                               .words = kOutputFormatNames};
  static const Shape output = {.kind = ShapeKind::kTable,
                               .name = "where the release goes",
                               .table = &OutputTable()};
  static const FieldRow rows[] = {
      {.key = "name",
       .shape = &name,
       .required = true,
       .help = "Name of the release: its file's name, and part of its keys' "
               "derivation. Not `quarantine`, `manifest` or `subjects`."},
      {.key = "use",
       .shape = &UseShape(),
       .required = true,
       .help = "What the release is for (fideslang)."},
      {.key = "audience",
       .shape = &AudienceShape(),
       .required = true,
       .help = "Who gets it."},
      {.key = "level",
       .shape = &LevelShape(),
       .required = true,
       .help = "How far it identifies people."},
      {.key = "epoch",
       .shape = &PeriodShape(),
       .help = "How long one key serves; needed where anything is "
               "pseudonymized."},
      {.key = "as",
       .shape = &format,
       .fallback = "input",
       .help = "`input`: the format of the input; `json`: JSON also for "
               "combined lines."},
      {.key = "source_coordinates",
       .shape = &kBooleanShape,
       .fallback = "false",
       .help = "Whether a released record says which raw record it came from."},
      {.key = "recipient",
       .shape = &kLineShape,
       .help = "Who gets it by name, for the list of disclosures."},
      {.key = "fields",
       .shape = &OverridesShape(),
       .help = "Treatments chosen for single fields."},
      {.key = "output",
       .shape = &output,
       .help = "Where `run` writes it, and needed if there is a `source`; "
               "`replay` writes files."},
  };
  static const FieldTable table = {rows};
  return table;
}

const FieldTable& RightsRuleTable() {
  static const FieldRow rows[] = {
      {.key = "right",
       .shape = &RightShape(),
       .required = true,
       .help = "The right of the policy that they used."},
      {.key = "subjects",
       .shape = &kPathOfFileShape,
       .required = true,
       .help = "File of subject tokens, one a line."},
  };
  static const FieldTable table = {rows};
  return table;
}

const FieldTable& PipelineTable() {
  static const Shape source = {.kind = ShapeKind::kTable,
                               .name = "where records come from",
                               .table = &SourceTable()};
  static const Shape release = {
      .kind = ShapeKind::kTable, .name = "a release", .table = &ReleaseTable()};
  static const Shape releases = {.kind = ShapeKind::kList,
                                 .name = "a list of releases",
                                 .item = &release,
                                 .items_min = 1};
  static const Shape keys = {.kind = ShapeKind::kTable,
                             .name = "the place of the keys",
                             .table = &KeysTable()};
  static const Shape quarantine = {.kind = ShapeKind::kTable,
                                   .name = "where refused records go",
                                   .table = &QuarantineTable()};
  static const Shape rule = {.kind = ShapeKind::kTable,
                             .name = "a right and its subjects",
                             .table = &RightsRuleTable()};
  static const Shape rights = {.kind = ShapeKind::kList,
                               .name = "a list of rights and their subjects",
                               .item = &rule};
  static const Shape limits = {.kind = ShapeKind::kTable,
                               .name = "a map of limits",
                               .table = &LimitsTable()};
  static const Shape monitoring = {.kind = ShapeKind::kTable,
                                   .name = "where to be watched",
                                   .table = &MonitoringTable()};
  static const FieldRow rows[] = {
      {.key = "pipeline",
       .shape = &NameShape(),
       .required = true,
       .help = "Name of this pipeline, and part of its keys' derivation."},
      {.key = "schema",
       .shape = &DocumentNameShape(),
       .required = true,
       .help = "The log schema of its input."},
      {.key = "policy",
       .shape = &DocumentNameShape(),
       .required = true,
       .help = "The policy that it obeys."},
      {.key = "source",
       .shape = &source,
       .help = "What `run` reads; `replay` reads files."},
      {.key = "releases",
       .shape = &releases,
       .required = true,
       .help = "What leaves, to whom and for what."},
      {.key = "keys",
       .shape = &keys,
       .help = "Needed where anything is pseudonymized."},
      {.key = "quarantine",
       .shape = &quarantine,
       .help = "What becomes of records that can't be processed."},
      {.key = "rights",
       .shape = &rights,
       .help = "Suppression lists: whose records stay out of which releases."},
      {.key = "country_database",
       .shape = &kPathOfFileShape,
       .help = "MaxMind DB file; needed by treatment `country` of addresses."},
      {.key = "limits",
       .shape = &limits,
       .help = "Sizes, and how much may go wrong."},
      {.key = "leak_guard",
       .shape = &kBooleanShape,
       .fallback = "true",
       .help = "Whether what leaves is searched for what was withheld."},
      {.key = "monitoring",
       .shape = &monitoring,
       .help = "HTTP endpoint of `run`; absent: none."},
  };
  static const FieldTable table = {rows};
  return table;
}

}  // namespace nymstream
