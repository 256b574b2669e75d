#include "document/shape_check.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/absl_view.h"
#include "document/byte_count.h"
#include "document/plain_scalar.h"
#include "document/quote.h"

namespace nymstream {
namespace {

// Lists of words up to this long are written out in a hint.
constexpr size_t kWordsShownMax = 20;

// A log's record may have a field of one such name by chance.
constexpr int kKeysOfADocument = 2;

std::string Join(std::span<const std::string_view> words) {
  std::string joined;
  for (const std::string_view word : words) {
    if (!joined.empty()) joined += ", ";
    joined += word;
  }
  return joined;
}

// "'x'" or "a list", for "got".
std::string Describe(const YamlNode& node) {
  switch (node.kind) {
    case YamlKind::kNull:
      return "nothing";
    case YamlKind::kScalar:
      return QuoteForMessage(node.text);
    case YamlKind::kList:
      return "a list";
    case YamlKind::kMap:
      return "a map";
  }
  return "";
}

std::string MustBe(const Shape& shape, const YamlNode& node) {
  return absl::StrCat("must be ", ToAbsl(shape.name), ", got ", Describe(node));
}

std::string HintForWord(const Shape& shape, std::string_view text) {
  const std::string_view nearest = shape.nearest(text, shape.words);
  if (!nearest.empty()) {
    return absl::StrCat("did you mean '", ToAbsl(nearest), "'?");
  }
  if (shape.words.size() <= kWordsShownMax) {
    return "one of " + Join(shape.words);
  }
  return absl::StrCat("they are listed in ", ToAbsl(shape.words_page));
}

std::string HintForKey(std::string_view key, const FieldTable& table) {
  std::vector<std::string_view> known;
  for (const AbsentKey& absent : table.absent) {
    if (absent.key == key) return std::string(absent.hint);
  }
  for (const FieldRow& row : table.rows) known.push_back(row.key);
  const std::string_view nearest = NearestName(key, known);
  if (nearest.empty()) return "the keys here are " + Join(known);
  return absl::StrCat("did you mean '", ToAbsl(nearest), "'?");
}

// Why `text` is no number that every YAML reader reads alike.
std::string HintForNumber(const YamlNode& node, bool readable) {
  if (node.quoted && readable) return "remove the quotation marks";
  const std::string& text = node.text;
  if (MeaningOfPlain(text) != PlainMeaning::kNumber) return "";
  if (text.find('_') != std::string::npos) return "write it without '_'";
  if (text.size() > 1 && text[0] == '0') {
    return "write it without the leading 0, which some readers take for octal";
  }
  return "write it in plain decimal digits";
}

std::string Number(double number) { return absl::StrCat(number); }

std::string Limit(const Shape& shape, double number) {
  return shape.kind == ShapeKind::kNumber
             ? Number(number)
             : absl::StrCat(static_cast<int64_t>(number));
}

class ShapeChecker {
 public:
  explicit ShapeChecker(DocumentFindings* findings) : findings_(findings) {}

  void Check(const YamlNode& node, const Shape& shape, const std::string& key) {
    if (findings_->full()) return;
    switch (shape.kind) {
      case ShapeKind::kText:
        CheckTextNode(node, shape, key);
        break;
      case ShapeKind::kBoolean:
        CheckBoolean(node, shape, key);
        break;
      case ShapeKind::kWhole:
      case ShapeKind::kNumber:
      case ShapeKind::kBytes:
        CheckNumber(node, shape, key);
        break;
      case ShapeKind::kList:
        CheckList(node, shape, key);
        break;
      case ShapeKind::kTable:
        CheckTable(node, shape, key);
        break;
      case ShapeKind::kKeyed:
        CheckKeyed(node, shape, key);
        break;
      case ShapeKind::kTextOrTable:
        if (node.kind == YamlKind::kMap) {
          CheckTable(node, shape, key);
        } else if (node.kind == YamlKind::kScalar) {
          Check(node, *shape.item, key);
        } else {
          Refuse(node, key, MustBe(shape, node));
        }
        break;
    }
  }

 private:
  void Refuse(const YamlNode& node, const std::string& key, std::string what,
              std::string hint = "") {
    findings_->AddError(node.position, key, std::move(what), std::move(hint));
  }

  void CheckTextNode(const YamlNode& node, const Shape& shape,
                     const std::string& key) {
    if (node.kind != YamlKind::kScalar) {
      Refuse(node, key, MustBe(shape, node));
      return;
    }
    CheckText({node.text, node.quoted, node.position}, shape, key);
  }

