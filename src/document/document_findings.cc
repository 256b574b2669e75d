#include "document/document_findings.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace nymstream {
namespace {

bool StandsBefore(const Diagnostic& left, const Diagnostic& right) {
  return std::tie(left.position.line, left.position.column) <
         std::tie(right.position.line, right.position.column);
}

}  // namespace

void DocumentFindings::AddError(TextPosition position, std::string key,
                                std::string what, std::string hint) {
  if (full()) return;
  ++count_;
  errors_.push_back({.severity = Severity::kError,
                     .position = PositionOf(position),
                     .key = std::move(key),
                     .what = std::move(what),
                     .hint = std::move(hint)});
}

void DocumentFindings::MoveTo(Diagnostics* findings) {
  std::stable_sort(errors_.begin(), errors_.end(), StandsBefore);
  std::move(errors_.begin(), errors_.end(), std::back_inserter(*findings));
  errors_.clear();
  if (count_ < kFindingsMax) return;
  findings->push_back({.severity = Severity::kError,
                       .position = PositionOf({}),
                       .key = "",
                       .what = "too many mistakes to show them all",
                       .hint = "mend these first"});
}

}  // namespace nymstream
