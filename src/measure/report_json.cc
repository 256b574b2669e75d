#include <string>
#include <vector>

#include "measure/bench_report.h"
#include "nlohmann/json.hpp"

namespace nymstream {
namespace {

using Json = nlohmann::ordered_json;

Json ToJson(const Spread& spread) {
  return {{"min", spread.min}, {"median", spread.median}, {"max", spread.max}};
}

Json ToJson(const std::vector<BenchCost>& costs) {
  Json list = Json::array();
  for (const BenchCost& cost : costs) {
    Json entry = {{"name", cost.name}};
    if (!cost.detail.empty()) entry["detail"] = cost.detail;
    if (cost.measured) {
      entry["share_of_engine"] = ToJson(cost.share);
      entry["nanoseconds_per_record"] = cost.nanoseconds_per_record;
      entry["within_noise"] = cost.within_noise();
    }
    list.push_back(std::move(entry));
  }
  return list;
}

Json MachineJson(const BenchReport& report) {
  return {{"cpu", report.machine.cpu},
          {"cores", report.machine.cores},
          {"kernel", report.machine.kernel},
          {"load", report.machine.load}};
}

Json VersionsJson(const BenchReport& report) {
  return {{"nymstream", report.version},
          {"compiler", report.versions.compiler},
          {"simdjson", report.versions.simdjson},
          {"libsodium", report.versions.libsodium}};
}

Json InputJson(const BenchReport& report) {
  return {{"from", report.input},
          {"warm_up_bytes", report.warm_up_bytes},
          {"timed_bytes", report.timed_bytes},
          {"timed_records", report.timed_records},
          {"seen_before", report.seen_before},
          {"not_walked", report.not_walked}};
}

Json ReleasesJson(const BenchReport& report) {
  Json list = Json::array();
  for (const BenchRelease& release : report.releases) {
    list.push_back({{"name", release.name},
                    {"released", release.released},
                    {"suppressed", release.suppressed},
                    {"quarantined", release.quarantined},
                    {"bytes", release.bytes}});
  }
  return list;
}

Json StagesJson(const BenchReport& report) {
  Json list = Json::array();
  for (const BenchStage& stage : report.stages) {
    list.push_back(
        {{"name", stage.name},
         {"megabytes_per_cpu_second", ToJson(stage.megabytes_per_second)},
         {"nanoseconds_per_record", ToJson(stage.nanoseconds_per_record)},
         {"of_parse_limit", ToJson(stage.of_limit)}});
  }
  return list;
}

Json MomentsJson(const BenchReport& report) {
  Json list = Json::array();
  for (const BenchReport::Moment& moment : report.over_time) {
    list.push_back(
        {{"cpu_seconds", moment.seconds},
         {"megabytes_per_cpu_second", ToJson(moment.megabytes_per_second)}});
  }
  return list;
}

}  // namespace

std::string ReportAsJson(const BenchReport& report) {
  const Json json = {{"nymstream_bench", 1},
                     {"when", report.when},
                     {"versions", VersionsJson(report)},
                     {"machine", MachineJson(report)},
                     {"pipeline", report.pipeline},
                     {"policy", report.policy},
                     {"schema", report.schema},
                     {"leak_guard", report.leak_guard},
                     {"rounds", report.rounds},
                     {"passes", report.passes},
                     {"input", InputJson(report)},
                     {"notes", Caveats(report)},
                     {"releases", ReleasesJson(report)},
                     {"stages", StagesJson(report)},
                     {"guard", ToJson(report.guard)},
                     {"treatments", ToJson(report.treatments)},
                     {"fields", ToJson(report.fields)},
                     {"fields_absent", report.fields_absent},
                     {"over_time", MomentsJson(report)}};
  // Names come from documents and may hold any bytes.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace nymstream
