#include "policy/table_text.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace nymstream {
namespace {

std::string_view CellText(const std::string& cell) {
  if (cell.empty()) return "-";
  return cell;
}

void AppendAligned(const std::vector<std::string>& row,
                   const std::vector<size_t>& widths, std::string* text) {
  for (size_t i = 0; i < row.size(); ++i) {
    const std::string_view cell = CellText(row[i]);
    text->append(cell);
    if (i + 1 < row.size()) text->append(widths[i] - cell.size() + 2, ' ');
  }
  text->push_back('\n');
}

void AppendMarkdown(const std::vector<std::string>& row, std::string* text) {
  text->push_back('|');
  for (const std::string& cell : row) {
    text->push_back(' ');
    for (const char c : CellText(cell)) {
      if (c == '|') text->push_back('\\');
      text->push_back(c);
    }
    text->append(" |");
  }
  text->push_back('\n');
}

}  // namespace

std::string AlignedTable(const TextTable& table) {
  std::vector<size_t> widths(table.head.size(), 1);
  const auto measure = [&](const std::vector<std::string>& row) {
    for (size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], row[i].size());
  };
  measure(table.head);
  for (const std::vector<std::string>& row : table.rows) measure(row);

  std::string text;
  AppendAligned(table.head, widths, &text);
  for (const std::vector<std::string>& row : table.rows)
    AppendAligned(row, widths, &text);
  return text;
}

std::string MarkdownTable(const TextTable& table) {
  std::string text;
  AppendMarkdown(table.head, &text);
  AppendMarkdown(std::vector<std::string>(table.head.size(), "---"), &text);
  for (const std::vector<std::string>& row : table.rows)
    AppendMarkdown(row, &text);
  return text;
}

}  // namespace nymstream
