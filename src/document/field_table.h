// What a document may hold, as data: its fields stand in tables, from which
// come the parser's checks, the JSON Schema and the reference page.
#ifndef NYMSTREAM_DOCUMENT_FIELD_TABLE_H_
#define NYMSTREAM_DOCUMENT_FIELD_TABLE_H_

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "document/suggestion.h"

namespace nymstream {

enum class ShapeKind {
  kText,     // one line; unquoted only if no YAML reader takes it for more
  kBoolean,  // true or false
  kWhole,    // a whole number
  kNumber,
  kBytes,       // a whole number of bytes, or "64KiB", "1MiB"
  kList,        // of `item`; no text twice
  kTable,       // a map with the keys of `table`
  kKeyed,       // a map from any text of shape `key` to `item`
  kTextOrTable  // `item` in short, or `table`
};

// What is wrong with a text, as in "releases[0].epoch: WHAT, got 'x'; HINT".
struct Complaint {
  std::string what;
  std::string hint;
};

struct FieldTable;

// How a value is written. Static lifetime, like all that it points to.
struct Shape {
  ShapeKind kind = ShapeKind::kText;
  std::string_view name =
      {};  // "an ISO 8601 period"; a list's is "a list of " this

  // kText: the only texts; empty: any that `check` lets pass.
  std::span<const std::string_view> words = {};
  std::string_view (*nearest)(std::string_view,
                              std::span<const std::string_view>) = NearestName;
  // Beside `words` it may say more about a text that is none of them.
  std::optional<Complaint> (*check)(std::string_view text) = nullptr;
  std::string_view pattern = {};  // the same for JSON Schema (ECMA-262), as far
                                  // as a pattern can say it; may be empty
  std::string_view definition =
      {};  // name in $defs of the JSON Schema; or empty
  std::string_view words_page = {};  // page that lists `words`; or empty

  // kWhole, kNumber, kBytes.
  double min = 0;
  double max = 0;

  const Shape* item = nullptr;
  const Shape* key = nullptr;
  const FieldTable* table = nullptr;
  size_t items_min = 0;  // kList, kKeyed
};

struct FieldRow {
  std::string_view key = {};
  const Shape* shape = nullptr;
  bool required = false;
  std::string_view fallback = {};  // as it would be written; empty: none
  std::string_view help = {};
};

// A key that people look for in a table that can't have it, and why.
struct AbsentKey {
  std::string_view key;
  std::string_view hint;
};

struct FieldTable {
  std::span<const FieldRow> rows;
  std::span<const AbsentKey> absent = {};
};

// The row of `key`; null if there is none.
const FieldRow* FindRow(const FieldTable& table, std::string_view key);

}  // namespace nymstream

#endif  // NYMSTREAM_DOCUMENT_FIELD_TABLE_H_