  struct Text {
    const std::string& text;
    bool quoted;
    TextPosition position;
  };

  void CheckText(const Text& node, const Shape& shape, const std::string& key) {
    const std::string got = QuoteForMessage(node.text);
    const auto refuse = [&](std::string what, std::string hint) {
      findings_->AddError(node.position, key, std::move(what), std::move(hint));
    };
    const auto refuse_by_check = [&] {
      if (shape.check == nullptr) return false;
      const std::optional<Complaint> complaint = shape.check(node.text);
      if (!complaint.has_value()) return false;
      refuse(absl::StrCat(complaint->what, ", got ", got), complaint->hint);
      return true;
    };
    if (!shape.words.empty()) {
      const bool known = std::find(shape.words.begin(), shape.words.end(),
                                   node.text) != shape.words.end();
      if (known || refuse_by_check()) return;
      refuse(absl::StrCat("must be ", ToAbsl(shape.name), ", got ", got),
             HintForWord(shape, node.text));
      return;
    }
    const PlainMeaning meaning =
        node.quoted ? PlainMeaning::kText : MeaningOfPlain(node.text);
    if (meaning != PlainMeaning::kText) {
      // What would be wrong in quotation marks too is not meant as a text.
      if (!node.text.empty() && refuse_by_check()) return;
      refuse(absl::StrCat("must be ", ToAbsl(shape.name), ", got ", got,
                          ", which YAML readers take for ",
                          ToAbsl(PlainMeaningName(meaning))),
             absl::StrCat("if it is meant, put it in quotation marks: ",
                          QuoteJson(EscapeForMessage(node.text))));
      return;
    }
    if (node.text.empty()) {
      refuse(absl::StrCat("must be ", ToAbsl(shape.name), ", got ", got), "");
      return;
    }
    const bool one_line =
        std::none_of(node.text.begin(), node.text.end(), [](char c) {
          return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
        });
    if (!one_line) {
      refuse("must be one line without control characters, got " + got,
             "to spread it over lines of the file, write >- before it");
      return;
    }
    refuse_by_check();
  }

  void CheckBoolean(const YamlNode& node, const Shape& shape,
                    const std::string& key) {
    const bool is_scalar = node.kind == YamlKind::kScalar;
    const bool is_word =
        is_scalar && (node.text == "true" || node.text == "false");
    if (is_word && !node.quoted) return;
    std::string hint;
    if (is_word) {
      hint = "remove the quotation marks";
    } else if (is_scalar &&
               MeaningOfPlain(node.text) == PlainMeaning::kBoolean) {
      const std::string_view yes_letters = "yYtT";
      const bool yes =
          yes_letters.find(node.text[0]) != std::string_view::npos ||
          node.text == "on" || node.text == "On" || node.text == "ON";
      hint = yes ? "write true" : "write false";
    }
    Refuse(node, key, MustBe(shape, node), std::move(hint));
  }

  void CheckNumber(const YamlNode& node, const Shape& shape,
                   const std::string& key) {
    std::optional<double> number;
    if (node.kind == YamlKind::kScalar) number = ReadNumber(node.text, shape);
    // A size with a unit is a text, which may be quoted.
    const bool may_be_quoted = shape.kind == ShapeKind::kBytes &&
                               !ParseWholeNumber(node.text).has_value();
    if (!number.has_value() || (node.quoted && !may_be_quoted)) {
      Refuse(node, key, MustBe(shape, node),
             node.kind == YamlKind::kScalar
                 ? HintForNumber(node, number.has_value())
                 : "");
      return;
    }
    if (*number < shape.min || *number > shape.max) {
      Refuse(node, key,
             absl::StrCat("must be ", Limit(shape, shape.min), " to ",
                          Limit(shape, shape.max), ", got ", node.text));
    }
  }

  static std::optional<double> ReadNumber(const std::string& text,
                                          const Shape& shape) {
    if (shape.kind == ShapeKind::kNumber) return ParseNumber(text);
    if (shape.kind == ShapeKind::kBytes) {
      const std::optional<uint64_t> bytes = ParseByteCount(text);
      if (!bytes.has_value()) return std::nullopt;
      return static_cast<double>(*bytes);
    }
    const std::optional<int64_t> whole = ParseWholeNumber(text);
    if (!whole.has_value()) return std::nullopt;
    return static_cast<double>(*whole);
  }

