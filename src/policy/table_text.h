// Tables as aligned text and as Markdown.
#ifndef NYMSTREAM_POLICY_TABLE_TEXT_H_
#define NYMSTREAM_POLICY_TABLE_TEXT_H_

#include <string>
#include <vector>

namespace nymstream {

struct TextTable {
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;  // as wide as `head`
};

// Columns padded with two spaces between them; no trailing spaces. An empty
// cell is written "-".
std::string AlignedTable(const TextTable& table);

// A Markdown table; `|` in a cell is escaped.
std::string MarkdownTable(const TextTable& table);

}  // namespace nymstream

#endif  // NYMSTREAM_POLICY_TABLE_TEXT_H_
