#include "unit/kafka/sim_scheduler.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "base/check.h"

namespace nymstream {

void SimScheduler::At(SimTime time, std::function<void()> event) {
  events_.emplace(DueAt(std::max(time, now_)), std::move(event));
}

void SimScheduler::Spawn(std::function<void()> body) {
  sleepers_.emplace(DueAt(now_), std::make_unique<Fiber>(std::move(body)));
}

void SimScheduler::Sleep(SimTime duration) {
  NYM_CHECK(running_ != nullptr);
  wake_ = now_ + duration;
  running_->Suspend();
}

bool SimScheduler::Step(SimTime until) {
  const bool event_first =
      !events_.empty() &&
      (sleepers_.empty() || events_.begin()->first < sleepers_.begin()->first);
  if (!event_first && sleepers_.empty()) {
    now_ = until;
    return false;
  }
  const SimTime due = event_first ? events_.begin()->first.first
                                  : sleepers_.begin()->first.first;
  if (due >= until) {
    now_ = until;
    return false;
  }
  now_ = due;
  if (event_first) {
    const std::function<void()> event = std::move(events_.begin()->second);
    events_.erase(events_.begin());
    event();
    return true;
  }
  auto node = sleepers_.extract(sleepers_.begin());
  running_ = node.mapped().get();
  running_->Resume();
  running_ = nullptr;
  if (node.mapped()->done()) return true;
  node.key() = DueAt(wake_);
  sleepers_.insert(std::move(node));
  return true;
}

void SimScheduler::Trace(const std::string& line) const {
  if (trace_) {
    std::fprintf(stderr, "%10.3f  %s\n", static_cast<double>(now_) / kSimMs,
                 line.c_str());
  }
}

}  // namespace nymstream
