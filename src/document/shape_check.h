// Checks a YAML tree against the tables of a document.
#ifndef NYMSTREAM_DOCUMENT_SHAPE_CHECK_H_
#define NYMSTREAM_DOCUMENT_SHAPE_CHECK_H_

#include <string>
#include <string_view>

#include "document/document_findings.h"
#include "document/field_table.h"
#include "document/yaml_tree.h"

namespace nymstream {

// True if `root` seems to be a document of `shape`: a map with two of the keys
// that it must have. Else adds one finding, which quotes nothing: a log or a
// keyring may have been named by mistake. Ask this before CheckShape, which
// quotes.
bool IsDocument(const YamlNode& root, const Shape& shape,
                DocumentFindings* findings);

// Adds a finding for all that `shape` refuses in `node`, which stands at `key`
// of the document (empty: it is the document).
void CheckShape(const YamlNode& node, const Shape& shape,
                const std::string& key, DocumentFindings* findings);

// Places within a document: "releases[1].level".
std::string KeyOfMember(const std::string& key, std::string_view member);
std::string KeyOfItem(const std::string& key, size_t index);

}  // namespace nymstream

#endif  // NYMSTREAM_DOCUMENT_SHAPE_CHECK_H_
