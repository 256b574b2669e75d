// The policy document: its table, and the way from a checked tree to a Policy.
#include <optional>
#include <string_view>
#include <utility>

#include "document/map_reader.h"
#include "document/shape_check.h"
#include "policy/document_shapes.h"
#include "policy/documents.h"
#include "policy/vocabulary.h"

namespace nymstream {
namespace {

constexpr std::string_view kClauseHelp =
    "Heading of the section of the policy text that says so.";
constexpr std::string_view kNoteHelp =
    "How we read it, where the text is vague.";

constexpr int kMinorsAgeMax = 120;

const FieldTable& MinorsTable() {
  static const Shape age = {.kind = ShapeKind::kWhole,
                            .name = "an age in years",
                            .min = 1,
                            .max = kMinorsAgeMax};
  static const FieldRow rows[] = {
      {.key = "under",
       .shape = &age,
       .required = true,
       .help = "Records that state an age below it are in no release."},
      {.key = "clause", .shape = &kLineShape, .help = kClauseHelp},
      {.key = "note", .shape = &kLineShape, .help = kNoteHelp},
  };
  static const FieldTable table = {rows};
  return table;
}

const FieldTable& RetentionTable() {
  static const Shape scope = {.kind = ShapeKind::kText,
                              .name = "a scope",
                              .words = kRetentionScopeNames};
  static const FieldRow rows[] = {
      {.key = "period",
       .shape = &PeriodShape(),
       .required = true,
       .help = "Records older than this are not released."},
      {.key = "of",
       .shape = &scope,
       .required = true,
       .help = "`personal`: only what is personal is too old then; `all`: any "
               "record."},
      {.key = "clause",
       .shape = &kLineShape,
       .required = true,
       .help = kClauseHelp},
      {.key = "note", .shape = &kLineShape, .help = kNoteHelp},
  };
  static const FieldTable table = {rows};
  return table;
}

const FieldTable& RightTable() {
  static const FieldRow rows[] = {
      {.key = "right",
       .shape = &RightShape(),
       .required = true,
       .help = "What a subject may ask for."},
      {.key = "clause",
       .shape = &kLineShape,
       .required = true,
       .help = kClauseHelp},
      {.key = "note", .shape = &kLineShape, .help = kNoteHelp},
  };
  static const FieldTable table = {rows};
  return table;
}

const FieldTable& GrantTable() {
  static const FieldRow rows[] = {
      {.key = "use",
       .shape = &UseShape(),
       .required = true,
       .help = "Granted use; covers every use below it."},
      {.key = "audience",
       .shape = &AudienceShape(),
       .required = true,
       .help = "To whom records may go for it."},
      {.key = "at_most",
       .shape = &LevelShape(),
       .required = true,
       .help = "The most identifying level allowed."},
      {.key = "clause",
       .shape = &kLineShape,
       .required = true,
       .help = kClauseHelp},
      {.key = "note", .shape = &kLineShape, .help = kNoteHelp},
  };
  static const FieldTable table = {rows};
  return table;
}

const FieldTable& CapTable() {
  static const Shape audiences = {.kind = ShapeKind::kList,
                                  .name = "a list of audiences",
                                  .item = &AudienceShape(),
                                  .items_min = 1};
  static const FieldRow rows[] = {
      {.key = "categories",
       .shape = &CategoriesShape(),
       .required = true,
       .help = "What is narrowed; covers every category below."},
      {.key = "audiences",
       .shape = &audiences,
       .help = "Only in releases to these; absent: to anyone."},
      {.key = "uses",
       .shape = &UsesShape(),
       .help = "Only in releases for these and the uses below them; absent: "
               "for any."},
      {.key = "at_most",
       .shape = &LevelShape(),
       .required = true,
       .help = "In a more identifying release the categories are suppressed."},
      {.key = "clause",
       .shape = &kLineShape,
       .required = true,
       .help = kClauseHelp},
      {.key = "note", .shape = &kLineShape, .help = kNoteHelp},
  };
  static const FieldTable table = {rows};
  return table;
}

const FieldTable& NeverTable() {
  static const FieldRow rows[] = {
      {.key = "categories",
       .shape = &CategoriesShape(),
       .required = true,
       .help = "Suppressed in every release, with all that is below."},
      {.key = "clause",
       .shape = &kLineShape,
       .required = true,
       .help = kClauseHelp},
      {.key = "note", .shape = &kLineShape, .help = kNoteHelp},
  };
  static const FieldTable table = {rows};
  return table;
}

const FieldTable& PolicyTable() {
  static const Shape minors = {.kind = ShapeKind::kTable,
                               .name = "a rule about minors",
                               .table = &MinorsTable()};
  static const Shape retention = {.kind = ShapeKind::kTable,
                                  .name = "a period and its clause",
                                  .table = &RetentionTable()};
  static const Shape right = {.kind = ShapeKind::kTextOrTable,
                              .name = "a right, alone or with its clause",
                              .item = &RightShape(),
                              .table = &RightTable()};
  static const Shape rights = {
      .kind = ShapeKind::kList, .name = "a list of rights", .item = &right};
  static const Shape grant = {
      .kind = ShapeKind::kTable, .name = "a grant", .table = &GrantTable()};
  static const Shape grants = {.kind = ShapeKind::kList,
                               .name = "a list of grants",
                               .item = &grant,
                               .items_min = 1};
  static const Shape cap = {
      .kind = ShapeKind::kTable, .name = "a cap", .table = &CapTable()};
  static const Shape caps = {
      .kind = ShapeKind::kList, .name = "a list of caps", .item = &cap};
  static const Shape never = {
      .kind = ShapeKind::kTextOrTable,
      .name = "a data category, or several with their clause",
      .item = &CategoryShape(),
      .table = &NeverTable()};
  static const Shape nevers = {.kind = ShapeKind::kList,
                               .name = "a list of prohibitions",
                               .item = &never};
  static const FieldRow rows[] = {
      {.key = "policy",
       .shape = &NameShape(),
       .required = true,
       .help = "Name of this policy."},
      {.key = "document",
       .shape = &kLineShape,
       .required = true,
       .help = "File name of the policy text; every refusal names it."},
      {.key = "title",
       .shape = &kLineShape,
       .help = "What the policy text is called."},
      {.key = "personal",
       .shape = &CategoriesShape(),
       .required = true,
       .help = "What this policy calls personal; covers every category below."},
      {.key = "personal_clause", .shape = &kLineShape, .help = kClauseHelp},
      {.key = "linked_is_personal",
       .shape = &kBooleanShape,
       .fallback = "false",
       .help = "Whether anonymous data that is linked to personal data counts "
               "as personal."},
      {.key = "linked_clause", .shape = &kLineShape, .help = kClauseHelp},
      {.key = "minors",
       .shape = &minors,
       .help = "Age below which nothing is released."},
      {.key = "retention",
       .shape = &retention,
       .help = "How long data may be kept; absent: the text states no period."},
      {.key = "rights", .shape = &rights, .help = "What subjects may ask for."},
      {.key = "grants",
       .shape = &grants,
       .required = true,
       .help = "What is allowed; all else is refused."},
      {.key = "caps",
       .shape = &caps,
       .help = "Categories for which grants go less far."},
      {.key = "never",
       .shape = &nevers,
       .help = "Categories that are in no release."},
  };
  static const FieldTable table = {rows};
  return table;
}

class PolicyReader {
 public:
  explicit PolicyReader(const DocumentFindings& findings)
      : findings_(findings) {}