  void CheckList(const YamlNode& node, const Shape& shape,
                 const std::string& key) {
    if (node.kind != YamlKind::kList) {
      Refuse(
          node, key, MustBe(shape, node),
          node.kind == YamlKind::kScalar ? "write it in brackets: [...]" : "");
      return;
    }
    if (node.children.size() < shape.items_min) {
      Refuse(node, key, "must not be empty");
    }
    std::map<std::string, int> lines;
    for (size_t i = 0; i < node.children.size(); ++i) {
      const YamlNode& item = node.children[i];
      Check(item, *shape.item, KeyOfItem(key, i));
      if (item.kind != YamlKind::kScalar) continue;
      const auto entry = lines.emplace(item.text, item.position.line);
      if (entry.second) continue;
      Refuse(item, KeyOfItem(key, i),
             absl::StrCat(QuoteForMessage(item.text), " stands in line ",
                          entry.first->second, " already"),
             "keep one of them");
    }
  }

  void CheckTable(const YamlNode& node, const Shape& shape,
                  const std::string& key) {
    if (node.kind != YamlKind::kMap) {
      Refuse(node, key, MustBe(shape, node));
      return;
    }
    for (const YamlNode& member : node.children) {
      const FieldRow* row = FindRow(*shape.table, member.key);
      if (findings_->full()) return;
      if (row == nullptr) {
        RefuseKey(member, *shape.table, key);
      } else {
        Check(member, *row->shape, KeyOfMember(key, member.key));
      }
    }
    for (const FieldRow& row : shape.table->rows) {
      if (!row.required) continue;
      const bool found = std::any_of(
          node.children.begin(), node.children.end(),
          [&](const YamlNode& member) { return ToStd(member.key) == row.key; });
      if (found) continue;
      Refuse(
          node, KeyOfMember(key, row.key), "is missing",
          absl::StrCat("add ", ToAbsl(row.key), ": ", ToAbsl(row.shape->name)));
    }
  }

  void RefuseKey(const YamlNode& member, const FieldTable& table,
                 const std::string& key) {
    findings_->AddError(member.key_position, KeyOfMember(key, member.key),
                        "unknown key", HintForKey(member.key, table));
  }

  void CheckKeyed(const YamlNode& node, const Shape& shape,
                  const std::string& key) {
    if (node.kind != YamlKind::kMap) {
      Refuse(node, key, MustBe(shape, node));
      return;
    }
    if (node.children.size() < shape.items_min) {
      Refuse(node, key, "must not be empty");
    }
    for (const YamlNode& member : node.children) {
      const std::string member_key = KeyOfMember(key, member.key);
      CheckText({member.key, member.key_quoted, member.key_position},
                *shape.key, member_key);
      Check(member, *shape.item, member_key);
    }
  }

  DocumentFindings* findings_;
};

}  // namespace

const FieldRow* FindRow(const FieldTable& table, std::string_view key) {
  const auto row =
      std::find_if(table.rows.begin(), table.rows.end(),
                   [&](const FieldRow& each) { return each.key == key; });
  return row == table.rows.end() ? nullptr : &*row;
}

void CheckShape(const YamlNode& node, const Shape& shape,
                const std::string& key, DocumentFindings* findings) {
  ShapeChecker(findings).Check(node, shape, key);
}

bool IsDocument(const YamlNode& root, const Shape& shape,
                DocumentFindings* findings) {
  std::vector<std::string_view> needed;
  for (const FieldRow& row : shape.table->rows) {
    if (row.required) needed.push_back(row.key);
  }
  const auto found = std::count_if(
      root.children.begin(), root.children.end(), [&](const YamlNode& member) {
        return std::find(needed.begin(), needed.end(), member.key) !=
               needed.end();
      });
  if (root.kind == YamlKind::kMap && found >= kKeysOfADocument) return true;
  const std::string what =
      root.kind == YamlKind::kMap      ? "which has the keys " + Join(needed)
      : root.kind == YamlKind::kScalar ? "got a text"
                                       : "got " + Describe(root);
  findings->AddError(root.position, "",
                     absl::StrCat("must be ", ToAbsl(shape.name), ", ", what),
                     "is it another file (nothing of it is shown)?");
  return false;
}

std::string KeyOfMember(const std::string& key, std::string_view member) {
  const std::string shown = EscapeForMessage(member);
  return key.empty() ? shown : absl::StrCat(key, ".", shown);
}

std::string KeyOfItem(const std::string& key, size_t index) {
  return absl::StrCat(key, "[", index, "]");
}

}  // namespace nymstream
