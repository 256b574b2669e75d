#include "document/suggestion.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace nymstream {
namespace {

constexpr size_t kTextBytesMax = 64;

char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Optimal string alignment distance; both texts at most kTextBytesMax long.
size_t EditDistance(std::string_view a, std::string_view b) {
  using Row = std::array<size_t, kTextBytesMax + 1>;
  Row before{};
  Row above{};
  Row row{};
  for (size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t change = Lower(a[i - 1]) == Lower(b[j - 1]) ? 0 : 1;
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + change});
      if (i > 1 && j > 1 && Lower(a[i - 1]) == Lower(b[j - 2]) &&
          Lower(a[i - 2]) == Lower(b[j - 1])) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    before = above;
    above = row;
  }
  return above[b.size()];
}

}  // namespace

std::string_view NearestName(std::string_view text,
                             std::span<const std::string_view> names) {
  if (text.empty() || text.size() > kTextBytesMax) return {};
  std::string_view nearest;
  size_t distance_min = std::max<size_t>(1, text.size() / 3) + 1;
  for (const std::string_view name : names) {
    if (name.empty() || name.size() > kTextBytesMax) continue;
    const size_t distance = EditDistance(text, name);
    if (distance < distance_min) {
      distance_min = distance;
      nearest = name;
    }
  }
  return nearest;
}

}  // namespace nymstream
