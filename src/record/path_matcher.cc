#include "record/path_matcher.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/absl_view.h"

namespace nymstream {
namespace {

bool IsItsOwnJson(std::string_view name) {
  return std::none_of(name.begin(), name.end(), [](char c) {
    return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
  });
}

}  // namespace

PathMatcher::PathMatcher(const std::vector<PlanField>& fields) {
  AddNode();
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].carrier != Carrier::kBody) continue;
    int32_t node = root();
    for (const PathStep& step : fields[i].path) {
      if (!step.any_element) {
        node = ChildNamed(node, step.name);
        continue;
      }
      if (ElementNode(node) == kNoNode) {
        const int32_t child = AddNode();
        nodes_[static_cast<size_t>(node)].element_child = child;
      }
      node = ElementNode(node);
    }
    nodes_[static_cast<size_t>(node)].field = static_cast<int32_t>(i);
  }
  for (Node& node : nodes_) {
    for (Name& name : node.names) name.member.field = FieldAt(name.child);
  }
}

int32_t PathMatcher::AddNode() {
  Node node;
  node.field = kOnPath;
  node.names.emplace_back();
  nodes_.push_back(std::move(node));
  return static_cast<int32_t>(nodes_.size()) - 1;
}

int32_t PathMatcher::ChildNamed(int32_t node, const std::string& name) {
  const auto& index = nodes_[static_cast<size_t>(node)].index;
  if (const auto found = index.find(name); found != index.end()) {
    return nodes_[static_cast<size_t>(node)].names[found->second].child;
  }
  const int32_t child = AddNode();
  AddName(node, name, child);
  return child;
}

uint32_t PathMatcher::AddName(int32_t node, std::string_view name,
                              int32_t child) {
  Node& at = nodes_[static_cast<size_t>(node)];
  const uint32_t added = static_cast<uint32_t>(at.names.size());
  Name entry;
  entry.child = child;
  // Short, and its JSON form is the text itself.
  if (name.size() <= kGuessableBytesMax && IsItsOwnJson(name)) {
    const std::string quoted = absl::StrCat("\"", ToAbsl(name), "\"");
    entry.text = ShortText(quoted);
    entry.member.key_end = static_cast<uint32_t>(quoted.size());
    entry.member.kind = ElementKind::kString;
  }
  at.names.push_back(entry);
  at.index.emplace(std::string(name), added);
  at.names[added - 1].next = added;
  return added;
}

int32_t PathMatcher::Find(int32_t node, std::string_view name, Cursor* cursor) {
  Node& at = nodes_[static_cast<size_t>(node)];
  const auto found = at.index.find(ToAbsl(name));
  uint32_t entry = 0;
  if (found != at.index.end()) {
    entry = found->second;
  } else if (at.unknown_names < kUnknownNamesMax &&
             name.size() <= kGuessableBytesMax) {
    ++at.unknown_names;
    entry = AddName(node, name, kNoNode);
  } else {
    return kNoNode;
  }
  at.names[*cursor].next = entry;
  *cursor = entry;
  return at.names[entry].child;
}

}  // namespace nymstream
