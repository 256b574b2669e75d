// What the regress guard lets pass: about half of what was measured when the
// table was last set. Set it anew when the engine gets faster.
#ifndef NYMSTREAM_BENCH_GOAL_THRESHOLDS_H_
#define NYMSTREAM_BENCH_GOAL_THRESHOLDS_H_

#include <array>
#include <string_view>

#include "generate/log_generator.h"

namespace nymstream {

struct GoalThreshold {
  std::string_view name;
  GeneratedFormat format;
  int releases;
  double of_limit_min;  // the engine's bytes per second, of the parse limit's
};

inline constexpr std::array<GoalThreshold, 4> kGoalThresholds = {{
    {"nginx JSON, one release", GeneratedFormat::kNginxJson, 1, 0.07},
    {"nginx JSON, two releases", GeneratedFormat::kNginxJson, 2, 0.055},
    {"Caddy JSON, one release", GeneratedFormat::kCaddy, 1, 0.07},
    {"combined lines, one release", GeneratedFormat::kCombined, 1, 0.015},
}};

}  // namespace nymstream

#endif  // NYMSTREAM_BENCH_GOAL_THRESHOLDS_H_
