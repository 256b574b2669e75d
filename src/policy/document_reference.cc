// Reference pages of the documents, from their tables.
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/absl_view.h"
#include "policy/document_shapes.h"
#include "policy/documents.h"
#include "policy/table_text.h"

namespace nymstream {
namespace {

// Lists of words up to this long stand in the table.
constexpr size_t kWordsShownMax = 20;

std::string Code(std::string_view text) {
  return absl::StrCat("`", ToAbsl(text), "`");
}

std::string JoinCode(std::span<const std::string_view> words) {
  std::string joined;
  for (const std::string_view word : words) {
    if (!joined.empty()) joined += ", ";
    joined += Code(word);
  }
  return joined;
}

// What may be written: the shape's name, its words, or its range.
std::string ValueCell(const Shape& shape) {
  std::string cell(shape.name);
  const Shape& scalar =
      shape.kind == ShapeKind::kList && shape.item->kind == ShapeKind::kText
          ? *shape.item
          : shape;
  if (!scalar.words.empty() && scalar.words.size() <= kWordsShownMax) {
    absl::StrAppend(&cell, ": ", JoinCode(scalar.words));
  }
  if (shape.min < shape.max) {
    absl::StrAppend(&cell, ", ", static_cast<int64_t>(shape.min), " to ",
                    static_cast<int64_t>(shape.max));
  }
  return cell;
}

class ReferenceWriter {
 public:
  // A table and, below it, those of its members; `key` is its place in the
  // document: releases[].output. Empty: it is the document.
  void WriteTable(const FieldTable& table, const std::string& key) {
    TextTable text{{"key", "value", "default", "meaning"}, {}};
    for (const FieldRow& row : table.rows) {
      text.rows.push_back({Code(row.key), ValueCell(*row.shape),
                           DefaultCell(row), std::string(row.help)});
    }
    page_ += MarkdownTable(text);
    for (const FieldRow& row : table.rows) {
      const std::string prefix = key.empty() ? "" : key + ".";
      Descend(*row.shape, prefix + std::string(row.key));
    }
  }

  std::string TakePage() { return std::move(page_); }

 private:
  static std::string DefaultCell(const FieldRow& row) {
    if (row.required) return "required";
    return row.fallback.empty() ? "" : Code(row.fallback);
  }

  void WriteHeading(const std::string& key) {
    absl::StrAppend(&page_, "\n## ", Code(key), "\n\n");
  }

  // Points to where the table stands, if it was written before.
  bool WriteReference(const FieldTable& table, const std::string& key) {
    const auto entry = written_.emplace(&table, key);
    if (entry.second) return false;
    absl::StrAppend(&page_, "As ", Code(entry.first->second), ".\n");
    return true;
  }

  void Descend(const Shape& shape, const std::string& key) {
    switch (shape.kind) {
      case ShapeKind::kList:
        Descend(*shape.item, key + "[]");
        break;
      case ShapeKind::kKeyed:
        Descend(*shape.item,
                key + (shape.key == &FieldPathShape() ? ".PATH" : ".NAME"));
        break;
      case ShapeKind::kTextOrTable:
        WriteHeading(key);
        if (WriteReference(*shape.table, key)) break;
        absl::StrAppend(&page_, "In short ", ToAbsl(shape.item->name),
                        " alone, or a map:\n\n");
        WriteTable(*shape.table, key);
        break;
      case ShapeKind::kTable:
        WriteHeading(key);
        if (WriteReference(*shape.table, key)) break;
        WriteTable(*shape.table, key);
        break;
      default:
        break;
    }
  }

  std::string page_;
  std::map<const FieldTable*, std::string> written_;
};

struct Page {
  std::string_view title;
  std::string_view introduction;
  const Shape& shape;
};

Page PageOf(DocumentKind kind) {
  switch (kind) {
    case DocumentKind::kPolicy:
      return {"Policy document",
              "What was promised, clause by clause. What is not granted is "
              "refused. The shipped policies\nare in `config/policies`.",
              PolicyShape()};
    case DocumentKind::kLogSchema:
      return {"Log schema document",
              "Where personal data sits in a log format. A field that is not "
              "listed never leaves. The shipped\nschemas are in "
              "`config/schemas`.",
              LogSchemaShape()};
    case DocumentKind::kPipeline:
      break;
  }
  return {"Pipeline document",
          "What one deployment does: its input, its releases, its keys. What "
          "the policy does not grant\nis refused before anything starts. "
          "Examples are in `config/pipelines`.",
          PipelineShape()};
}

constexpr std::string_view kGeneratedNote =
    "<!-- Generated from the code; `scripts/test` fails if it is stale. -->\n";

constexpr std::string_view kNotation =
    "YAML in UTF-8, one document a file, at most 1 MiB. Keys that are not "
    "listed, keys that stand\ntwice, anchors, aliases, tags, directives and "
    "tabs are "
    "refused. A text that some YAML reader takes for more\n(`no`, `0600`, "
    "`1_000`, `2024-01-31`) must be in quotation marks; only `true` and "
    "`false` are truth\nvalues, and numbers are written as in JSON.";

}  // namespace

std::string DocumentReference(DocumentKind kind) {
  const Page page = PageOf(kind);
  ReferenceWriter writer;
  writer.WriteTable(*page.shape.table, "");
  return absl::StrCat(ToAbsl(kGeneratedNote), "# ", ToAbsl(page.title), "\n\n",
                      ToAbsl(page.introduction), "\n\n", ToAbsl(kNotation),
                      "\n\n", writer.TakePage());
}

}  // namespace nymstream
