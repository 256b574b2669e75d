#include "replay/counters_json.h"

#include <string>
#include <vector>

#include "base/utc_time.h"
#include "replay/printable_name.h"

namespace nymstream {
namespace {

using Json = nlohmann::ordered_json;

template <typename Array, typename Name>
Json NamedCounts(const Array& counts, Name name) {
  Json json = Json::object();
  for (size_t i = 0; i < counts.size(); ++i) {
    json[std::string(name(i))] = counts[i];
  }
  return json;
}

template <typename Array, typename Name>
void ReadNamedCounts(const Json& json, Name name, Array* counts) {
  for (size_t i = 0; i < counts->size(); ++i) {
    (*counts)[i] = json.at(std::string(name(i))).get<uint64_t>();
  }
}

std::string_view QuarantineName(size_t reason) {
  return QuarantineReasonText(static_cast<QuarantineReason>(reason)).name;
}
std::string_view SuppressionName(size_t reason) {
  return SuppressionReasonText(static_cast<SuppressionReason>(reason)).name;
}
std::string_view ActionName(size_t action) {
  return FieldActionName(static_cast<FieldAction>(action));
}

Json ReleaseToJson(const Plan& plan, size_t index,
                   const ReleaseCounters& counters) {
  Json json;
  json["release"] = plan.releases[index].name;
  json["received"] = counters.received;
  json["released"] = counters.released;
  json["suppressed"] = counters.suppressed;
  json["quarantined"] = counters.quarantined;
  json["suppressed_by"] = NamedCounts(counters.suppressed_by, SuppressionName);
  Json& lists = json["suppressed_by_list"] = Json::array();
  for (const int list : plan.releases[index].rights) {
    const auto rule = static_cast<size_t>(list);
    lists.push_back({{"right", RightName(plan.rights[rule].right)},
                     {"subjects", PrintableName(plan.rights[rule].subjects)},
                     {"records", counters.suppressed_by_list[rule]}});
  }
  json["leak_guard_redactions"] = counters.leak_guard_redactions;
  json["bytes"] = counters.bytes;
  Json& fields = json["fields"] = Json::array();
  for (size_t i = 0; i < counters.fields.size(); ++i) {
    Json field;
    if (i < plan.fields.size()) {
      field["field"] = plan.fields[i].path_text;
    } else {
      field["unclassified"] = true;
    }
    field["actions"] = NamedCounts(counters.fields[i], ActionName);
    fields.push_back(std::move(field));
  }
  return json;
}

ReleaseCounters ReleaseFromJson(const Plan& plan, size_t index,
                                const Json& json) {
  ReleaseCounters counters;
  counters.received = json.at("received").get<uint64_t>();
  counters.released = json.at("released").get<uint64_t>();
  counters.suppressed = json.at("suppressed").get<uint64_t>();
  counters.quarantined = json.at("quarantined").get<uint64_t>();
  ReadNamedCounts(json.at("suppressed_by"), SuppressionName,
                  &counters.suppressed_by);
  counters.suppressed_by_list.resize(plan.rights.size());
  const std::vector<int>& lists = plan.releases[index].rights;
  for (size_t i = 0; i < lists.size(); ++i) {
    counters.suppressed_by_list[static_cast<size_t>(lists[i])] =
        json.at("suppressed_by_list").at(i).at("records").get<uint64_t>();
  }
  counters.leak_guard_redactions =
      json.at("leak_guard_redactions").get<uint64_t>();
  counters.bytes = json.at("bytes").get<uint64_t>();
  counters.fields.resize(plan.fields.size() + 1);
  for (size_t i = 0; i < counters.fields.size(); ++i) {
    ReadNamedCounts(json.at("fields").at(i).at("actions"), ActionName,
                    &counters.fields[i]);
  }
  return counters;
}

}  // namespace

Json CountersToJson(const Plan& plan, const Counters& counters) {
  Json json;
  json["received"] = counters.received;
  json["received_bytes"] = counters.received_bytes;
  json["empty_lines"] = counters.empty_lines;
  json["quarantined_by"] = NamedCounts(counters.quarantined_by, QuarantineName);
  Json& missing_from = json["key_epoch_missing_from"];
  if (counters.key_epoch_missing_from.has_value()) {
    missing_from = UtcTimeText(*counters.key_epoch_missing_from);
  }
  Json& releases = json["releases"] = Json::array();
  for (size_t i = 0; i < counters.releases.size(); ++i) {
    releases.push_back(ReleaseToJson(plan, i, counters.releases[i]));
  }
  return json;
}

Counters CountersFromJson(const Plan& plan, const Json& json) {
  Counters counters;
  counters.received = json.at("received").get<uint64_t>();
  counters.received_bytes = json.at("received_bytes").get<uint64_t>();
  counters.empty_lines = json.at("empty_lines").get<uint64_t>();
  ReadNamedCounts(json.at("quarantined_by"), QuarantineName,
                  &counters.quarantined_by);
  const Json& missing_from = json.at("key_epoch_missing_from");
  if (!missing_from.is_null()) {
    counters.key_epoch_missing_from =
        ParseUtcTime(missing_from.get<std::string>());
  }
  for (size_t i = 0; i < plan.releases.size(); ++i) {
    counters.releases.push_back(
        ReleaseFromJson(plan, i, json.at("releases").at(i)));
  }
  return counters;
}

}  // namespace nymstream