  Policy Read(const YamlNode& root) const {
    const MapReader map(root, PolicyTable());
    Policy policy;
    policy.name = map.Text("policy");
    policy.document = map.Text("document");
    policy.title = map.Text("title");
    policy.personal = map.Texts("personal");
    policy.personal_clause = ClauseAt(map, "personal_clause");
    policy.linked_is_personal = map.Boolean("linked_is_personal");
    policy.linked_clause = ClauseAt(map, "linked_clause");
    if (map.Has("minors")) policy.minors = ReadMinors(map.Map("minors"));
    if (map.Has("retention")) {
      policy.retention = ReadRetention(map.Map("retention"));
    }
    for (const YamlNode& node : map.Children("rights")) {
      policy.rights.push_back(ReadRight(node));
    }
    for (const YamlNode& node : map.Children("grants")) {
      policy.grants.push_back(ReadGrant(node));
    }
    for (const YamlNode& node : map.Children("caps")) {
      policy.caps.push_back(ReadCap(node));
    }
    for (const YamlNode& node : map.Children("never")) {
      policy.never.push_back(ReadNever(node));
    }
    policy.position = findings_.PositionOf(root.position);
    return policy;
  }

 private:
  Clause ClauseAt(const MapReader& map, std::string_view key) const {
    return {.heading = map.Text(key),
            .note = "",
            .position = findings_.PositionOf(map.PositionOf(key))};
  }

