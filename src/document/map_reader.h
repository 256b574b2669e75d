// Reads the values of a checked map by the names of its table.
#ifndef NYMSTREAM_DOCUMENT_MAP_READER_H_
#define NYMSTREAM_DOCUMENT_MAP_READER_H_

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "document/field_table.h"
#include "document/yaml_tree.h"

namespace nymstream {

// Every key asked for must stand in the table. What is absent, or was refused
// by CheckShape, reads as the table's fallback, else as an empty value: a
// document with a mistake can be read on to find more. Views into the node and
// the table.
class MapReader {
 public:
  // A node that is no map reads as an empty one.
  MapReader(const YamlNode& node, const FieldTable& table);

  bool Has(std::string_view key) const;
  // Where the value stands; where the map does if it is absent.
  TextPosition PositionOf(std::string_view key) const;

  std::string Text(std::string_view key) const;
  std::vector<std::string> Texts(std::string_view key) const;
  bool Boolean(std::string_view key) const;
  int Whole(std::string_view key) const;
  double Number(std::string_view key) const;
  std::vector<double> Numbers(std::string_view key) const;
  uint64_t Bytes(std::string_view key) const;
  MapReader Map(std::string_view key) const;
  // Null if the key is absent.
  const YamlNode* Member(std::string_view key) const;
  // The items of a list, the values of a map.
  std::span<const YamlNode> Children(std::string_view key) const;

 private:
  const FieldRow& Row(std::string_view key) const;
  const YamlNode& Find(std::string_view key) const;
  std::string_view Scalar(std::string_view key) const;

  const YamlNode& node_;
  const FieldTable& table_;
};

inline bool IsWord(std::span<const std::string_view> words,
                   std::string_view text) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

// Index of `text` in `words`, as the enum whose names they are; its first value
// if it is none of them.
template <typename Enum>
Enum WordOf(std::span<const std::string_view> words, std::string_view text) {
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i] == text) return static_cast<Enum>(i);
  }
  return Enum{};
}

}  // namespace nymstream

#endif  // NYMSTREAM_DOCUMENT_MAP_READER_H_
