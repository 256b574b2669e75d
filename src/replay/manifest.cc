#include "replay/manifest.h"

#include <nlohmann/json.hpp>

#include "absl/time/time.h"
#include "base/status_macros.h"
#include "replay/counters_json.h"
#include "replay/fields_not_seen.h"

namespace nymstream {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;
// No field's: those end in a kind of value.
constexpr char kDigestDomain[] = "replay.input/sha256";

std::string TimeText(int64_t unix_seconds) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ",
                          absl::FromUnixSeconds(unix_seconds),
                          absl::UTCTimeZone());
}

}  // namespace

absl::StatusOr<std::optional<PseudonymKey>> InputDigestKey(
    const Keyring* keyring) {
  const int epoch =
      keyring == nullptr ? -1 : keyring->FindEpoch(kSubjectsSeries, 0);
  if (epoch < 0 || keyring->epochs()[static_cast<size_t>(epoch)].destroyed) {
    return std::nullopt;
  }
  NYM_ASSIGN_OR_RETURN(PseudonymKey key,
                       keyring->Derive(epoch, kSubjectsSeries, kDigestDomain));
  return key;
}

std::string ManifestText(const Plan& plan, const Checkpoint& end,
                         const std::optional<PseudonymKey>& digest_key) {
  Json json;
  json["manifest"] = kFormat;
  json["version"] = end.version;
  json["pipeline"] = plan.pipeline_name;
  json["policy"] = plan.policy_name;
  json["policy_document"] = plan.policy_document;
  json["schema"] = plan.schema_name;
  json["started"] = TimeText(end.started);
  json["duration_seconds"] = static_cast<double>(end.elapsed_ns) / 1e9;
  json["as_of"] = TimeText(end.as_of);
  Json& documents = json["documents"] = Json::array();
  for (const ReplayDocument& document : end.documents) {
    documents.push_back({{"kind", document.kind},
                         {"name", document.name},
                         {"sha256", document.sha256}});
  }
  Json& inputs = json["inputs"] = Json::array();
  for (const CheckpointInput& input : end.inputs) {
    const RawPrefix all = input.finished.value_or(RawPrefix());
    inputs.push_back({{"name", input.name}, {"bytes", all.bytes}});
    if (!digest_key.has_value()) continue;
    char token[kTokenChars];
    digest_key->Token(all.sha256, token);
    inputs.back()["keyed_sha256"] = std::string(token, kTokenChars);
  }
  Json& outputs = json["outputs"] = Json::array();
  for (const CheckpointOutput& output : end.outputs) {
    outputs.push_back({{"name", output.name}, {"bytes", output.bytes}});
  }
  json["key_epochs"] = end.key_epochs;
  Json& not_seen = json["fields_not_seen"] = Json::array();
  for (const size_t field : FieldsNotSeen(plan, end.counters)) {
    not_seen.push_back(plan.fields[field].path_text);
  }
  json["counters"] = CountersToJson(plan, end.counters);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace nymstream
