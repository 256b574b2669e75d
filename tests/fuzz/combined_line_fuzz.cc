// Goal: whatever the bytes, what leaves as a combined line is one again, what
// leaves as JSON is JSON, both the same however the input is cut; and an
// identifier of a line is not elsewhere in what leaves of it.
// Method: the bytes as lines; then as the end of a line that holds a known
// identifier, its request, referer and agent. The first byte says where.
#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <cstdlib>
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

constexpr char kPipeline[] = R"yaml(
pipeline: fuzz
schema: combined
policy: no-ip-2024
keys: {keyring: keyring}
limits: {record_bytes_max: 8KiB}
releases:
  - {name: inside, use: analytics, audience: internal, level: pseudonymized, epoch: P30D}
  - {name: partners, use: analytics, audience: third_party, level: unlinked_pseudonymized, epoch: P1D, as: json}
  - {name: published, use: analytics, audience: third_party, level: anonymized}
)yaml";
constexpr std::array kAsJson = {false, true, false};

// Beginning of a line, and what of it must not show.
struct Planted {
  std::string_view line;
  std::string_view value;
};
constexpr std::array kPlanted = {
    Planted{"198.51.100.77 - -", "198.51.100.77"},
    Planted{"::ffff:198.51.100.77 - -", "198.51.100.77"},
    Planted{"192.0.2.1 qzcanary81 -", "qzcanary81"},
    Planted{"192.0.2.1 - qzcanary81", "qzcanary81"},
    Planted{"192.0.2.1 - \\x71zcanary81", "qzcanary81"},
};

constexpr char kTime[] = " [05/Jan/2026:10:11:12 +0000] ";

bool IsHex(char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; }

// The line with \xHH, \" and \\ undone.
std::string Unescaped(std::string_view line) {
  std::string out;
  for (size_t at = 0; at < line.size(); ++at) {
    const std::string_view rest = line.substr(at);
    if (rest.size() >= 4 && rest.starts_with("\\x") && IsHex(rest[2]) &&
        IsHex(rest[3])) {
      const std::string digits(rest.substr(2, 2));
      out += static_cast<char>(std::strtoul(digits.c_str(), nullptr, 16));
      at += 3;
    } else if (rest.starts_with("\\\\") || rest.starts_with("\\\"")) {
      out += line[++at];
    } else {
      out += line[at];
    }
  }
  return out;
}

// The line with Q for every quoted string; empty if one has no end.
std::string QuotesMasked(std::string_view line) {
  std::string masked;
  bool inside = false;
  for (size_t at = 0; at < line.size(); ++at) {
    if (inside && line[at] == '\\') {
      ++at;
    } else if (line[at] == '"') {
      inside = !inside;
      if (inside) masked += 'Q';
    } else if (!inside) {
      masked += line[at];
    }
  }
  return inside ? "" : masked;
}

// Takes a number or a dash, and a space if one follows.
bool TakeNumber(std::string_view* rest) {
  const std::string_view word = rest->substr(0, rest->find(' '));
  rest->remove_prefix(std::min(word.size() + 1, rest->size()));
  return word == "-" ||
         (!word.empty() && word.find_first_not_of("0123456789") == word.npos);
}

// host ident user [time] "request" status bytes, and then nothing or "referer"
// "agent".
bool IsCombined(std::string_view line) {
  for (const char c : line) {
    if (static_cast<unsigned char>(c) < 0x20) return false;
  }
  const std::string masked = QuotesMasked(line);
  std::string_view rest = masked;
  for (int word = 0; word < 3; ++word) {
    const size_t size = rest.find(' ');
    if (size == 0 || size == rest.npos) return false;
    rest.remove_prefix(size + 1);
  }
  const size_t time_end = rest.find("] Q ");
  if (!rest.starts_with("[") || time_end == rest.npos) return false;
  rest.remove_prefix(time_end + 4);
  return TakeNumber(&rest) && TakeNumber(&rest) &&
         (rest.empty() || rest == "Q Q");
}

void CheckReleases(const ReleasedBatch& released, std::string_view value) {
  for (int i = 0; i < released.releases(); ++i) {
    for (const std::string_view ended : LinesOf(released.bytes(i))) {
      const std::string_view line = ended.substr(0, ended.size() - 1);
      std::string plain;
      if (kAsJson[static_cast<size_t>(i)]) {
        const auto json = nlohmann::json::parse(line, nullptr, false);
        Check(json.is_object() && json.size() <= 9);
        for (const auto& member : json) {
          Check(!member.is_structured());
          if (member.is_string()) plain += member.get<std::string>() + '\n';
        }
      } else {
        Check(IsCombined(line));
        plain = Unescaped(line);
      }
      if (value.empty()) continue;
      Check(!Shows(line, value));
      Check(!Shows(plain, value));
    }
  }
}

void CheckLines(std::string_view text, std::string_view value,
                EnginePair* engines) {
  const ReleasedBatch& released = engines->Run(text);
  CheckReleases(released, value);
  std::string lines;
  for (int i = 0; i < released.releases(); ++i) {
    if (!kAsJson[static_cast<size_t>(i)]) lines += released.bytes(i);
  }
  // The engine reads them again, too.
  Check(engines->Run(lines).receipts().empty());
}

}  // namespace
}  // namespace nymstream

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nymstream;
  static EnginePair& engines =
      *new EnginePair(MakePlan(kPipeline, ShippedText("policies/no-ip-2024"),
                               ShippedText("schemas/combined")));
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1,
                               size - 1);
  CheckLines(bytes, "", &engines);
  // One line, so that every record holds the identifier.
  if (bytes.find('\n') != bytes.npos) return 0;
  const Planted& planted = kPlanted[data[0] % kPlanted.size()];
  CheckLines(absl::StrCat(ToAbsl(planted.line), kTime, ToAbsl(bytes)),
             planted.value, &engines);
  return 0;
}
