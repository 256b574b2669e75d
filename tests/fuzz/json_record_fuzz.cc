// Goal: whatever the bytes, the engine takes no line for JSON that is none and
// refuses none that is; what leaves is valid JSON with members of the schema
// only, the same however the input is cut; and an identifier of a record is not
// elsewhere in what leaves of it.
// Method: the bytes as NDJSON, beside nlohmann's parser; then as the last
// members of a record that holds a known identifier. The first byte says where.
#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "base/absl_view.h"
#include "fuzz/engine_oracle.h"
#include "nlohmann/json.hpp"
#include "support/engine_harness.h"

namespace nymstream {
namespace {

// Every type, in objects and arrays, under a dotted key.
constexpr char kSchema[] = R"yaml(
schema: fuzz
format: json
event_time: time
fields:
  time:             {category: system.operations, type: timestamp}
  address:          {category: user.device.ip_address, type: ip}
  hops:             {category: user.device.ip_address, type: ip_list}
  peer:             {category: user.device.ip_address, type: ip_port}
  account:          {category: user.account.username, type: id}
  '["d.id"]':       {category: user.device.device_id, type: id}
  adapter:          {category: user.device.device_id, type: mac}
  contact:          {category: user.contact.email, type: email}
  secret:           {category: user.authorization.credentials, type: credential}
  cookie:           {category: user.device.cookie, type: text}
  note:             {category: system.operations, type: text}
  uri:              {category: user.behavior.browsing_history, type: url, keep_parameters: [page]}
  agent:            {category: user.device, type: user_agent}
  host:             {category: system.operations, type: enum}
  scheme:           {category: system.operations, type: enum, values: [http, https]}
  status:           {category: system.operations, type: number}
  resumed:          {category: system.operations, type: boolean}
  city:             {category: user.location.imprecise, type: geo, granularity: city}
  age:              {category: user.demographic.age_range, type: age}
  inner:            {category: system.operations, type: json}
  request.uri:      {category: user.behavior.browsing_history, type: url}
  'headers.To[*]':  {category: user.behavior.browsing_history, type: url}
  'headers.For[*]': {category: user.device.ip_address, type: ip_list}
)yaml";

constexpr std::array kMembers = {
    "time",    "address", "hops",    "peer",   "account", "d.id",
    "adapter", "contact", "secret",  "cookie", "note",    "uri",
    "agent",   "host",    "scheme",  "status", "resumed", "city",
    "age",     "inner",   "request", "headers"};

constexpr char kPipeline[] = R"yaml(
pipeline: fuzz
schema: fuzz
policy: no-ip-2024
keys: {keyring: keyring}
limits: {record_bytes_max: 8KiB, depth_max: 8}
releases:
  - {name: inside, use: analytics, audience: internal, level: pseudonymized, epoch: P30D}
  - {name: partners, use: analytics, audience: third_party, level: unlinked_pseudonymized, epoch: P1D}
  - {name: published, use: analytics, audience: third_party, level: anonymized}
)yaml";

