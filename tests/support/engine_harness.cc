#include "support/engine_harness.h"

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/absl_view.h"
#include "policy/compiler.h"
#include "policy/documents.h"

namespace nymstream {
namespace {

constexpr int64_t kDaySeconds = 86400;
constexpr int64_t kFirstDay = 1767225600;  // 2026-01-01

[[noreturn]] void Fail(const std::string& what) {
  std::fputs(absl::StrCat(what, "\n").c_str(), stderr);
  std::abort();
}

template <typename Document>
Document Parsed(std::optional<Document> document, const Diagnostics& findings) {
  for (const Diagnostic& finding : findings) {
    if (finding.severity == Severity::kError) Fail(FormatDiagnostic(finding));
  }
  if (!document.has_value()) Fail("a document did not parse");
  return *std::move(document);
}

std::string DayText(int64_t unix_seconds) {
  const auto time = static_cast<time_t>(unix_seconds);
  struct tm civil {};
  gmtime_r(&time, &civil);
  return absl::StrFormat("%04d-%02d-%02dT00:00:00Z", civil.tm_year + 1900,
                         civil.tm_mon + 1, civil.tm_mday);
}

// 64 hexadecimal digits that differ for each `number`; no real secret.
std::string Secret(uint64_t number) {
  std::string hex;
  for (int i = 0; i < 4; ++i) {
    number = (number + 0x9E3779B97F4A7C15U) * 0xBF58476D1CE4E5B9U;
    number ^= number >> 29;
    hex += absl::StrFormat("%016x", number);
  }
  return hex;
}

// An epoch id for each `number`.
std::string EpochId(uint64_t number) {
  std::string id = "aaaaaa";
  for (size_t i = id.size(); number > 0; number /= 26) {
    id[--i] = static_cast<char>('a' + number % 26);
  }
  return id;
}

}  // namespace

std::string ShippedText(std::string_view name) {
  const std::string path =
      absl::StrFormat("%s/config/%s.yaml", NYMSTREAM_SOURCE_DIR, name);
  std::ifstream file(path);
  if (!file) Fail("cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::shared_ptr<const Keyring> MakeKeyring(int64_t first_day, int days,
                                           int seed, bool destroyed) {
  std::string text = "nymstream-keyring 1\n";
  uint64_t number = static_cast<uint64_t>(seed) * 1'000'000;
  const auto add = [&](std::string_view series, const std::string& from,
                       const std::string& until, bool gone) {
    ++number;
    absl::StrAppend(&text, ToAbsl(series), " ", EpochId(number), " ", from, " ",
                    until, " ", gone ? "destroyed" : Secret(number), "\n");
  };
  const int64_t end = first_day + days * kDaySeconds;
  for (const auto& [series, length] :
       {std::pair("P1D", 1), std::pair("P7D", 7), std::pair("P30D", 30)}) {
    for (int64_t day = first_day; day < end; day += length * kDaySeconds) {
      add(series, DayText(day), DayText(day + length * kDaySeconds),
          destroyed && length == 1 && day == first_day);
    }
  }
  add("subjects", "-", "-", false);
  auto keyring = Keyring::Parse(text, "keyring");
  if (!keyring.ok()) Fail(std::string(keyring.status().message()));
  return *std::move(keyring);
}

std::shared_ptr<const Keyring> TestKeyring() {
  return MakeKeyring(kFirstDay, 31);
}

std::shared_ptr<const Plan> MakePlan(std::string_view pipeline,
                                     std::string_view policy,
                                     std::string_view schema) {
  Diagnostics findings;
  auto parsed_pipeline = ParsePipeline(pipeline, "pipeline.yaml", &findings);
  auto parsed_policy = ParsePolicy(policy, "policy.yaml", &findings);
  auto parsed_schema = ParseLogSchema(schema, "schema.yaml", &findings);
  const Pipeline p = Parsed(std::move(parsed_pipeline), findings);
  const Policy q = Parsed(std::move(parsed_policy), findings);
  const LogSchema s = Parsed(std::move(parsed_schema), findings);
  auto plan = CompilePlan(p, q, s, &findings);
  Parsed(plan == nullptr ? std::nullopt : std::optional<bool>(true), findings);
  return plan;
}

EngineHarness::EngineHarness(std::shared_ptr<const Plan> plan,
                             DeidentifierOptions options) {
  if (options.keyring == nullptr) options.keyring = TestKeyring();
  if (options.as_of == 0) options.as_of = kTestDay + kDaySeconds;
  auto made = Deidentifier::Create(std::move(plan), std::move(options));
  if (!made.ok()) Fail(std::string(made.status().message()));
  deidentifier_ = *std::move(made);
}

Outcome EngineHarness::Run(std::string_view input) {
  raw_.Clear();
  raw_.source = "test";
  raw_.Add(input, 0);
  deidentifier_->Process(raw_, &released_);
  Outcome outcome;
  for (int i = 0; i < released_.releases(); ++i)
    outcome.releases.emplace_back(released_.bytes(i));
  outcome.receipts.assign(released_.receipts().begin(),
                          released_.receipts().end());
  outcome.counters = released_.counters();
  return outcome;
}

std::string EngineHarness::One(std::string_view record) {
  std::string bytes = Run(record).releases.front();
  if (bytes.ends_with('\n')) bytes.pop_back();
  return bytes;
}

}  // namespace nymstream