  Clause ReadClause(const MapReader& map) const {
    Clause clause = ClauseAt(map, "clause");
    clause.note = map.Text("note");
    return clause;
  }

  // The clause of a rule in its short form, which names none.
  Clause NoClause(const YamlNode& node) const {
    Clause clause;
    clause.position = findings_.PositionOf(node.position);
    return clause;
  }

  Minors ReadMinors(const MapReader& map) const {
    return {.under = map.Whole("under"), .clause = ReadClause(map)};
  }

  Retention ReadRetention(const MapReader& map) const {
    return {.period = ParsePeriod(map.Text("period")).value_or(Period{}),
            .of = WordOf<RetentionScope>(kRetentionScopeNames, map.Text("of")),
            .clause = ReadClause(map)};
  }

  RightGranted ReadRight(const YamlNode& node) const {
    if (node.kind == YamlKind::kScalar) {
      return {.right = WordOf<Right>(kRightNames, node.text),
              .clause = NoClause(node)};
    }
    const MapReader map(node, RightTable());
    return {.right = WordOf<Right>(kRightNames, map.Text("right")),
            .clause = ReadClause(map)};
  }

  Grant ReadGrant(const YamlNode& node) const {
    const MapReader map(node, GrantTable());
    return {.use = map.Text("use"),
            .audience = WordOf<Audience>(kAudienceNames, map.Text("audience")),
            .at_most = ReadLevel(map),
            .clause = ReadClause(map)};
  }

  Cap ReadCap(const YamlNode& node) const {
    const MapReader map(node, CapTable());
    Cap cap;
    cap.categories = map.Texts("categories");
    for (const std::string& audience : map.Texts("audiences")) {
      cap.audiences.push_back(WordOf<Audience>(kAudienceNames, audience));
    }
    cap.uses = map.Texts("uses");
    cap.at_most = ReadLevel(map);
    cap.clause = ReadClause(map);
    return cap;
  }

  Never ReadNever(const YamlNode& node) const {
    if (node.kind == YamlKind::kScalar) {
      return {.categories = {node.text}, .clause = NoClause(node)};
    }
    const MapReader map(node, NeverTable());
    return {.categories = map.Texts("categories"), .clause = ReadClause(map)};
  }

  static Identifiability ReadLevel(const MapReader& map) {
    return WordOf<Identifiability>(kIdentifiabilityNames, map.Text("at_most"));
  }

  const DocumentFindings& findings_;
};

}  // namespace

const Shape& PolicyShape() {
  static const Shape shape = {
      .kind = ShapeKind::kTable, .name = "a policy", .table = &PolicyTable()};
  return shape;
}

std::optional<Policy> ParsePolicy(std::string_view text,
                                  std::string_view file_name,
                                  Diagnostics* findings) {
  DocumentFindings own(file_name);
  std::optional<Policy> policy;
  const std::optional<YamlNode> root = ReadDocument(text, PolicyShape(), &own);
  if (root.has_value()) policy = PolicyReader(own).Read(*root);
  const bool good = own.empty();
  own.MoveTo(findings);
  return good ? std::move(policy) : std::nullopt;
}

}  // namespace nymstream
