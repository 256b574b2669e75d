#include "document/map_reader.h"

#include <algorithm>
#include <limits>

#include "base/check.h"
#include "document/byte_count.h"
#include "document/plain_scalar.h"

namespace nymstream {
namespace {

const YamlNode& Absent() {
  static const YamlNode node;
  return node;
}

}  // namespace

MapReader::MapReader(const YamlNode& node, const FieldTable& table)
    : node_(node), table_(table) {}

const FieldRow& MapReader::Row(std::string_view key) const {
  const FieldRow* row = FindRow(table_, key);
  NYM_CHECK(row != nullptr);
  return *row;
}

const YamlNode& MapReader::Find(std::string_view key) const {
  if (node_.kind != YamlKind::kMap) return Absent();
  const auto member = std::find_if(
      node_.children.begin(), node_.children.end(),
      [&](const YamlNode& candidate) { return candidate.key == key; });
  return member == node_.children.end() ? Absent() : *member;
}

bool MapReader::Has(std::string_view key) const {
  Row(key);
  return &Find(key) != &Absent();
}

TextPosition MapReader::PositionOf(std::string_view key) const {
  return Has(key) ? Find(key).position : node_.position;
}

std::string_view MapReader::Scalar(std::string_view key) const {
  const FieldRow& row = Row(key);
  const YamlNode& value = Find(key);
  if (value.kind == YamlKind::kScalar) return value.text;
  return row.fallback;
}

std::string MapReader::Text(std::string_view key) const {
  return std::string(Scalar(key));
}

std::vector<std::string> MapReader::Texts(std::string_view key) const {
  std::vector<std::string> texts;
  for (const YamlNode& item : Children(key)) {
    if (item.kind == YamlKind::kScalar) texts.push_back(item.text);
  }
  return texts;
}

bool MapReader::Boolean(std::string_view key) const {
  return Scalar(key) == "true";
}

int MapReader::Whole(std::string_view key) const {
  const int64_t number = ParseWholeNumber(Scalar(key)).value_or(0);
  return static_cast<int>(std::clamp<int64_t>(number,
                                              std::numeric_limits<int>::min(),
                                              std::numeric_limits<int>::max()));
}

double MapReader::Number(std::string_view key) const {
  return ParseNumber(Scalar(key)).value_or(0);
}

std::vector<double> MapReader::Numbers(std::string_view key) const {
  std::vector<double> numbers;
  for (const YamlNode& item : Children(key)) {
    numbers.push_back(ParseNumber(item.text).value_or(0));
  }
  return numbers;
}

uint64_t MapReader::Bytes(std::string_view key) const {
  return ParseByteCount(Scalar(key)).value_or(0);
}

MapReader MapReader::Map(std::string_view key) const {
  const FieldTable* table = Row(key).shape->table;
  NYM_CHECK(table != nullptr);
  return {Find(key), *table};
}

const YamlNode* MapReader::Member(std::string_view key) const {
  return Has(key) ? &Find(key) : nullptr;
}

std::span<const YamlNode> MapReader::Children(std::string_view key) const {
  Row(key);
  return Find(key).children;
}

}  // namespace nymstream