// A member that never leaves as it is, and what of it must not show.
struct Planted {
  std::string_view member;
  std::string_view value;
};
constexpr std::array kPlanted = {
    Planted{R"("account":"qzcanary81")", "qzcanary81"},
    Planted{R"("d.id":"qzcanary81")", "qzcanary81"},
    Planted{R"("address":"198.51.100.77")", "198.51.100.77"},
    Planted{R"("headers":{"For":["unknown, 198.51.100.77:4711"]})",
            "198.51.100.77"},
    Planted{R"("secret":"Bearer qzcanary81")", "qzcanary81"},
    Planted{R"("cookie":"a=b; sid=qzcanary81")", "qzcanary81"},
    Planted{R"("unknown":{"x":[1,"qzcanary81"]})", "qzcanary81"},
    Planted{R"("\u0061ccount":"\u0071zcanary81")", "qzcanary81"},
    Planted{R"("uri":"https://qzcanary81@example.com/")", "qzcanary81"},
};

constexpr char kTime[] = R"({"time":"2026-01-05T10:11:12Z",)";

// nlohmann refuses exponents beyond a double's: they are made harmless, byte by
// byte.
std::string Softened(std::string_view json) {
  std::string soft(json);
  for (size_t at = 0; at < soft.size(); ++at) {
    if ((soft[at] | 0x20) != 'e') continue;
    while (at + 1 < soft.size() &&
           (std::isdigit(static_cast<unsigned char>(soft[at + 1])) != 0 ||
            soft[at + 1] == '+' || soft[at + 1] == '-')) {
      ++at;
      if (soft[at] > '0') soft[at] = '0';
    }
  }
  return soft;
}

// nlohmann skips a byte order mark, ends at NUL, and refuses a number with more
// digits than a double has.
bool IsComparable(std::string_view json) {
  size_t digits = 0;
  for (const char c : json) {
    digits = std::isdigit(static_cast<unsigned char>(c)) != 0 ? digits + 1 : 0;
    if (digits > 300 || c == '\0') return false;
  }
  return !json.starts_with("\xEF");
}

void CheckVerdicts(std::string_view text, const ReleasedBatch& released) {
  for (const std::string_view line : LinesOf(text)) {
    if (!IsComparable(line)) continue;
    const auto offset = static_cast<uint64_t>(line.data() - text.data());
    const auto receipts = released.receipts();
    const auto receipt =
        std::find_if(receipts.begin(), receipts.end(),
                     [&](const Receipt& r) { return r.offset == offset; });
    const bool blank = line.find_first_not_of(" \t\r\n") == line.npos;
    if (blank) {
      Check(receipt == receipts.end());
      continue;
    }
    const bool valid = nlohmann::json::accept(Softened(line));
    if (receipt == receipts.end()) {
      Check(valid);
      continue;
    }
    switch (receipt->reason) {
      case QuarantineReason::kNotJson:
      case QuarantineReason::kNotUtf8:
        Check(!valid);
        break;
      case QuarantineReason::kTooLarge:
      case QuarantineReason::kTooDeep:
        break;
      default:
        Check(valid);
    }
  }
}

// What leaves, as nlohmann reads it; `value` may be empty. A guarded number is
// one that equals a withheld value, so only texts must not hold it as a part.
void CheckReleases(const ReleasedBatch& released, std::string_view value) {
  // Sees both members of a name that stands twice, as the parsed object
  // doesn't.
  const auto visit = [&](int depth, nlohmann::json::parse_event_t event,
                         const nlohmann::json& json) {
    if (event == nlohmann::json::parse_event_t::key && depth == 1) {
      Check(std::find(kMembers.begin(), kMembers.end(),
                      json.get<std::string>()) != kMembers.end());
    }
    if (json.is_string() && !value.empty()) {
      Check(!Shows(json.get<std::string>(), value));
    }
    return true;
  };
  for (int i = 0; i < released.releases(); ++i) {
    for (const std::string_view line : LinesOf(released.bytes(i))) {
      if (!IsComparable(line)) continue;
      Check(nlohmann::json::parse(Softened(line), visit, false).is_object());
      if (!value.empty()) Check(!Shows(line, value));
    }
  }
}

}  // namespace
}  // namespace nymstream

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nymstream;
  static EnginePair& engines = *new EnginePair(
      MakePlan(kPipeline, ShippedText("policies/no-ip-2024"), kSchema));
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1,
                               size - 1);
  const ReleasedBatch& alone = engines.Run(bytes);
  CheckVerdicts(bytes, alone);
  CheckReleases(alone, "");
  // One line, so that every record holds the identifier.
  if (bytes.find('\n') != bytes.npos) return 0;
  const Planted& planted = kPlanted[data[0] % kPlanted.size()];
  const std::string record =
      absl::StrCat(kTime, ToAbsl(planted.member), ",", ToAbsl(bytes), "}");
  const ReleasedBatch& mixed = engines.Run(record);
  CheckVerdicts(record, mixed);
  CheckReleases(mixed, planted.value);
  return 0;
}
