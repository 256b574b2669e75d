#include "policy/finding.h"

#include <utility>

#include "absl/strings/str_format.h"
#include "document/suggestion.h"

namespace nymstream {
namespace {

void AddFinding(Severity severity, Diagnostics* findings,
                const SourcePosition& position, std::string key,
                std::string what, std::string hint) {
  findings->push_back({.severity = severity,
                       .position = position,
                       .key = std::move(key),
                       .what = std::move(what),
                       .hint = std::move(hint)});
}

}  // namespace

void AddError(Diagnostics* findings, const SourcePosition& position,
              std::string key, std::string what, std::string hint) {
  AddFinding(Severity::kError, findings, position, std::move(key),
             std::move(what), std::move(hint));
}

void AddWarning(Diagnostics* findings, const SourcePosition& position,
                std::string key, std::string what, std::string hint) {
  AddFinding(Severity::kWarning, findings, position, std::move(key),
             std::move(what), std::move(hint));
}

std::string DidYouMean(std::string_view text,
                       const std::vector<std::string>& names) {
  const std::vector<std::string_view> views(names.begin(), names.end());
  const std::string_view nearest = NearestName(text, views);
  if (!nearest.empty()) return absl::StrFormat("did you mean '%s'?", nearest);
  std::string known;
  for (const std::string_view name : views) {
    if (!known.empty()) known += ", ";
    known += name;
  }
  return "there are " + known;
}

}  // namespace nymstream
