#include "replay/checkpoint.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "base/absl_view.h"
#include "base/status_macros.h"
#include "replay/counters_json.h"

namespace nymstream {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;

Json PrefixToJson(const RawPrefix& prefix) {
  return {{"bytes", prefix.bytes}, {"sha256", prefix.sha256}};
}

RawPrefix PrefixFromJson(const Json& json) {
  return {json.at("bytes").get<uint64_t>(),
          json.at("sha256").get<std::string>()};
}

Json InputToJson(const CheckpointInput& input) {
  Json json = {{"name", input.name},
               {"stream", input.stream},
               {"size", input.identity.size},
               {"modified_ns", input.identity.modified_ns},
               {"device", input.identity.device},
               {"inode", input.identity.inode}};
  if (input.finished) json["finished"] = PrefixToJson(*input.finished);
  return json;
}

CheckpointInput InputFromJson(const Json& json) {
  CheckpointInput input;
  input.name = json.at("name").get<std::string>();
  input.stream = json.at("stream").get<bool>();
  input.identity = {
      json.at("size").get<uint64_t>(), json.at("modified_ns").get<int64_t>(),
      json.at("device").get<uint64_t>(), json.at("inode").get<uint64_t>()};
  if (json.contains("finished")) {
    input.finished = PrefixFromJson(json["finished"]);
  }
  return input;
}

Checkpoint FromJson(const Plan& plan, const Json& json) {
  Checkpoint checkpoint;
  checkpoint.version = json.at("version").get<std::string>();
  checkpoint.as_of = json.at("as_of").get<int64_t>();
  checkpoint.started = json.at("started").get<int64_t>();
  checkpoint.elapsed_ns = json.at("elapsed_ns").get<int64_t>();
  for (const Json& document : json.at("documents")) {
    checkpoint.documents.push_back({document.at("kind").get<std::string>(),
                                    document.at("name").get<std::string>(),
                                    document.at("sha256").get<std::string>()});
  }
  for (const Json& input : json.at("inputs")) {
    checkpoint.inputs.push_back(InputFromJson(input));
  }
  const Json& position = json.at("position");
  checkpoint.position = {position.at("input").get<uint64_t>(),
                         position.at("decoded").get<uint64_t>(),
                         PrefixFromJson(position.at("raw"))};
  for (const Json& output : json.at("outputs")) {
    checkpoint.outputs.push_back({output.at("name").get<std::string>(),
                                  output.at("bytes").get<uint64_t>()});
  }
  checkpoint.key_epochs = json.at("key_epochs").get<std::set<std::string>>();
  checkpoint.counters = CountersFromJson(plan, json.at("counters"));
  return checkpoint;
}

absl::Status Differs(std::string_view what) {
  return absl::FailedPreconditionError(absl::StrCat(
      "can't resume: ", ToAbsl(what),
      "; put back what was there, or begin again in a new folder"));
}

absl::Status CheckDocuments(const Checkpoint& found, const Checkpoint& fresh) {
  if (found.documents == fresh.documents) return absl::OkStatus();
  for (size_t i = 0; i < fresh.documents.size(); ++i) {
    const ReplayDocument& now = fresh.documents[i];
    if (i < found.documents.size() && found.documents[i] == now) continue;
    return Differs(absl::StrCat("the ", now.kind, now.name.empty() ? "" : " ",
                                now.name, " changed since the replay began"));
  }
  return Differs("a document is no longer there");
}

absl::Status CheckInputs(const Checkpoint& found, const Checkpoint& fresh) {
  if (found.inputs.size() != fresh.inputs.size()) {
    return Differs(absl::StrCat("there are ", fresh.inputs.size(),
                                " input files, and there were ",
                                found.inputs.size()));
  }
  for (size_t i = 0; i < fresh.inputs.size(); ++i) {
    const CheckpointInput& then = found.inputs[i];
    const CheckpointInput& now = fresh.inputs[i];
    if (then.name != now.name || then.stream != now.stream) {
      return Differs(absl::StrCat("the input ", now.name, " stands where ",
                                  then.name, " was"));
    }
    if (then.identity != now.identity) {
      return Differs(absl::StrCat("the input ", now.name,
                                  " changed since the replay began"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

std::string CheckpointText(const Plan& plan, const Checkpoint& checkpoint) {
  Json json;
  json["format"] = kFormat;
  json["version"] = checkpoint.version;
  json["as_of"] = checkpoint.as_of;
  json["started"] = checkpoint.started;
  json["elapsed_ns"] = checkpoint.elapsed_ns;
  Json& documents = json["documents"] = Json::array();
  for (const ReplayDocument& document : checkpoint.documents) {
    documents.push_back({{"kind", document.kind},
                         {"name", document.name},
                         {"sha256", document.sha256}});
  }
  Json& inputs = json["inputs"] = Json::array();
  for (const CheckpointInput& input : checkpoint.inputs) {
    inputs.push_back(InputToJson(input));
  }
  json["position"] = {{"input", checkpoint.position.input},
                      {"decoded", checkpoint.position.decoded},
                      {"raw", PrefixToJson(checkpoint.position.raw)}};
  Json& outputs = json["outputs"] = Json::array();
  for (const CheckpointOutput& output : checkpoint.outputs) {
    outputs.push_back({{"name", output.name}, {"bytes", output.bytes}});
  }
  json["key_epochs"] = checkpoint.key_epochs;
  json["counters"] = CountersToJson(plan, checkpoint.counters);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

absl::StatusOr<Checkpoint> ParseCheckpoint(const Plan& plan,
                                           std::string_view text,
                                           std::string_view path) {
  try {
    const Json json = Json::parse(text);
    if (json.at("format").get<int>() == kFormat) return FromJson(plan, json);
  } catch (const Json::exception&) {
    // Not ours, of another plan or another version: one remedy for all.
  }
  return absl::DataLossError(
      absl::StrCat(ToAbsl(path),
                   ": is no checkpoint of this pipeline and version; begin "
                   "again in a new folder"));
}

absl::Status CheckResumable(const Checkpoint& found, const Checkpoint& fresh) {
  if (found.version != fresh.version) {
    return Differs(absl::StrCat("the replay began with version ", found.version,
                                ", this is ", fresh.version));
  }
  if (found.as_of != fresh.as_of) {
    return Differs("--as-of is not the time the replay began with");
  }
  NYM_RETURN_IF_ERROR(CheckDocuments(found, fresh));
  NYM_RETURN_IF_ERROR(CheckInputs(found, fresh));
  bool same = found.outputs.size() == fresh.outputs.size();
  for (size_t i = 0; same && i < fresh.outputs.size(); ++i) {
    same = found.outputs[i].name == fresh.outputs[i].name;
  }
  if (!same) return Differs("the outputs have other names");
  return absl::OkStatus();
}

}  // namespace nymstream
