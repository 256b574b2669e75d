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

Json MachineJson(const BenchFacts& report) {
  return {{"cpu", report.machine.cpu},
          {"cores", report.machine.cores},
          {"kernel", report.machine.kernel},
          {"load", report.machine.load}};
}

Json VersionsJson(const BenchFacts& report) {
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

Json ReleasesJson(const BenchFacts& report) {
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

// What every report begins with.
Json FactsJson(const BenchFacts& report,
               const std::vector<std::string>& caveats) {
  return {{"nymstream_bench", 1},
          {"when", report.when},
          {"versions", VersionsJson(report)},
          {"machine", MachineJson(report)},
          {"pipeline", report.pipeline},
          {"policy", report.policy},
          {"schema", report.schema},
          {"leak_guard", report.leak_guard},
          {"rounds", report.rounds},
          {"notes", caveats},
          {"releases", ReleasesJson(report)}};
}

Json ToJson(const KafkaMover& mover) {
  Json moments = Json::array();
  for (const KafkaMover::Moment& moment : mover.over_time) {
    moments.push_back(
        {{"seconds", moment.seconds},
         {"megabytes_per_second", ToJson(moment.megabytes_per_second)}});
  }
  return {{"seconds", ToJson(mover.seconds)},
          {"megabytes_per_second", ToJson(mover.megabytes_per_second)},
          {"records_per_second", ToJson(mover.records_per_second)},
          {"cpu_seconds_per_gigabyte", ToJson(mover.cpu_seconds_per_gigabyte)},
          {"peak_mebibytes", ToJson(mover.peak_mebibytes)},
          {"over_time", std::move(moments)}};
}

// Names come from documents and may hold any bytes.
std::string Written(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string ReportAsJson(const BenchReport& report) {
  Json json = FactsJson(report, Caveats(report));
  json["passes"] = report.passes;
  json["input"] = InputJson(report);
  json["stages"] = StagesJson(report);
  json["guard"] = ToJson(report.guard);
  json["treatments"] = ToJson(report.treatments);
  json["fields"] = ToJson(report.fields);
  json["fields_absent"] = report.fields_absent;
  json["over_time"] = MomentsJson(report);
  return Written(json);
}

std::string ReportAsJson(const KafkaBenchReport& report) {
  Json json = FactsJson(report, Caveats(report));
  json["versions"]["librdkafka"] = report.librdkafka;
  json["input"] = {{"from", report.input},
                   {"records", report.records},
                   {"bytes", report.bytes},
                   {"partitions", report.partitions}};
  json["lanes"] = report.lanes;
  json["passthrough"] = ToJson(report.passthrough);
  json["stage"] = ToJson(report.stage);
  json["of_passthrough"] = {{"throughput", ToJson(report.of_passthrough_speed)},
                            {"cpu", ToJson(report.of_passthrough_cpu)}};
  return Written(json);
}

}  // namespace nymstream
