#include "document/byte_count.h"

#include <limits>

#include "document/plain_scalar.h"

namespace nymstream {
namespace {

struct Unit {
  std::string_view name;
  unsigned shift;
};
constexpr Unit kUnits[] = {{"KiB", 10}, {"MiB", 20}, {"GiB", 30}};

}  // namespace

std::optional<uint64_t> ParseByteCount(std::string_view text) {
  unsigned shift = 0;
  for (const Unit& unit : kUnits) {
    if (text.size() <= unit.name.size() ||
        text.substr(text.size() - unit.name.size()) != unit.name) {
      continue;
    }
    text.remove_suffix(unit.name.size());
    shift = unit.shift;
    break;
  }
  if (text.empty() || text[0] == '-') return std::nullopt;
  const std::optional<int64_t> count = ParseWholeNumber(text);
  if (!count.has_value()) return std::nullopt;
  const auto number = static_cast<uint64_t>(*count);
  if (number > (std::numeric_limits<uint64_t>::max() >> shift)) {
    return std::nullopt;
  }
  return number << shift;
}

}  // namespace nymstream
