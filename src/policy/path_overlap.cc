#include "policy/path_overlap.h"

#include <algorithm>
#include <cstddef>
#include <tuple>

#include "absl/strings/str_format.h"
#include "document/quote.h"

namespace nymstream {
namespace {

bool StepIsLess(const PathStep& left, const PathStep& right) {
  return std::tie(left.any_element, left.name) <
         std::tie(right.any_element, right.name);
}

// True if `inner` is `outer` or lies within it.
bool Holds(const FieldPath& outer, const FieldPath& inner) {
  return outer.size() <= inner.size() &&
         std::equal(outer.begin(), outer.end(), inner.begin());
}

bool StandsBefore(const PlacedPath& left, const PlacedPath& right) {
  return std::tie(left.position.line, left.position.column) <
         std::tie(right.position.line, right.position.column);
}

void Refuse(const PlacedPath& outer, const PlacedPath& inner,
            DocumentFindings* findings) {
  const bool in_order = StandsBefore(outer, inner);
  const PlacedPath& first = in_order ? outer : inner;
  const PlacedPath& second = in_order ? inner : outer;
  const std::string name = EscapeForMessage(FieldPathText(first.path));
  findings->AddError(
      second.position, second.key,
      outer.path == inner.path
          ? absl::StrFormat("the same field as %s in line %d", name,
                            first.position.line)
          : absl::StrFormat("overlaps with %s in line %d: one holds the other",
                            name, first.position.line),
      "keep one of them");
}

}  // namespace

void RefuseOverlaps(const std::vector<PlacedPath>& paths,
                    DocumentFindings* findings) {
  std::vector<const PlacedPath*> sorted;
  sorted.reserve(paths.size());
  for (const PlacedPath& path : paths) sorted.push_back(&path);
  // A path comes right before all that lies within it.
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const PlacedPath* left, const PlacedPath* right) {
                     return std::lexicographical_compare(
                         left->path.begin(), left->path.end(),
                         right->path.begin(), right->path.end(), StepIsLess);
                   });
  const PlacedPath* outer = nullptr;
  for (const PlacedPath* path : sorted) {
    if (outer != nullptr && Holds(outer->path, path->path)) {
      Refuse(*outer, *path, findings);
    } else {
      outer = path;
    }
  }
}

}  // namespace nymstream
