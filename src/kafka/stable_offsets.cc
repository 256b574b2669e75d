#include "kafka/stable_offsets.h"

#include "nlohmann/json.hpp"

namespace nymstream {

std::vector<PartitionOffset> StableOffsets(std::string_view statistics,
                                           const std::string& topic) {
  std::vector<PartitionOffset> offsets;
  const auto json = nlohmann::json::parse(statistics, nullptr, false);
  const auto partitions = nlohmann::json::json_pointer("/topics") / topic /
                          std::string("partitions");
  if (!json.is_object() || !json.contains(partitions)) return offsets;
  for (const auto& partition : json.at(partitions)) {
    const auto number = partition.value("partition", int32_t{-1});
    const auto offset = partition.value("ls_offset", kNoOffset);
    if (number >= 0 && offset >= 0) offsets.push_back({number, offset});
  }
  return offsets;
}

}  // namespace nymstream
