// The only file that knows yaml-cpp. Its events are used, not its nodes: they
// show duplicate keys, anchors and positions, and expand no alias.
#include "document/yaml_tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <map>
#include <sstream>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "document/document_text.h"
#include "document/utf8.h"

namespace nymstream {
namespace {

// Turns yaml-cpp's lines and byte columns from 0 into ours.
class PositionMap {
 public:
  explicit PositionMap(std::string_view text) : text_(text), starts_{0} {
    characters_before_.reserve(text.size() + 1);
    uint32_t characters = 0;
    for (size_t i = 0; i < text.size(); ++i) {
      characters_before_.push_back(characters);
      // Continuation bytes begin no character.
      if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U) ++characters;
      if (text[i] == '\n') starts_.push_back(i + 1);
    }
    characters_before_.push_back(characters);
  }

  TextPosition At(const YAML::Mark& mark) const {
    if (mark.is_null()) return {};
    const size_t line = Line(mark);
    const uint32_t column =
        characters_before_[Offset(mark)] - characters_before_[starts_[line]];
    return {static_cast<int>(line) + 1, static_cast<int>(column) + 1};
  }

  // What stands at the mark and behind it.
  std::string_view TextAt(const YAML::Mark& mark) const {
    if (mark.is_null()) return {};
    return text_.substr(Offset(mark));
  }

 private:
  size_t Line(const YAML::Mark& mark) const {
    const auto line = static_cast<size_t>(mark.line);
    return line < starts_.size() ? line : starts_.size() - 1;
  }
  size_t Offset(const YAML::Mark& mark) const {
    const size_t offset =
        starts_[Line(mark)] + static_cast<size_t>(mark.column);
    return offset < text_.size() ? offset : text_.size();
  }

  std::string_view text_;
  std::vector<size_t> starts_;  // of lines
  std::vector<uint32_t> characters_before_;
};

// True if `text` begins with a text in quotation marks that has no end, which
// yaml-cpp lets pass at the end of a file.
bool IsUnterminated(std::string_view text) {
  if (text.empty() || (text[0] != '"' && text[0] != '\'')) return false;
  const char quote = text[0];
  for (size_t i = 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      const bool doubled =
          quote == '\'' && i + 1 < text.size() && text[i + 1] == quote;
      if (!doubled) return false;
      ++i;
    }
  }
  return true;
}

// A message of yaml-cpp without the character of the text that some end in.
std::string WithoutContent(const std::string& message) {
  return message.substr(0, message.find(':'));
}

