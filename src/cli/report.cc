#include "cli/report.h"

#include <algorithm>
#include <cstdio>
#include <string>

#include "absl/strings/str_format.h"

namespace nymstream {
namespace {

std::string Counted(int64_t count, std::string_view noun) {
  return absl::StrFormat("%d %s%s", count, noun, count == 1 ? "" : "s");
}

}  // namespace

void Say(std::string_view message) {
  const std::string line = absl::StrFormat("nymstream: %s\n", message);
  std::fwrite(line.data(), 1, line.size(), stderr);
}

void SayFindings(const Diagnostics& findings) {
  if (findings.empty()) return;
  for (const Diagnostic& finding : findings) Say(FormatDiagnostic(finding));
  const int64_t errors = std::count_if(
      findings.begin(), findings.end(), [](const Diagnostic& finding) {
        return finding.severity == Severity::kError;
      });
  const int64_t warnings = static_cast<int64_t>(findings.size()) - errors;
  std::string sum = Counted(errors, "error");
  if (warnings > 0) sum += ", " + Counted(warnings, "warning");
  if (errors == 0) sum = Counted(warnings, "warning");
  Say(errors == 0 ? sum : sum + "; not started");
}

}  // namespace nymstream
