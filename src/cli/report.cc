#include "cli/report.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/absl_view.h"

namespace nymstream {

void Say(std::string_view message) {
  const std::string line = absl::StrFormat("nymstream: %s\n", message);
  std::fwrite(line.data(), 1, line.size(), stderr);
}

std::string Counted(uint64_t count, std::string_view noun) {
  return absl::StrFormat("%d %s%s", count, noun, count == 1 ? "" : "s");
}

Diagnostic FileFinding(const SourcePosition& named_at, const std::string& key,
                       const absl::Status& status) {
  // Refusals of a line in a file say "error:" after its place; said once is
  // enough.
  std::string what(ToStd(status.message()));
  constexpr std::string_view kPlaced = ": error: ";
  const size_t placed = what.find(kPlaced);
  if (placed != std::string::npos) what.replace(placed, kPlaced.size(), ": ");
  return {Severity::kError, named_at, key, std::move(what), ""};
}

void SayFindings(const Diagnostics& findings) {
  if (findings.empty()) return;
  for (const Diagnostic& finding : findings) Say(FormatDiagnostic(finding));
  const auto errors = static_cast<uint64_t>(std::count_if(
      findings.begin(), findings.end(), [](const Diagnostic& finding) {
        return finding.severity == Severity::kError;
      }));
  const uint64_t warnings = findings.size() - errors;
  std::string sum = Counted(errors, "error");
  if (warnings > 0) sum += ", " + Counted(warnings, "warning");
  if (errors == 0) sum = Counted(warnings, "warning");
  Say(errors == 0 ? sum : sum + "; not started");
}

}  // namespace nymstream