class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const PositionMap& positions, DocumentFindings* findings)
      : positions_(positions), findings_(findings) {}

  // The finished tree; valid after the last event of the document.
  YamlNode TakeRoot() { return std::move(root_); }
  bool too_deep() const { return too_deep_; }

  // Refuses a last text in quotation marks that has no end.
  void CheckLastQuoted() {
    if (last_quoted_.is_null() ||
        !IsUnterminated(positions_.TextAt(last_quoted_))) {
      return;
    }
    findings_->AddError(positions_.At(last_quoted_), "",
                        "not YAML: the quotation mark is not closed");
  }

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    CheckProperties(mark, "", anchor);
    Add(NodeAt(YamlKind::kNull, mark));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    findings_->AddError(positions_.At(mark), "", "aliases are not accepted",
                        "write the value out");
    Add(NodeAt(YamlKind::kNull, mark));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag,
                YAML::anchor_t anchor, const std::string& value) override {
    CheckProperties(mark, tag, anchor);
    YamlNode node = NodeAt(YamlKind::kScalar, mark);
    node.text = value;
    node.quoted = tag == "!";
    if (node.quoted) last_quoted_ = mark;
    // yaml-cpp writes the escapes \N and \_ as single bytes.
    if (ValidUtf8Bytes(node.text) != node.text.size()) {
      findings_->AddError(node.position, "",
                          "the escapes \\N and \\_ are not accepted",
                          "write \\u0085 or \\u00a0");
      node.text.clear();
    }
    Add(std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    CheckProperties(mark, tag, anchor);
    Open(NodeAt(YamlKind::kList, mark));
  }
  void OnSequenceEnd() override { Close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag,
                  YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    CheckProperties(mark, tag, anchor);
    Open(NodeAt(YamlKind::kMap, mark));
  }
  void OnMapEnd() override { Close(); }

 private:
  // A list or map whose end has not come yet.
  struct Parent {
    YamlNode node;
    std::map<std::string, int> lines;  // of the keys of a map
    bool has_key = false;              // the next node is its value
    YamlNode key;
  };

  YamlNode NodeAt(YamlKind kind, const YAML::Mark& mark) const {
    YamlNode node;
    node.kind = kind;
    node.position = positions_.At(mark);
    return node;
  }

  // yaml-cpp gives "?" and "!" to plain and quoted nodes that have no tag; a
  // lone "!" is told from the latter by its text.
  void CheckProperties(const YAML::Mark& mark, const std::string& tag,
                       YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) {
      findings_->AddError(positions_.At(mark), "", "anchors are not accepted",
                          "write the value out");
    }
    const bool untagged =
        tag.empty() || tag == "?" ||
        (tag == "!" && positions_.TextAt(mark).substr(0, 1) != "!");
    if (!untagged) {
      findings_->AddError(positions_.At(mark), "", "tags are not accepted",
                          "remove the tag");
    }
  }

  void Open(YamlNode node) {
    if (parents_.size() < kYamlDepthMax) {
      parents_.emplace_back().node = std::move(node);
      return;
    }
    if (!too_deep_) {
      findings_->AddError(
          node.position, "",
          absl::StrCat("lists and maps go at most ", kYamlDepthMax, " deep"));
    }
    too_deep_ = true;
    ++skipped_depth_;
  }

  void Close() {
    if (skipped_depth_ > 0) {
      --skipped_depth_;
      return;
    }
    NYM_CHECK(!parents_.empty());
    YamlNode node = std::move(parents_.back().node);
    parents_.pop_back();
    Add(std::move(node));
  }

  void Add(YamlNode node) {
    if (skipped_depth_ > 0) return;
    if (parents_.empty()) {
      root_ = std::move(node);
      return;
    }
    Parent& parent = parents_.back();
    if (parent.node.kind == YamlKind::kList) {
      parent.node.children.push_back(std::move(node));
    } else if (!parent.has_key) {
      parent.has_key = true;
      parent.key = std::move(node);
    } else {
      parent.has_key = false;
      AddMember(&parent, std::move(node));
    }
  }

  void AddMember(Parent* parent, YamlNode value) {
    YamlNode& key = parent->key;
    if (key.kind != YamlKind::kScalar) {
      findings_->AddError(key.position, "", "a key must be a text",
                          "put it in quotation marks");
      return;
    }
    if (key.text == "<<" && !key.quoted) {
      findings_->AddError(key.position, "", "merge keys are not accepted",
                          "write the members out");
      return;
    }
    const auto entry = parent->lines.emplace(key.text, key.position.line);
    if (!entry.second) {
      // Not by its name, since it may be a log that was taken for a document.
      findings_->AddError(key.position, "",
                          absl::StrCat("this key stands in line ",
                                       entry.first->second, " already"),
                          "keep one of them");
      return;
    }
    // yaml-cpp places a missing value at what follows it.
    if (value.kind == YamlKind::kNull) value.position = key.position;
    value.key = std::move(key.text);
    value.key_quoted = key.quoted;
    value.key_position = key.position;
    parent->node.children.push_back(std::move(value));
  }

  const PositionMap& positions_;
  DocumentFindings* findings_;
  std::vector<Parent> parents_;
  int skipped_depth_ = 0;
  bool too_deep_ = false;
  YAML::Mark last_quoted_ = YAML::Mark::null_mark();
  YamlNode root_;
};

// Takes the events of what follows the document.
class NoDocument final : public YAML::EventHandler {
 public:
  bool began() const { return began_; }
  const YAML::Mark& mark() const { return mark_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    began_ = true;
    mark_ = mark;
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& /*mark*/, YAML::anchor_t /*anchor*/) override {}
  void OnAlias(const YAML::Mark& /*mark*/, YAML::anchor_t /*anchor*/) override {
  }
  void OnScalar(const YAML::Mark& /*mark*/, const std::string& /*tag*/,
                YAML::anchor_t /*anchor*/,
                const std::string& /*value*/) override {}
  void OnSequenceStart(const YAML::Mark& /*mark*/, const std::string& /*tag*/,
                       YAML::anchor_t /*anchor*/,
                       YAML::EmitterStyle::value /*style*/) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark& /*mark*/, const std::string& /*tag*/,
                  YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value /*style*/) override {}
  void OnMapEnd() override {}

 private:
  bool began_ = false;
  YAML::Mark mark_;
};

void RefuseSecondDocument(const PositionMap& positions, const YAML::Mark& mark,
                          DocumentFindings* findings) {
  findings->AddError(positions.At(mark), "",
                     "a second document begins, and a file holds one",
                     "make it a file of its own");
}

}  // namespace

std::optional<YamlNode> ParseYaml(std::string_view text,
                                  DocumentFindings* findings) {
  text = WithoutByteOrderMark(text);
  if (!CheckDocumentText(text, findings)) return std::nullopt;
  const PositionMap positions(text);
  TreeBuilder builder(positions, findings);
  NoDocument rest;
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) {
      findings->AddError({}, "", "the document is empty",
                         "begin with a shipped one (config/)");
      return std::nullopt;
    }
    builder.CheckLastQuoted();
    parser.HandleNextDocument(rest);
    if (rest.began()) RefuseSecondDocument(positions, rest.mark(), findings);
  } catch (const YAML::Exception& error) {
    if (rest.began()) {
      RefuseSecondDocument(positions, rest.mark(), findings);
    } else if (!builder.too_deep()) {
      findings->AddError(positions.At(error.mark), "",
                         "not YAML: " + WithoutContent(error.msg));
    }
    return std::nullopt;
  } catch (const std::exception& error) {
    findings->AddError({}, "", "not YAML");
    return std::nullopt;
  }
  return builder.TakeRoot();
}

}  // namespace nymstream
