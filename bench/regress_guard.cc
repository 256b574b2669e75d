// Fails if the engine became much slower beside its parse limit: the ratios of
// goal 1, never a time. The best of some rounds counts, since a busy machine
// makes figures worse and never better. Fails also if the warm engine asks for
// memory at all.
#include <algorithm>
#include <cstdio>

#include "goal_cases.h"
#include "goal_thresholds.h"

namespace nymstream {
namespace {

constexpr size_t kBytes = 24 << 20;
constexpr int kRounds = 5;

bool Holds(const GoalThreshold& threshold) {
  GoalCase goal({.format = threshold.format}, threshold.releases, kBytes);
  double best = 0;
  for (int round = 0; round < kRounds; ++round) {
    best = std::max(best, goal.OfLimit());
  }
  const double allocations = goal.AllocationsPerRecord();
  const bool holds = best >= threshold.of_limit_min && allocations == 0;
  std::printf(
      "%s: %.*s: %.4f of the parse limit, at least %.4f; %g allocations a "
      "record, none allowed\n",
      holds ? "ok" : "FAILED", static_cast<int>(threshold.name.size()),
      threshold.name.data(), best, threshold.of_limit_min, allocations);
  return holds;
}

}  // namespace
}  // namespace nymstream

int main() {
  bool all = true;
  for (const auto& threshold : nymstream::kGoalThresholds) {
    all = nymstream::Holds(threshold) && all;
  }
  return all ? 0 : 1;
}
