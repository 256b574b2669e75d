// YAML text as a tree that remembers where everything stands.
#ifndef NYMSTREAM_DOCUMENT_YAML_TREE_H_
#define NYMSTREAM_DOCUMENT_YAML_TREE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document/document_findings.h"

namespace nymstream {

// Lists and maps within each other, at most.
inline constexpr int kYamlDepthMax = 32;

enum class YamlKind { kNull, kScalar, kList, kMap };

struct YamlNode {
  YamlKind kind = YamlKind::kNull;
  TextPosition position;
  std::string text;     // of a scalar, decoded
  bool quoted = false;  // scalar in quotation marks, or a block ("|", ">")
  std::vector<YamlNode> children;  // items of a list, values of a map

  // If the node is a value of a map: its key. No two are the same.
  std::string key;
  bool key_quoted = false;
  TextPosition key_position;
};

// The single YAML document in `text`. Refused are: what is no text or over 1
// MiB, tabs, directives, anchors, aliases, tags, merge keys, keys that are no
// scalars or stand twice in a map, a second document, an empty one, and more
// than kYamlDepthMax levels. Appends what is wrong to `findings`, without
// quoting the text, which may be no document of ours, and returns nullopt if
// that leaves nothing to look at. Cost: linear in the text.
std::optional<YamlNode> ParseYaml(std::string_view text,
                                  DocumentFindings* findings);

}  // namespace nymstream

#endif  // NYMSTREAM_DOCUMENT_YAML_TREE_H_
